// The pages of a service that exists; of one that does not, that it does not, once for all of them.
'use client'
import type { ReactNode } from 'react'
import { TextLink } from '@/components/frame/link'
import { Empty } from '@/components/ui/states'
import { describeFailure } from '@/data/failure'
import { routes } from '@/lib/routes'
import { useServiceHead } from './useService'

export function useIsUnknown(service: string): boolean {
  const { data, error } = useServiceHead(service)
  return data === undefined && error !== null && describeFailure(error).code === 'not_found'
}

export function KnownService({ service, children }: Readonly<{ service: string; children: ReactNode }>) {
  const { error } = useServiceHead(service)
  const isUnknown = useIsUnknown(service)
  if (!isUnknown) return children
  return (
    <Empty title="No such service" actions={<TextLink href={routes.services}>All services</TextLink>}>
      {describeFailure(error).message}
    </Empty>
  )
}

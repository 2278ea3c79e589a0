// The routes of a service as a page of their own: worst first, each leading to its own page.
'use client'
import { TableSkeleton } from '@/components/ui/skeleton'
import { PanelError } from '@/components/ui/states'
import { OpaqueRouting } from './opaqueRouting'
import { RoutesTable } from './routesTable'
import { useService } from './useService'

export function RoutesTab({ service }: Readonly<{ service: string }>) {
  const query = useService(service)
  if (query.data === undefined)
    return query.isError ? (
      <PanelError what="The routes" error={query.error} onRetry={() => void query.refetch()} />
    ) : (
      <TableSkeleton />
    )
  const { routes, objective, range, protocol } = query.data
  if (protocol === 'tcp') return <OpaqueRouting data={query.data} />
  return <RoutesTable service={service} routes={routes} objective={objective} range={range} />
}

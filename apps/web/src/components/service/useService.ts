// One service as its pages read it: one aggregate call, shared by the header and every tab.
'use client'
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { useRange } from '@/components/frame/useRange'
import { useTRPC } from '@/trpc/client'

export function useService(service: string) {
  const trpc = useTRPC()
  const range = useRange()
  return useQuery(
    trpc.services.get.queryOptions({ service: service, range: range.input }, { placeholderData: keepPreviousData }),
  )
}

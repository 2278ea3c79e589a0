// One service as its pages read it: the head, which stands above every tab, and what the tabs with its numbers show, in one
// aggregate call.
'use client'
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { useRange } from '@/components/frame/useRange'
import { useTRPC } from '@/trpc/client'

export function useServiceHead(service: string) {
  const trpc = useTRPC()
  const range = useRange()
  return useQuery(
    trpc.services.head.queryOptions({ service, range: range.input }, { placeholderData: keepPreviousData }),
  )
}

export function useService(service: string) {
  const trpc = useTRPC()
  const range = useRange()
  return useQuery(
    trpc.services.get.queryOptions({ service, range: range.input }, { placeholderData: keepPreviousData }),
  )
}

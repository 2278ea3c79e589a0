// May the reader do this? Undefined until it is known; the API enforces it in any case.
'use client'
import type { Action } from '@heddle/shared/can'
import { useQuery } from '@tanstack/react-query'
import type { Permission } from '@/components/ui/permission'
import { useTRPC } from '@/trpc/client'

export function usePermission(action: Action): Permission | undefined {
  const trpc = useTRPC()
  return useQuery(trpc.session.me.queryOptions(undefined, { staleTime: 60_000 })).data?.permissions[action]
}

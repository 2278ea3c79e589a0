// Taking a change back, as a change of its own.
'use client'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { showDone, showFailure } from '@/components/ui/notices'
import { describeFailure } from '@/data/failure'
import { formatRevision } from '@/data/numbers'
import { useTRPC } from '@/trpc/client'

/** `onUndone` gets the revision that took it back. */
export function useUndo(onUndone: (revision: number) => void) {
  const trpc = useTRPC()
  const queries = useQueryClient()
  return useMutation(
    trpc.changes.revert.mutationOptions({
      onSuccess: async (result, { revision }) => {
        onUndone(result.revision)
        showDone(`${formatRevision(revision)} is reverted, as ${formatRevision(result.revision)}`)
        await queries.invalidateQueries()
      },
      onError: (error) => showFailure(describeFailure(error).message),
    }),
  )
}

/** Whether what a change left is still there, so that it can be undone; undefined: not known yet. */
export function useIsAsApplied(revision: number): boolean | undefined {
  const trpc = useTRPC()
  const detail = useQuery(trpc.changes.get.queryOptions({ revision }, { retry: false }))
  return detail.data === undefined
    ? undefined
    : (detail.data.revert?.items.every(({ conflict }) => conflict === null) ?? false)
}

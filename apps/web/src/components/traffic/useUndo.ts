// Taking a change back, as a change of its own.
'use client'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { showDone, showFailure } from '@/components/ui/toasts'
import { describeFailure } from '@/data/failure'
import { formatRevision } from '@/data/numbers'
import { useTRPC } from '@/trpc/client'

export function useUndo(onUndone: () => void) {
  const trpc = useTRPC()
  const queries = useQueryClient()
  return useMutation(
    trpc.changes.revert.mutationOptions({
      onSuccess: async (result, { revision }) => {
        onUndone()
        showDone(`${formatRevision(revision)} is reverted, as ${formatRevision(result.revision)}`)
        await queries.invalidateQueries()
      },
      onError: (error) => showFailure(describeFailure(error).message),
    }),
  )
}

// One act on people or tokens: done in words, lists read anew, a refusal kept for whoever shows it.
'use client'
import { type UseMutationOptions, useMutation, useQueryClient } from '@tanstack/react-query'
import { showDone, showFailure } from '@/components/ui/toasts'
import { describeFailure } from '@/data/failure'

/** `done` null: the answer itself shows that it is done. `onDone` closes the dialog, which otherwise shows the error. */
export function useSettingsAct<Output, Failure, Input>(
  options: UseMutationOptions<Output, Failure, Input>,
  done: ((input: Input) => string) | null,
  onDone?: (output: Output, input: Input) => void,
) {
  const queries = useQueryClient()
  return useMutation({
    ...options,
    onSuccess: async (output, input) => {
      if (done !== null) showDone(done(input))
      onDone?.(output, input)
      await queries.invalidateQueries()
    },
    onError: (error) => {
      if (onDone === undefined) showFailure(describeFailure(error).message)
    },
  })
}

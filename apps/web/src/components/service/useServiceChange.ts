// A change of a service's settings from its review to its end: applied, refused because somebody was faster, taken back.
'use client'
import type { Service } from '@heddle/shared/resources/service'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { useUndo } from '@/components/traffic/useUndo'
import { showApplied, showDone } from '@/components/ui/toasts'
import { describeFailure, type FailureData } from '@/data/failure'
import { useTRPC } from '@/trpc/client'

export interface ReviewedService {
  before: Service | null
  /** null: it is deleted. */
  after: Service | null
}
export interface ServiceConflict extends ReviewedService {
  message: string
  data: FailureData | null
  theirs: Service | null
  at: number
}

/** `onDone`: with the name of the service; `isGone`: it was deleted. */
export function useServiceChange(onDone: (name: string, isGone: boolean) => void) {
  const trpc = useTRPC()
  const queries = useQueryClient()
  const [reviewed, setReviewed] = useState<ReviewedService | null>(null)
  const [conflict, setConflict] = useState<ServiceConflict | null>(null)
  const undo = useUndo(() => undefined)
  const name = reviewed?.after?.metadata.name ?? reviewed?.before?.metadata.name ?? ''

  const refused = async (error: unknown) => {
    const failure = describeFailure(error)
    if (reviewed === null || failure.code !== 'stale') return
    const { serviceSchema } = await import('@heddle/shared/resources/service')
    const theirs = serviceSchema.safeParse(failure.data?.current).data ?? null
    setConflict({ ...reviewed, message: failure.message, data: failure.data, theirs, at: Date.now() })
    setReviewed(null)
  }
  const save = useMutation(
    trpc.services.save.mutationOptions({
      onSuccess: ({ revision }) => {
        const verb = reviewed?.before === null ? 'Made' : 'Changed'
        if (revision === null) showDone('Nothing to change: the settings are these already')
        else showApplied(`${verb} the service ${name}`, () => undo.mutate({ revision }), revision)
        setReviewed(null)
        void queries.invalidateQueries()
        onDone(name, false)
      },
      onError: refused,
    }),
  )
  const remove = useMutation(
    trpc.services.remove.mutationOptions({
      onSuccess: () => {
        showDone(`Deleted the service ${name}. It can be put back under Changes.`)
        setReviewed(null)
        onDone(name, true)
        void queries.invalidateQueries()
      },
      onError: refused,
    }),
  )
  const review = (next: ReviewedService) => {
    save.reset()
    remove.reset()
    setReviewed(next)
  }
  const error = save.error ?? remove.error
  return {
    reviewed,
    conflict,
    review,
    close: () => setReviewed(null),
    apply: () => {
      if (reviewed === null) return
      const { before, after } = reviewed
      const resourceVersion = before?.metadata.resourceVersion ?? null
      if (after !== null) save.mutate({ resource: after, resourceVersion })
      else if (before !== null && resourceVersion !== null)
        remove.mutate({ name: before.metadata.name, resourceVersion })
    },
    isApplying: save.isPending || remove.isPending,
    error: error !== null && describeFailure(error).code !== 'stale' ? error : null,
    /** The same settings on top of what is stored now. */
    reviewMine: () => {
      if (conflict === null) return
      setConflict(null)
      review({ before: conflict.theirs, after: conflict.after })
    },
    discardMine: () => {
      setConflict(null)
      void queries.invalidateQueries()
    },
  }
}
export type ServiceChange = ReturnType<typeof useServiceChange>

// Review, apply, and what may come of it: applied, refused because somebody was faster, or failed.
'use client'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { describeFailure } from '@/data/failure'
import { type DraftBackend, onTopOf, remaining, storedDraft, weightsOf } from '@/data/splitDraft'
import type { TrafficBackend, TrafficRule } from '@/server/schemas/traffic'
import { useTRPC } from '@/trpc/client'
import type { Conflict } from './conflictDialog'

export interface Applied {
  revision: number
  /** Weights, and the shares that they became. */
  before: readonly number[]
  after: readonly number[]
}

interface Options {
  rule: TrafficRule
  onApplied: (applied: Applied) => void
  /** The refused split comes back as a draft on top of the newest. */
  onConflictReviewed: (draft: DraftBackend[]) => void
  onDiscard: () => void
}

/** What was under the reader's eyes when the review opened: a tick that brings a newer one must not hide a conflict. */
interface Seen {
  resourceVersion: string
  backends: readonly TrafficBackend[]
}

export function useApply({ rule, onApplied, onConflictReviewed, onDiscard }: Options) {
  const trpc = useTRPC()
  const queries = useQueryClient()
  const [reviewing, setReviewing] = useState<readonly DraftBackend[] | null>(null)
  const [conflict, setConflict] = useState<Conflict | null>(null)
  const [seen, setSeen] = useState<Seen | null>(null)

  const mutation = useMutation(
    trpc.traffic.setWeights.mutationOptions({
      onSuccess: async (result) => {
        setReviewing(null)
        // What the change does is watched at once; the draft stays until what is stored has been read again.
        if (result.revision !== null && reviewing !== null && seen !== null)
          onApplied({
            revision: result.revision,
            before: seen.backends.map(({ weight }) => weight),
            after: remaining(reviewing).map(({ share }) => share),
          })
        await queries.invalidateQueries({ queryKey: trpc.traffic.get.queryKey() })
        onDiscard()
      },
      onError: (error) => {
        const failure = describeFailure(error)
        if (failure.code !== 'stale' || reviewing === null || seen === null) return
        setConflict({
          data: failure.data,
          message: failure.message,
          before: storedDraft(seen.backends),
          mine: reviewing,
          at: Date.now(),
        })
        setReviewing(null)
        void queries.invalidateQueries({ queryKey: trpc.traffic.get.queryKey() })
      },
    }),
  )

  const review = (draft: readonly DraftBackend[] | null) => {
    mutation.reset()
    setReviewing(draft)
    setSeen(draft === null ? null : { resourceVersion: rule.resourceVersion, backends: rule.backends })
  }
  const apply = () => {
    if (reviewing === null || seen === null) return
    const { resourceVersion } = seen
    mutation.mutate({ route: rule.route, rule: rule.rule, resourceVersion, ...weightsOf(reviewing) })
  }
  const isNewerHere = conflict !== null && seen !== null && rule.resourceVersion !== seen.resourceVersion
  return {
    reviewing,
    review,
    apply,
    isApplying: mutation.isPending,
    error: mutation.isError && describeFailure(mutation.error).code !== 'stale' ? mutation.error : null,
    conflict,
    theirs: isNewerHere ? storedDraft(rule.backends) : null,
    reviewMine: () => {
      if (conflict === null) return
      const mine = onTopOf(conflict.mine, rule.backends)
      setConflict(null)
      onConflictReviewed(mine)
      review(mine)
    },
    discardMine: () => {
      setConflict(null)
      setSeen(null)
      onDiscard()
    },
  }
}

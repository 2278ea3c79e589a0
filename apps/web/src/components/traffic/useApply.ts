// Review, apply, and what may come of it: applied, refused because somebody was faster, or failed.
'use client'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { describeFailure } from '@/data/failure'
import type { TrafficRule } from '@/server/schemas/traffic'
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
  /** The stored weights. */
  now: readonly number[]
  onApplied: (applied: Applied) => void
  /** The refused shares come back as a draft on top of the newest. */
  onConflictReviewed: (shares: number[]) => void
  onDiscard: () => void
}

export function useApply({ rule, now, onApplied, onConflictReviewed, onDiscard }: Options) {
  const trpc = useTRPC()
  const queries = useQueryClient()
  const [reviewing, setReviewing] = useState<readonly number[] | null>(null)
  const [conflict, setConflict] = useState<Conflict | null>(null)
  // The version under the reader's eyes when the review opened: a tick that brings a newer one must not hide a conflict.
  const [seen, setSeen] = useState<{ resourceVersion: string; now: readonly number[] } | null>(null)

  const mutation = useMutation(
    trpc.traffic.setWeights.mutationOptions({
      onSuccess: async (result) => {
        const before = seen?.now ?? now
        const after = reviewing ?? now
        setReviewing(null)
        await queries.invalidateQueries({ queryKey: trpc.traffic.get.queryKey() })
        if (result.revision !== null) onApplied({ revision: result.revision, before, after })
        else onDiscard()
      },
      onError: (error) => {
        const failure = describeFailure(error)
        if (failure.code !== 'stale' || reviewing === null) return
        setConflict({
          data: failure.data,
          message: failure.message,
          before: seen?.now ?? now,
          mine: reviewing,
          at: Date.now(),
        })
        setReviewing(null)
        void queries.invalidateQueries({ queryKey: trpc.traffic.get.queryKey() })
      },
    }),
  )

  const review = (shares: readonly number[] | null) => {
    mutation.reset()
    setReviewing(shares)
    setSeen(shares === null ? null : { resourceVersion: rule.resourceVersion, now })
  }
  const apply = () => {
    if (reviewing === null || seen === null) return
    mutation.mutate({
      route: rule.route,
      rule: rule.rule,
      weights: rule.backends.map((backend, i) => ({ backend: backend.name, weight: reviewing[i] ?? 0 })),
      resourceVersion: seen.resourceVersion,
    })
  }
  const isNewerHere = conflict !== null && seen !== null && rule.resourceVersion !== seen.resourceVersion
  return {
    reviewing,
    review,
    apply,
    isApplying: mutation.isPending,
    error: mutation.isError && describeFailure(mutation.error).code !== 'stale' ? mutation.error : null,
    conflict,
    theirs: isNewerHere ? now : null,
    reviewMine: () => {
      if (conflict === null) return
      const mine = [...conflict.mine]
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

// A change of a route from its proposal to its end: reviewed, applied, refused because somebody was faster, taken
// back. The proposal is a function of the route, so that it can be made again on top of the other person's change.
'use client'
import type { Route, RouteKind } from '@heddle/shared/resources/anyRoute'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { type ReactNode, useState } from 'react'
import { useUndo } from '@/components/traffic/useUndo'
import { showApplied, showDone, showFailure } from '@/components/ui/toasts'
import { describeFailure, type FailureData } from '@/data/failure'
import type { RouteEdit } from '@/data/routeEdit'
import { useTRPC } from '@/trpc/client'

export interface Proposal {
  kind: RouteKind
  /** Of the route. */
  name: string
  /** The route that the edit was begun on; null: there was none. */
  base: Route | null
  edit: RouteEdit
  title: string
  /** Of the route as it would be. */
  sentence: (after: Route | null) => ReactNode
  /** On the button: "Apply this route". */
  act: string
  /** It takes something away, and looks it. */
  isDeletion?: true
  /** In the toast: "Added catalog/beta". */
  done: string
}
export interface Reviewed extends Proposal {
  before: Route | null
  after: Route | null
}
export interface RouteConflict {
  reviewed: Reviewed
  message: string
  data: FailureData | null
  theirs: Route | null
  at: number
}

/** Asked for when a route is changed, which most visits do not. */
const loadSchema = () => import('@heddle/shared/resources/route')

/** `onApplied` gets the revision of what was applied, and of what took it back. */
export function useRouteChange(onDone: () => void, onApplied: (revision: number) => void) {
  const trpc = useTRPC()
  const queries = useQueryClient()
  const [reviewed, setReviewed] = useState<Reviewed | null>(null)
  const [conflict, setConflict] = useState<RouteConflict | null>(null)
  const undo = useUndo(onApplied)

  const finish = (revision: number | null, warnings: readonly string[]) => {
    const text = reviewed?.done ?? 'Applied'
    setReviewed(null)
    void queries.invalidateQueries({ queryKey: trpc.traffic.pathKey() })
    if (revision === null) showDone('Nothing to change: the route says this already')
    else {
      onApplied(revision)
      showApplied(
        warnings[0] === undefined ? text : `${text}; ${warnings[0]}`,
        () => undo.mutate({ revision }),
        revision,
      )
    }
    onDone()
  }
  const refused = async (error: unknown) => {
    const failure = describeFailure(error)
    if (reviewed === null || failure.code !== 'stale') return
    const { routeSchema } = await loadSchema()
    const theirs = routeSchema.safeParse(failure.data?.current).data ?? null
    setConflict({ reviewed, message: failure.message, data: failure.data, theirs, at: Date.now() })
    setReviewed(null)
  }
  const save = useMutation(
    trpc.traffic.saveRoute.mutationOptions({
      onSuccess: ({ revision, warnings }) => finish(revision, warnings),
      onError: refused,
    }),
  )
  const remove = useMutation(
    trpc.traffic.removeRoute.mutationOptions({ onSuccess: ({ revision }) => finish(revision, []), onError: refused }),
  )
  const propose = (proposal: Proposal) => {
    save.reset()
    remove.reset()
    setReviewed({ ...proposal, before: proposal.base, after: proposal.edit(proposal.base) })
  }
  const error = save.error ?? remove.error
  return {
    reviewed,
    conflict,
    propose,
    /** Reads the route as it is now; null: there is none (any more). */
    read: async (kind: RouteKind, name: string): Promise<Route | null> => {
      try {
        const options = trpc.config.get.queryOptions({ kind, name }, { staleTime: 0, retry: false })
        const { resources } = await queries.fetchQuery(options)
        const { routeSchema } = await loadSchema()
        return routeSchema.parse(resources[0])
      } catch (failed) {
        const failure = describeFailure(failed)
        if (failure.code !== 'not_found') showFailure(failure.message)
        return null
      }
    },
    close: () => setReviewed(null),
    apply: () => {
      if (reviewed === null) return
      const resourceVersion = reviewed.before?.metadata.resourceVersion ?? null
      if (reviewed.after !== null) save.mutate({ route: reviewed.after, resourceVersion })
      else if (resourceVersion !== null) remove.mutate({ kind: reviewed.kind, name: reviewed.name, resourceVersion })
      else setReviewed(null)
    },
    isApplying: save.isPending || remove.isPending,
    error: error !== null && describeFailure(error).code !== 'stale' ? error : null,
    reviewMine: () => {
      if (conflict === null) return
      const { reviewed: mine, theirs } = conflict
      setConflict(null)
      propose({ ...mine, base: theirs })
    },
    discardMine: () => {
      setConflict(null)
      void queries.invalidateQueries({ queryKey: trpc.traffic.pathKey() })
      onDone()
    },
  }
}
export type RouteChange = ReturnType<typeof useRouteChange>

// From when on a service, or a version of it, can have been called at all: an hour asked of one that joined three minutes
// ago is three minutes of calls, not a twentieth of its volume. Pure.
import type { Instance } from '@heddle/db'
import { BUCKET_MS, type ReadRange } from './range.ts'

/** Calls that were counted, in stretches of `lengthMs` from their `at` on. */
export interface Counted {
  rows: readonly { at: number; requests: number }[]
  lengthMs: number
}

/**
 * Start of the bucket in which the first of `instances` (all that are remembered, also those that are gone) joined; null
 * where the range begins later, or where something was counted before: the registry forgets instances (72 h after they
 * are gone), the metrics do not.
 */
export function joinedWithin(
  { from, to }: Pick<ReadRange, 'from' | 'to'>,
  instances: readonly Pick<Instance, 'firstSeenAt'>[],
  counted: readonly Counted[] = [],
): number | null {
  if (instances.length === 0) return null
  const first = Math.min(...instances.map(({ firstSeenAt }) => firstSeenAt))
  const joined = Math.floor(first / BUCKET_MS) * BUCKET_MS
  if (joined <= from || joined >= to) return null
  const wasCalled = counted.some(({ rows, lengthMs }) =>
    rows.some(({ at, requests }) => requests > 0 && at + lengthMs <= joined),
  )
  return wasCalled ? null : joined
}

/** A mesh takes about so long to come up: what joined with it is as old as everything else on the page. */
const WITH_THE_MESH_MS = 60_000

/** `joinedAt` where a page has to say so; `since`: the first data there is (see spanOf). */
export function saidToJoin(joinedAt: number | null, since: number | null): number | null {
  return joinedAt !== null && since !== null && joinedAt - since < WITH_THE_MESH_MS ? null : joinedAt
}

/** The later of two beginnings; null: none is known. */
export function laterOf(a: number | null, b: number | null): number | null {
  return a === null ? b : b === null ? a : Math.max(a, b)
}

// The share of a rule's calls that each version got: before a change, and since. Pure.
import type { RouteRow } from '@heddle/shared/wire/metrics'
import type { At } from '../metrics/liveWindow.ts'
import { BUCKET_MS, type ReadRange, wholeSteps } from '../metrics/range.ts'

/** Calls in whole buckets after a change below which those of its own bucket count too: a share of three calls is none. */
const LEAST_CALLS = 20

type Counted = At<Pick<RouteRow, 'version' | 'requests'>>

/** Percent by version; empty without calls. */
export function sharesByVersion(rows: readonly Counted[]): ReadonlyMap<string, number> {
  const calls = new Map<string, number>()
  for (const { version, requests } of rows) calls.set(version, (calls.get(version) ?? 0) + requests)
  const all = total(rows)
  return new Map([...calls].flatMap(([version, own]) => (all === 0 ? [] : [[version, (100 * own) / all]])))
}

/** The same for each step of a range, also for a last one that still fills. */
export function sharesByStep(rows: readonly Counted[], range: ReadRange): ReadonlyMap<string, number>[] {
  const steps = Array.from({ length: wholeSteps(range) }, (): Counted[] => [])
  for (const row of rows) steps[Math.floor((row.at - range.from) / range.stepMs)]?.push(row)
  return steps.map(sharesByVersion)
}

/**
 * The calls that tell what a change at `changedAt` did: those of the buckets that began after it, also of the one that
 * still fills, since a share does not depend on its length. Until there are enough, those of the change's own bucket too:
 * what was before it is in there, so that the share is on its way.
 */
export function callsSince<Row extends Counted>(rows: readonly Row[], changedAt: number): Row[] {
  const after = rows.filter(({ at }) => at >= changedAt)
  return total(after) >= LEAST_CALLS ? after : rows.filter(({ at }) => at + BUCKET_MS > changedAt)
}

function total(rows: readonly Counted[]): number {
  return rows.reduce((sum, { requests }) => sum + requests, 0)
}

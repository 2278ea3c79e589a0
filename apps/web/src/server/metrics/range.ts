// Which stretch of time a page reads, and in which steps. Pure: the time comes in.
import type { Range } from '../schemas/numbers.ts'

export const BUCKET_MS = 10_000
/** Proxies report every 5 s: a bucket is complete once its end is this old. */
export const REPORT_DELAY_MS = 6_000
/** A chart has about 600 pixels: more points than that only cost. */
const MAX_POINTS = 600
/** How far back each table reaches (docs: DESIGN, Metrics), with a minute of margin for the drop of a partition. */
const KEPT_10S_MS = 6 * 3_600_000 - 60_000
const KEPT_1M_MS = 14 * 24 * 3_600_000 - 60_000
const STEPS_MS = [10_000, 60_000, 300_000, 3_600_000, 21_600_000, 86_400_000] as const
export type StepMs = (typeof STEPS_MS)[number]

/** `from` is a multiple of `stepMs`; `to` of the resolution that is kept, so that the last step may be incomplete. */
export interface ReadRange {
  from: number
  to: number
  stepMs: number
}

/** The finest resolution in which something that old is still kept. */
export function keptResolution(ageMs: number): 10_000 | 60_000 | 3_600_000 {
  return ageMs <= KEPT_10S_MS ? 10_000 : ageMs <= KEPT_1M_MS ? 60_000 : 3_600_000
}

/** The finest step that keeps a chart of `spanMs` at 600 points or less, and whose table still holds `from`. */
export function stepFor(spanMs: number, from: number, now: number): StepMs {
  const wanted = Math.max(keptResolution(now - from), spanMs / MAX_POINTS)
  return STEPS_MS.find((step) => step >= wanted) ?? 86_400_000
}

/** End of the newest bucket that every proxy has had the time to report. */
export function newestEnd(now: number): number {
  return Math.floor((now - REPORT_DELAY_MS) / BUCKET_MS) * BUCKET_MS
}

/** Milliseconds until that end moves on: more than 0, at most a bucket. */
export function nextEndInMs(now: number): number {
  return newestEnd(now) + BUCKET_MS + REPORT_DELAY_MS - now
}

/** `stepMs` fixes the step (sparklines) as far as it is kept; else it follows from the span. Fixed ends in the future end now. */
export function resolveRange(range: Range, now: number, stepMs?: number): ReadRange {
  const newest = newestEnd(now)
  const kept = keptResolution(now - ('lastMs' in range ? newest : range.from))
  const to = 'lastMs' in range ? newest : Math.min(newest, Math.ceil(range.to / kept) * kept)
  const wantedFrom = 'lastMs' in range ? to - range.lastMs : Math.min(range.from, to - BUCKET_MS)
  const step =
    stepMs === undefined
      ? stepFor(to - wantedFrom, wantedFrom, now)
      : Math.max(stepMs, keptResolution(now - wantedFrom))
  return { from: Math.floor(wantedFrom / step) * step, to, stepMs: step }
}

/** Number of whole steps: an incomplete last one would make every chart dip at its right edge. */
export function wholeSteps({ from, to, stepMs }: ReadRange): number {
  return Math.max(0, Math.floor((to - from) / stepMs))
}

/**
 * Milliseconds of a range in which there can be data, to divide by: a mesh that is younger than the range (`since`: its
 * first data; null: none yet) has not been silent before. A range from before all data keeps its length.
 */
export function spanOf({ from, to }: Pick<ReadRange, 'from' | 'to'>, since: number | null): number {
  return since === null || since >= to ? to - from : to - Math.max(from, since)
}

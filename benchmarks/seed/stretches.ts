// Time, cut into buckets: the finest resolution that is still kept at each moment. Pure.

import { RESOLUTIONS_MS, type ResolutionMs } from '@heddle/db'
import { KEPT_MS } from '@heddle/db/metrics/tables'

/** A stretch of time that is counted bucket by bucket. */
export interface Stretch {
  from: number
  to: number
  resolution: ResolutionMs
}

const HOUR_MS = 3_600_000
const ceil = (at: number, unit: number) => Math.ceil(at / unit) * unit

/** From `from` to `end`, oldest first; each begins on a whole hour, but for the first. */
export function stretchesOf(from: number, end: number): Stretch[] {
  const beginOf = (resolution: ResolutionMs) => Math.max(from, ceil(end - KEPT_MS[resolution], HOUR_MS))
  const [fine, middle] = [beginOf(10_000), beginOf(60_000)]
  const cut = (begin: number, to: number, resolution: ResolutionMs): Stretch[] =>
    begin < to ? [{ from: begin, to, resolution }] : []
  return [...cut(from, middle, 3_600_000), ...cut(middle, fine, 60_000), ...cut(fine, end, 10_000)]
}

/** Resolutions as wide as `resolution` and wider. */
export const fromResolution = (resolution: ResolutionMs): ResolutionMs[] =>
  RESOLUTIONS_MS.filter((other) => other >= resolution)

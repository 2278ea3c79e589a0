// The whole past, bucket by bucket: counted once in the finest resolution that is kept, and added up for the wider ones,
// so that all tables tell the same.
import type { ResolutionMs } from '@heddle/db'
import { seededRandom } from '@heddle/testkit/random'
import { seedOf } from './draw.ts'
import type { TrafficPlan } from './plan.ts'
import { type WriteRow, writePatterns, writeRows } from './rows.ts'
import { fromResolution, stretchesOf } from './stretches.ts'
import { Counted, countCalls } from './traffic.ts'

export interface CountOptions {
  plan: TrafficPlan
  seed: number
  from: number
  /** A multiple of 10 s. */
  to: number
  controlId: string
  write: WriteRow
}

/** Call patterns are kept as long as minutes. */
const PATTERNS_MS = 14 * 86_400_000

/** Yields the time up to which all is written, after every bucket: the caller may wait there. */
export function* countPast({ plan, seed, from, to, controlId, write }: CountOptions): Generator<number> {
  const sums = new Map<ResolutionMs, Counted>(fromResolution(10_000).map((resolution) => [resolution, new Counted()]))
  for (const stretch of stretchesOf(from, to)) {
    const resolutions = fromResolution(stretch.resolution)
    for (let at = stretch.from; at < stretch.to; at += stretch.resolution) {
      const [finest] = resolutions
      const counted = finest === undefined ? undefined : sums.get(finest)
      if (finest === undefined || counted === undefined) continue
      const random = seededRandom(seedOf(seed, 4, finest, at))
      countCalls(plan, random, { at, lengthMs: stretch.resolution, end: to }, counted)
      const next = at + stretch.resolution
      for (const [i, resolution] of resolutions.entries()) {
        const isFull = next % resolution === 0 || next === to
        const sum = sums.get(resolution)
        if (!isFull || sum === undefined) break
        const begin = Math.floor((next - 1) / resolution) * resolution
        writeRows({ plan, counted: sum, resolution, at: begin, controlId }, write)
        if (resolution === 3_600_000 && begin > to - PATTERNS_MS)
          writePatterns({ plan, counted: sum, at: begin, controlId }, write)
        const wider = resolutions[i + 1]
        if (wider !== undefined) sum.addTo(sums.get(wider) ?? new Counted())
        sum.clear()
      }
      yield next
    }
  }
}

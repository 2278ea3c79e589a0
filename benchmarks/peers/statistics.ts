// From measured values to a ratio that can be trusted, and to how far it can. Pure.

/** How sure an interval is meant to be of holding the true median. */
export const CONFIDENCE = 0.95

export interface Interval {
  low: number
  high: number
  /** Chance that an interval made like this one holds the true median; below CONFIDENCE where there were too few values. */
  coverage: number
}

/** A ratio of ours to theirs: below 1, ours is less. */
export interface Ratio extends Interval {
  median: number
  blocks: number
}

/** One block of interleaved runs: what each of the two arms showed in it. */
export interface PairedBlock {
  ours: readonly number[]
  theirs: readonly number[]
}

/** The middle one, or the mean of the two middle ones; NaN of none. */
export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b)
  const upper = sorted[sorted.length >> 1] ?? Number.NaN
  return sorted.length % 2 === 1 ? upper : (upper + (sorted[(sorted.length >> 1) - 1] ?? Number.NaN)) / 2
}

/** The nearest rank of values in ascending order: one that was measured. NaN of none. */
export function quantileOfSorted(sorted: ArrayLike<number>, q: number): number {
  return sorted[Math.max(0, Math.ceil(q * sorted.length) - 1)] ?? Number.NaN
}

/**
 * The narrowest interval between two of the values, as many from the top as from the bottom, that holds the median with
 * CONFIDENCE; the whole range where they are too few. It assumes nothing about how the values are distributed: each is
 * as likely above the true median as below it, so that their number below it is binomial.
 */
export function medianInterval(values: readonly number[]): Interval {
  const sorted = values.toSorted((a, b) => a - b)
  const n = sorted.length
  if (n === 0) return { low: Number.NaN, high: Number.NaN, coverage: 0 }
  // Of the chance that at most `left` values lie on one side of the median.
  let term = 2 ** -n
  let tail = term
  let left = 0
  for (;;) {
    const nextTerm = (term * (n - left)) / (left + 1)
    if (1 - 2 * (tail + nextTerm) < CONFIDENCE || 2 * (left + 1) >= n) break
    left++
    term = nextTerm
    tail += term
  }
  return {
    low: sorted[left] ?? Number.NaN,
    high: sorted[n - 1 - left] ?? Number.NaN,
    coverage: Math.max(0, 1 - 2 * tail),
  }
}

const geometricMean = (values: readonly number[]): number =>
  Math.exp(values.reduce((sum, value) => sum + Math.log(value), 0) / values.length)

/** One ratio for each block, so that what drifts from block to block touches both of its sides; then their median. */
export function pairedRatio(blocks: readonly PairedBlock[]): Ratio {
  const ratios = blocks.map(({ ours, theirs }) => geometricMean(ours) / geometricMean(theirs))
  return { median: median(ratios), ...medianInterval(ratios), blocks: ratios.length }
}

/** Of one arm measured against itself: how far from 1 a ratio must be before it says anything, as a share (0.03 = 3 %). */
export function noiseFloorOf({ low, high }: Ratio): number {
  return Math.max(Math.abs(high - 1), Math.abs(1 / low - 1))
}

export type Verdict = 'met' | 'MISSED' | 'too close to tell'

/** A target is met or missed only where the whole interval is on one side of it. */
export function verdictOf({ low, high }: Interval, most: number): Verdict {
  if (high <= most) return 'met'
  return low > most ? 'MISSED' : 'too close to tell'
}

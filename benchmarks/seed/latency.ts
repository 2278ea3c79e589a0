// Latencies as histograms: drawn one by one where there are few, by expectation where there are many. Pure.
import { HISTOGRAM_SIZE, upperBoundMs } from '@heddle/shared/histogram'
import type { Random } from './draw.ts'

/** Share of calls up to and with each bucket. */
export type Distribution = Float64Array

/** Logarithms of latencies are normally distributed around that of `medianMs`. */
export function logNormal(medianMs: number, spread: number): Distribution {
  const shares = new Float64Array(HISTOGRAM_SIZE)
  for (let i = 0; i < HISTOGRAM_SIZE; i++) shares[i] = normalShare(Math.log(upperBoundMs(i) / medianMs) / spread)
  shares[HISTOGRAM_SIZE - 1] = 1
  return shares
}

/** Share of a normal distribution below `x` (Abramowitz and Stegun 26.2.17, to 7 digits). */
function normalShare(x: number): number {
  const t = 1 / (1 + 0.2316419 * Math.abs(x))
  const poly = t * (0.31938153 + t * (-0.356563782 + t * (1.781477937 + t * (-1.821255978 + t * 1.330274429))))
  const tail = (Math.exp((-x * x) / 2) / Math.sqrt(2 * Math.PI)) * poly
  return x > 0 ? 1 - tail : tail
}

/** Above so many, drawing each costs more than it tells. */
const FEW = 60

/** `n` latencies: `record` gets buckets and how many are in each. */
export function drawLatencies(
  random: Random,
  n: number,
  distribution: Distribution,
  record: (bucket: number, count: number) => void,
): void {
  let left = n
  if (n > FEW) {
    const last = HISTOGRAM_SIZE - 1
    for (let i = firstAbove(distribution, 0.2 / n); i <= last && left > 0; i++) {
      const below = i === 0 ? 0 : (distribution[i - 1] ?? 0)
      if (1 - below < 0.2 / n) break
      const expected = n * ((distribution[i] ?? 1) - below)
      const drawn = Math.min(left, Math.floor(expected + random()))
      if (drawn > 0) record(i, drawn)
      left -= drawn
    }
  }
  for (; left > 0; left--) record(firstAbove(distribution, random()), 1)
}

/** The first bucket whose share is above `share`. */
function firstAbove(distribution: Distribution, share: number): number {
  let low = 0
  let high = HISTOGRAM_SIZE - 1
  while (low < high) {
    const middle = (low + high) >> 1
    if ((distribution[middle] ?? 1) > share) high = middle
    else low = middle + 1
  }
  return low
}

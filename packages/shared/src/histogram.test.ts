import { seededRandom } from '@heddle/testkit/random'
import { expect, test } from 'vitest'
import { bucketOf, HISTOGRAM_SIZE, Histogram, mergeHistograms, upperBoundMs } from './histogram.ts'

// Every latency lies within the bounds of its bucket, so that no quantile is off by more than a bucket.
test('a latency falls between the bounds of its bucket', () => {
  const random = seededRandom(1)
  for (let i = 0; i < 10_000; i++) {
    const latencyMs = 0.1 * 600_000 ** random()
    const bucket = bucketOf(latencyMs)
    expect(upperBoundMs(bucket)).toBeGreaterThanOrEqual(latencyMs * (1 - 1e-12))
    if (bucket > 0) expect(upperBoundMs(bucket - 1)).toBeLessThan(latencyMs * (1 + 1e-12))
  }
})

// Out of range, zero and nonsense go to the ends and never outside the array.
test('what is out of range goes to the ends', () => {
  for (const low of [0, -1, 0.05, Number.NaN]) expect(bucketOf(low)).toBe(0)
  for (const high of [60_000, 1e9, Number.POSITIVE_INFINITY]) expect(bucketOf(high)).toBe(HISTOGRAM_SIZE - 1)
})

// A quantile is within 2.2 % of the exact one.
test('quantiles are within the promised error', () => {
  const random = seededRandom(2)
  const values = Array.from({ length: 5_000 }, () => 0.2 + 400 * random() ** 3).sort((a, b) => a - b)
  const histogram = new Histogram()
  for (const value of values) histogram.record(value)
  for (const q of [0.5, 0.9, 0.95, 0.99, 0.999]) {
    const exact = values[Math.ceil(q * values.length) - 1] ?? 0
    expect(Math.abs((histogram.quantile(q) ?? 0) - exact) / exact).toBeLessThan(0.022)
  }
})

// Merging is adding: the parts give what the whole gives, in any order.
test('merged parts equal the whole', () => {
  const random = seededRandom(3)
  const whole = new Histogram()
  const parts = Array.from({ length: 7 }, () => new Histogram())
  for (let i = 0; i < 3_000; i++) {
    const latencyMs = 100 * random()
    whole.record(latencyMs)
    parts[i % 7]?.record(latencyMs)
  }
  const merged = mergeHistograms(parts.map((part) => part.toSparse()).reverse())
  expect(merged.toSparse()).toEqual(whole.toSparse())
  expect(merged.total).toBe(3_000)
})

test('an empty histogram has no quantile', () => {
  expect(new Histogram().quantile(0.5)).toBeNull()
})

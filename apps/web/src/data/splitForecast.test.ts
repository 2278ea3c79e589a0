import { expect, test } from 'vitest'
import { canaryOf, forecast, rolledBack, warningsOf } from './splitForecast.ts'

function backend(name: string, percent: number, requests: number, failures: number, ready = 1) {
  return Object.freeze({
    name,
    percent,
    instances: Object.freeze({ ready, all: 1 }),
    golden: Object.freeze({
      requests,
      failures,
      requestsPerSecond: requests / 900,
      successRate: requests === 0 ? null : ((requests - failures) / requests) * 100,
      latencyMs: { p50: 1, p95: 2, p99: 3 },
    }),
  })
}
const v1 = backend('catalog-v1', 90, 48_627, 9)
const v2 = backend('catalog-v2', 10, 5_431, 103)

// The forecast is the mix of the measured rates at the proposed shares.
test('rates are mixed by the proposed shares', () => {
  const result = forecast(Object.freeze([v1, v2]), Object.freeze([70, 30]))
  expect(result.success.next).toBeCloseTo(99.42, 1)
  expect(result.volume[1]).toBeCloseTo(18.0, 1)
  expect(result.failedPerMinute.next ?? 0).toBeCloseTo(21, 0)
})

// What was never measured is not guessed.
test('no forecast for a backend without traffic', () => {
  const fresh = backend('catalog-v2', 0, 0, 0)
  expect(forecast([v1, fresh], [90, 10]).success.next).toBeNull()
  expect(forecast([v1, fresh], [100, 0]).success.next).not.toBeNull()
})

// A worse version is named with the difference and its sample; chance alone is not.
test('only a measurable difference warns', () => {
  const [first] = warningsOf([v1, v2], [85, 15], 99.5, '15 min')
  expect(first?.strong).toBe('catalog-v2: success 98.10 % is below catalog-v1 by 1.88 points')
  expect(first?.rest).toContain('n = 5,431')
  const lucky = backend('catalog-v2', 10, 50, 1)
  expect(warningsOf([v1, lucky], [85, 15], 99.5, '15 min')).toEqual([])
})

// Nobody ready, and a big step at once, are said; returning to the version that has most is not a jump.
test('empty backends and jumps', () => {
  const dead = backend('catalog-v2', 0, 0, 0, 0)
  const texts = warningsOf([v1, dead], [50, 50], 99.5, '15 min').map((warning) => warning.strong)
  expect(texts).toEqual(['catalog-v2 has no ready instance.', 'catalog-v2 goes from 0 to 50 % at once.'])
  expect(warningsOf([backend('a', 70, 900, 0), backend('b', 30, 900, 0)], [100, 0], 99.5, '15 min')).toEqual([])
})

// A roll-back takes the last backend to nothing, also when it had everything.
test('roll back', () => {
  expect(canaryOf([90, 10])).toBe(1)
  expect(canaryOf([100, 0])).toBe(1)
  expect(rolledBack([90, 10], 1)).toEqual([100, 0])
  expect(rolledBack([0, 100], 1)).toEqual([100, 0])
  expect(rolledBack([60, 20, 20], 2)).toEqual([75, 25, 0])
})

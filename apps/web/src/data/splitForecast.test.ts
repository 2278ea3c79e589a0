import { expect, test } from 'vitest'
import { alikeOf, canaryOf, forecast, p99Between, rolledBack, tooFewOf, warningsOf } from './splitForecast.ts'

function golden(requests: number, failures: number) {
  return Object.freeze({
    requests,
    failures,
    requestsPerSecond: requests / 900,
    successRate: requests === 0 ? null : ((requests - failures) / requests) * 100,
    latencyMs: { p50: 1, p95: 2, p99: 3 },
  })
}
function backend(name: string, percent: number, requests: number, failures: number, ready = 1) {
  return Object.freeze({
    name,
    version: name.split('-').at(-1) ?? null,
    weight: percent,
    percent,
    isDistinct: true,
    rateSinceChange: null,
    instances: Object.freeze({ ready, all: 1 }),
    golden: golden(requests, failures),
  })
}
const v1 = backend('catalog-v1', 90, 48_627, 9)
const v2 = backend('catalog-v2', 10, 5_431, 103)
const whole = golden(54_058, 112)

// The forecast is the mix of the measured rates at the proposed shares.
test('rates are mixed by the proposed shares', () => {
  const result = forecast(Object.freeze([v1, v2]), whole, Object.freeze([70, 30]))
  expect(result.success.next).toBeCloseTo(99.42, 1)
  expect(result.volume[1]).toBeCloseTo(18.0, 1)
  expect(result.failedPerMinute.next ?? 0).toBeCloseTo(21, 0)
})

// A p99 is not made of two p99: said is between which it lies, of those that would get requests.
test('the p99 of a split lies between those of its versions', () => {
  const slow = { ...v2, golden: { ...v2.golden, latencyMs: { p50: 1, p95: 2, p99: 180 } } }
  const between = p99Between([slow, v1], [30, 70])
  expect([between?.least.name, between?.most.name]).toEqual(['catalog-v1', 'catalog-v2'])
  expect(p99Between([slow, v1], [0, 100])).toBeNull()
  const unknown = { ...v2, golden: { ...v2.golden, latencyMs: { p50: null, p95: null, p99: null } } }
  expect(p99Between([unknown, v1, slow], [10, 60, 30])).toBeNull()
})

// What was never measured is not guessed.
test('no forecast for a backend without traffic', () => {
  const fresh = backend('catalog-v2', 0, 0, 0)
  expect(forecast([v1, fresh], whole, [90, 10]).success.next).toBeNull()
  expect(forecast([v1, fresh], whole, [100, 0]).success.next).not.toBeNull()
})

// A worse version is named with the difference and its sample; chance alone is not.
test('only a measurable difference warns', () => {
  const [first] = warningsOf([v1, v2], whole, [85, 15], 99.5, '15 min')
  expect(first?.strong).toBe('catalog-v2: success 98.10 % is below catalog-v1 by 1.88 points')
  expect(first?.rest).toContain('n = 5,431')
  const lucky = backend('catalog-v2', 10, 50, 1)
  expect(warningsOf([v1, lucky], whole, [85, 15], 99.5, '15 min')).toEqual([])
})

// Nobody ready, and a big step at once, are said; returning to the version that has most is not a jump.
test('empty backends and jumps', () => {
  const dead = backend('catalog-v2', 0, 0, 0, 0)
  const texts = warningsOf([v1, dead], whole, [50, 50], 99.5, '15 min').map((warning) => warning.strong)
  expect(texts).toEqual(['catalog-v2 has no ready instance.', 'catalog-v2 goes from 0 to 50 % at once.'])
  expect(warningsOf([backend('a', 70, 900, 0), backend('b', 30, 900, 0)], whole, [100, 0], 99.5, '15 min')).toEqual([])
})

// A roll-back takes away what has least, whatever the order of the list; of equals the later version; and the latest
// version where one has everything.
test('the canary', () => {
  const split = (...weights: [string, number][]) =>
    Object.freeze(weights.map(([version, weight]) => Object.freeze({ name: `catalog-${version}`, version, weight })))
  expect(canaryOf(split(['v1', 90], ['v2', 10]))).toBe(1)
  expect(canaryOf(split(['v2', 10], ['v1', 90]))).toBe(0)
  expect(canaryOf(split(['v1', 999], ['v2', 1]))).toBe(1)
  expect(canaryOf(split(['v9', 50], ['v10', 50]))).toBe(1)
  expect(canaryOf(split(['v10', 50], ['v9', 50]))).toBe(0)
  expect(canaryOf(split(['v2', 0], ['v1', 100]))).toBe(0)
  expect(canaryOf(split(['v1', 0], ['v2', 100]))).toBe(1)
  expect(rolledBack(split(['v1', 90], ['v2', 10]), 1)).toEqual([100, 0])
  expect(rolledBack(split(['v2', 10], ['v1', 90]), 0)).toEqual([0, 100])
  expect(rolledBack(split(['v1', 999], ['v2', 1]), 1)).toEqual([100, 0])
  expect(rolledBack(split(['v1', 0], ['v2', 100]), 1)).toEqual([100, 0])
  expect(rolledBack(split(['v1', 0], ['v2', 0], ['v3', 100]), 2)).toEqual([0, 100, 0])
  expect(rolledBack(split(['v1', 60], ['v2', 20], ['v3', 20]), 2)).toEqual([75, 25, 0])
})

// Calls that cannot be told apart count in the rule's total, are compared with nobody, and are said to be so.
test('backends of one version name', () => {
  const alike = [
    { ...backend('red', 50, 0, 0), version: null, isDistinct: false },
    { ...backend('blue', 50, 0, 0), version: null, isDistinct: false },
    v1,
  ]
  expect(alikeOf(alike, 0)).toEqual(['blue'])
  expect(alikeOf(alike, 2)).toEqual([])
  const result = forecast(alike, whole, [70, 30, 0])
  expect(result.volume[0]).toBeCloseTo((0.7 * 54_058) / 900, 3)
  expect(result.success.next).toBeNull()
  const worse = { ...v2, isDistinct: false }
  expect(warningsOf([v1, worse], whole, [85, 15], 99.5, '15 min')).toEqual([])
})

// Where whole percents would take a small third backend off the route, that is said before it is applied.
test('a small backend that rounding would lose', () => {
  const small = Object.freeze({ ...backend('catalog-v3', 0, 40, 0), weight: 1 })
  const [warning] = warningsOf([v1, v2, small], whole, [95, 5, 0], 99.5, '15 min').slice(-1)
  expect(warning?.strong).toBe('catalog-v3 would get no requests any more.')
})

// Where there are too few calls to judge a backend that gets some, it is said, with how many there were.
test('not enough requests yet', () => {
  expect(tooFewOf(backend('catalog-v2', 10, 42, 1))).toBe(42)
  expect(tooFewOf(backend('catalog-v2', 10, 100, 1))).toBe(null)
  expect(tooFewOf(backend('catalog-v2', 0, 0, 0))).toBe(null)
  expect(tooFewOf({ ...backend('catalog-v2', 10, 42, 1), isDistinct: false })).toBe(null)
})

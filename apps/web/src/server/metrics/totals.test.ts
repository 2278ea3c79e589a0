import { bucketOf } from '@heddle/shared/histogram'
import type { Outcomes } from '@heddle/shared/wire/metrics'
import { NO_OUTCOMES } from '@heddle/testkit/outcomes'
import { expect, test } from 'vitest'
import { failuresOf, successRate, sumBy, sumOf } from './totals.ts'

const outcomes = (given: Partial<Outcomes>): Outcomes => ({
  ...NO_OUTCOMES,
  ...given,
})

// Failures are 5xx of the app and the mesh's own answers of 500 and more; a refusal that is the caller's fault is none.
test('what counts as a failure', () => {
  expect(failuresOf(outcomes({ serverError: 2, meshErrors: { timeout: 3, no_route: 5, malformed: 7 } }))).toBe(5)
  expect(failuresOf(outcomes({ denied: 4, limited: 4, clientError: 9 }))).toBe(0)
  // A code of a newer proxy is counted as what it may be at worst.
  expect(failuresOf(outcomes({ meshErrors: { something_new: 1 } }))).toBe(1)
})

// No traffic is not 0 % and not 100 %, and a caller that went away is neither success nor failure.
test('success rate', () => {
  expect(successRate(0, 0, 0)).toBe(null)
  expect(successRate(10, 10, 0)).toBe(null)
  expect(successRate(110, 10, 1)).toBe(99)
})

// Merging percentiles is wrong, merging histograms is right: a slow tenth shows in p99 and not in p50.
test('percentiles come from merged histograms', () => {
  const golden = sumOf([
    outcomes({ requests: 90, ok: 90, latency: { index: [bucketOf(10)], count: [90] } }),
    outcomes({ requests: 10, ok: 10, latency: { index: [bucketOf(1_000)], count: [10] } }),
  ]).golden(10_000)
  expect(golden).toMatchObject({ requests: 100, requestsPerSecond: 10, successRate: 100, failures: 0 })
  expect(golden.latencyMs.p50 ?? 0).toBeGreaterThan(9.78)
  expect(golden.latencyMs.p50 ?? 0).toBeLessThan(10.22)
  expect(golden.latencyMs.p99 ?? 0).toBeGreaterThan(978)
  expect(golden.latencyMs.p99 ?? 0).toBeLessThan(1_022)
})

// Codes come from other processes; one that is named like a property of every object is a code like any other.
test('sums by code and reason survive hostile names', () => {
  const meshErrors = Object.fromEntries([
    ['__proto__', 1],
    ['timeout', 2],
  ])
  const totals = sumOf([outcomes({ meshErrors }), outcomes({ meshErrors, retriesSkipped: { deadline: 3 } })])
  expect([...totals.meshErrors]).toEqual([
    ['__proto__', 2],
    ['timeout', 4],
  ])
  expect(totals.meshError).toBe(6)
  expect([...totals.retriesSkipped]).toEqual([['deadline', 3]])
})

test('groups are summed apart', () => {
  const rows = [outcomes({ requests: 1 }), outcomes({ requests: 2 }), outcomes({ requests: 4 })]
  const groups = sumBy(rows, ({ requests }) => (requests > 1 ? 'many' : 'one'))
  expect([...groups].map(([key, { requests }]) => [key, requests])).toEqual([
    ['one', 1],
    ['many', 6],
  ])
})

import { expect, test } from 'vitest'
import { aroundChange, stretchAround } from './around.ts'

const MINUTE_MS = 60_000
const MINUTE = 29_000_000 * MINUTE_MS
/** Within the minute. */
const CHANGED_AT = MINUTE + 12_345
const minute = (place: number, requests: number, serverError = 0) => ({
  ...{ at: MINUTE + place * MINUTE_MS, requests, serverError, cancelled: 0, meshErrors: {} },
})

test('the stretch is of whole minutes around that of the change', () => {
  expect(stretchAround(CHANGED_AT)).toEqual({ from: MINUTE - 10 * MINUTE_MS, to: MINUTE + 11 * MINUTE_MS })
})

// What was called in the minute of the change is neither before nor after.
test('before and after', () => {
  const minutes = [minute(-10, 600, 6), minute(-1, 600), minute(0, 600, 600), minute(1, 600, 60), minute(10, 600, 60)]
  const around = aroundChange(CHANGED_AT, { since: null, now: MINUTE + 60 * MINUTE_MS }, minutes)
  expect(around).toMatchObject({
    ...{ beforeMs: 600_000, afterMs: 600_000, isWorse: true },
    before: { requests: 1_200, failures: 6, requestsPerSecond: 2, successRate: 99.5 },
    after: { requests: 1_200, failures: 120, successRate: 90 },
  })
  expect(around?.successRate).toHaveLength(21)
  expect(around?.successRate.slice(0, 2)).toEqual([99, null])
  expect(around?.successRate.at(-1)).toBe(90)
})

// While the ten minutes go on, only whole minutes that everybody has reported count, and the rest is to come.
test('after it has just begun', () => {
  const minutes = [minute(-1, 600), minute(1, 600), minute(2, 300)]
  const around = aroundChange(CHANGED_AT, { since: null, now: MINUTE + 2.9 * MINUTE_MS }, minutes)
  expect(around).toMatchObject({ afterMs: MINUTE_MS, after: { requests: 600, requestsPerSecond: 10 }, isWorse: false })
  expect(around?.successRate.slice(10)).toEqual([null, 100, ...Array.from({ length: 9 }, () => null)])
  expect(aroundChange(CHANGED_AT, { since: null, now: MINUTE + 0.5 * MINUTE_MS }, minutes)).toMatchObject({
    afterMs: 0,
    after: { requests: 0, requestsPerSecond: 0, successRate: null },
  })
})

// Before the first data nobody was silent: a change made three minutes into a mesh is measured against two whole ones.
test('a mesh that is younger than the time before', () => {
  const now = MINUTE + 60 * MINUTE_MS
  const minutes = [minute(-3, 60), minute(-2, 600), minute(-1, 600), minute(1, 600)]
  expect(aroundChange(CHANGED_AT, { since: MINUTE - 2.5 * MINUTE_MS, now }, minutes)).toMatchObject({
    beforeMs: 2 * MINUTE_MS,
    before: { requests: 1_200, requestsPerSecond: 10 },
  })
  expect(aroundChange(CHANGED_AT, { since: MINUTE, now }, minutes)).toMatchObject({
    beforeMs: 0,
    before: { requests: 0, requestsPerSecond: 0, successRate: null },
  })
})

// A few failures more than before are no verdict; nobody called, and nothing is said.
test('by chance, and never called', () => {
  const minutes = [minute(-1, 600, 2), minute(1, 600, 5)]
  expect(aroundChange(CHANGED_AT, { since: null, now: MINUTE + 60 * MINUTE_MS }, minutes)?.isWorse).toBe(false)
  expect(aroundChange(CHANGED_AT, { since: null, now: MINUTE + 60 * MINUTE_MS }, [])).toBeNull()
})

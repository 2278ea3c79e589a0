import { expect, test } from 'vitest'
import { joinedWithin, laterOf, saidToJoin } from './joined.ts'
import { spanOf } from './range.ts'

const HOUR = 3_600_000
const NOW = Date.UTC(2026, 10, 30, 12)
const range = { from: NOW - HOUR, to: NOW }
const instances = (...agesMs: number[]) => agesMs.map((age) => ({ firstSeenAt: NOW - age }))

// The oldest instance counts, and its bucket as a whole: its first calls may be in it.
test('joined within the range', () => {
  expect(joinedWithin(range, instances(65_000, 177_000))).toBe(NOW - 180_000)
  expect(joinedWithin(range, instances(65_000, 2 * HOUR))).toBe(null)
  expect(joinedWithin(range, [])).toBe(null)
  // Nothing that it counted can be in the range yet.
  expect(joinedWithin(range, instances(-5_000))).toBe(null)
})

// Instances that were replaced are forgotten after three days; a service with calls before "its first" is no young one.
test('what was counted before belies the registry', () => {
  const counted = (ageMs: number, requests = 1) => [{ rows: [{ at: NOW - ageMs, requests }], lengthMs: 60_000 }]
  expect(joinedWithin(range, instances(180_000), counted(600_000))).toBe(null)
  expect(joinedWithin(range, instances(180_000), counted(600_000, 0))).toBe(NOW - 180_000)
  // The stretch in which it joined holds its own first calls.
  expect(joinedWithin(range, instances(180_000), counted(210_000))).toBe(NOW - 180_000)
})

test('a rate is of the time since it joined, and not longer than there is data', () => {
  expect(spanOf(range, laterOf(NOW - 600_000, joinedWithin(range, instances(180_000))))).toBe(180_000)
  expect(laterOf(NOW, null)).toBe(NOW)
  expect(laterOf(null, NOW)).toBe(NOW)
  expect(laterOf(1, 2)).toBe(2)
  expect(laterOf(null, null)).toBe(null)
})

// On the first day every service is young, and none more so than the others.
test('what came up with the mesh is not said to have joined', () => {
  expect(saidToJoin(NOW - 180_000, NOW - 200_000)).toBe(null)
  expect(saidToJoin(NOW - 180_000, NOW - HOUR)).toBe(NOW - 180_000)
  expect(saidToJoin(NOW - 180_000, null)).toBe(NOW - 180_000)
  expect(saidToJoin(null, NOW - HOUR)).toBe(null)
})

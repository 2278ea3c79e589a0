import { expect, test } from 'vitest'
import { rateSince, stepsSince } from './sinceChange.ts'

const RANGE = { from: 0, to: 90_000, stepMs: 30_000 }
const rows = [
  { at: 0, requests: 300 },
  { at: 30_000, requests: 300 },
  { at: 60_000, requests: 30 },
]

// Ten minutes at 10 rps must not stand beside a split that has sent one for a minute.
test('the rate since a change counts nothing of before it', () => {
  expect(stepsSince(RANGE, 31_000)).toBe(60_000)
  expect(rateSince(rows, 60_000, RANGE)).toBe(1)
})

test('a change before the window leaves its mean, one of just now has no rate yet', () => {
  expect(stepsSince(RANGE, null)).toBeNull()
  expect(stepsSince(RANGE, 0)).toBeNull()
  expect(stepsSince(RANGE, 60_000)).toBe(60_000)
  expect(stepsSince(RANGE, 61_000)).toBe(90_000)
  expect(rateSince(rows, 90_000, RANGE)).toBeNull()
  expect(rateSince(rows, 120_000, RANGE)).toBeNull()
})

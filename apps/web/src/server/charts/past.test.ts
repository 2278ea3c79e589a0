import { expect, test } from 'vitest'
import { shiftOf } from './past.ts'

const MINUTE = 60_000

// The period before ends where the range begins, or a part of a step earlier: no call is on both sides, and each step of
// the chart has a step to be compared with.
test('what lies before a range', () => {
  const hour = { from: 0, to: 60 * MINUTE, stepMs: 10_000 }
  expect(shiftOf('period', hour)).toBe(60 * MINUTE)
  const unfinished = { from: 0, to: 6 * 60 * MINUTE + 20_000, stepMs: MINUTE }
  expect(shiftOf('period', unfinished)).toBe(361 * MINUTE)
  expect(shiftOf('day', hour)).toBe(24 * 60 * MINUTE)
  expect(shiftOf('week', hour)).toBe(7 * 24 * 60 * MINUTE)
})

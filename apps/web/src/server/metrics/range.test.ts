import { expect, test } from 'vitest'
import { BUCKET_MS, newestEnd, nextEndInMs, resolveRange, spanOf, stepFor, wholeSteps } from './range.ts'

const NOW = 1_700_000_003_000
const HOUR = 3_600_000
const DAY = 24 * HOUR

// As fine as 600 points allow, never finer than what is still kept of the beginning.
test.each([
  [15 * 60_000, 0, 10_000],
  [HOUR, 0, 10_000],
  [6 * HOUR, 0, 60_000],
  [DAY, 0, 300_000],
  [7 * DAY, 0, 3_600_000],
  [30 * DAY, 0, 21_600_000],
  [365 * DAY, 0, 86_400_000],
  // An hour of yesterday is read from the table of minutes, one of last month from that of hours.
  [HOUR, DAY, 60_000],
  [HOUR, 30 * DAY, 3_600_000],
])('a span of %d ms that ended %d ms ago is read in steps of %d ms', (span, ago, step) => {
  expect(stepFor(span, NOW - ago - span, NOW)).toBe(step)
})

// The newest bucket is shown once every proxy has had the time to report it.
test('a live range ends with the last complete bucket', () => {
  expect(newestEnd(1_700_000_015_999)).toBe(1_700_000_000_000)
  expect(newestEnd(1_700_000_016_000)).toBe(1_700_000_010_000)
  const range = resolveRange({ lastMs: 6 * HOUR }, NOW)
  expect(range.to).toBe(newestEnd(NOW))
  expect(range.from % range.stepMs).toBe(0)
  expect(range.to - range.from).toBeGreaterThanOrEqual(6 * HOUR)
})

// An incomplete last step is part of the totals and not of the chart.
test('a chart has whole steps only', () => {
  expect(wholeSteps({ from: 0, to: 130_000, stepMs: 60_000 })).toBe(2)
  expect(wholeSteps({ from: 0, to: 120_000, stepMs: 60_000 })).toBe(2)
})

test('fixed ends in the future end now, and old ones on what is kept', () => {
  expect(resolveRange({ from: NOW - HOUR, to: NOW + DAY }, NOW).to).toBe(newestEnd(NOW))
  const old = resolveRange({ from: NOW - 30 * DAY, to: NOW - 30 * DAY + HOUR }, NOW)
  expect([old.from % HOUR, old.to % HOUR]).toEqual([0, 0])
  // A step that was asked for is not finer than the table.
  expect(resolveRange({ from: NOW - DAY, to: NOW - DAY + HOUR }, NOW, 10_000).stepMs).toBe(60_000)
})

// An hour asked of a mesh that is five minutes old is five minutes of traffic, not a twelfth of it.
test('a rate is of the time in which there can be data', () => {
  const range = { from: NOW - HOUR, to: NOW }
  expect(spanOf(range, NOW - 300_000)).toBe(300_000)
  expect(spanOf(range, NOW - DAY)).toBe(HOUR)
  expect(spanOf(range, null)).toBe(HOUR)
  expect(spanOf({ from: NOW - 2 * HOUR, to: NOW - HOUR }, NOW - 300_000)).toBe(HOUR)
})

// Pages are told when the newest bucket becomes one that they show, at that moment and not a bucket late.
test('the end of what is shown moves when it is said to', () => {
  for (const now of [0, 1, 5_999, 6_000, 6_001, 9_999, 10_000, 15_999].map((ms) => Date.UTC(2026, 10, 30) + ms)) {
    const inMs = nextEndInMs(now)
    expect([inMs > 0, inMs <= BUCKET_MS]).toEqual([true, true])
    expect(newestEnd(now + inMs - 1)).toBe(newestEnd(now))
    expect(newestEnd(now + inMs)).toBe(newestEnd(now) + BUCKET_MS)
  }
})

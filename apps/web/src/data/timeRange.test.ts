import { expect, test } from 'vitest'
import { clockSeconds, dayHeading, lengthText, momentText, roughLength } from './timeRange.ts'

const now = Date.UTC(2026, 10, 18, 14, 32, 4)

// Times are UTC whatever the machine's zone, and carry their zone.
test('moments carry a zone, and a date when it is not today', () => {
  expect(clockSeconds(now)).toBe('14:32:04')
  expect(momentText(now - 60_000, now)).toBe('14:31 UTC')
  expect(momentText(now - 86_400_000, now)).toBe('17 Nov, 14:32 UTC')
})

// Days are named from the reader's today.
test('day headings', () => {
  expect(dayHeading(now, now)).toBe('Today, Wed 18 Nov')
  expect(dayHeading(now - 86_400_000, now)).toBe('Yesterday, Tue 17 Nov')
  expect(dayHeading(now - 2 * 86_400_000, now)).toBe('Mon 16 Nov')
})

// Two units at most, none of them zero.
test('lengths of time', () => {
  expect([4_200, 72_000, 19_080_000, 266_400_000, 3_600_000].map(lengthText)).toEqual([
    '4 s',
    '1 min 12 s',
    '5 h 18 min',
    '3 d 2 h',
    '1 h',
  ])
})

// How long something has been there is said in one unit, never more than it has been.
test('rough lengths', () => {
  const [s, min, h, d] = [1_000, 60_000, 3_600_000, 86_400_000] as const
  expect([40 * s, 3 * min + 59 * s, 5 * h + 59 * min, 3 * d + 23 * h, -s].map(roughLength)).toEqual([
    '40 s',
    '3 min',
    '5 h',
    '3 d',
    '0 s',
  ])
})

import { expect, test } from 'vitest'
import { effectText } from './effectText.ts'

const side = (requests: number, successRate: number | null, p99: number | null) => ({
  ...{ requests, successRate, latencyMs: { p99 } },
})
const text = (...sides: Parameters<typeof effectText>) => effectText(...sides).replaceAll('\u00a0', ' ')

// A change that only made calls slower was told as one that left everything as it was.
test('latency is part of what a change did', () => {
  expect(text(side(1_000, 100, 113), side(1_000, 99.95, 159))).toBe('Success stayed; p99 rose from 113 to 159 ms.')
  expect(text(side(1_000, 100, 800), side(1_000, 98, 1_600))).toBe(
    'Success fell by 2.00 points; p99 rose from 800 ms to 1.60 s.',
  )
  expect(text(side(1_000, 99, 200), side(1_000, 100, 100))).toBe(
    'Success rose by 1.00 points; p99 fell from 200 to 100 ms.',
  )
  expect(text(side(1_000, 100, 113), side(1_000, 100, 130))).toBe('Success stayed.')
})

test('a few calls are compared with nothing', () => {
  expect(text(side(99, 100, 10), side(1_000, 50, 90))).toBe('Not enough calls yet to compare.')
  expect(text(side(1_000, 100, 10), side(99, 50, 90))).toBe('Not enough calls yet to compare.')
  expect(text(side(1_000, 100, 10), side(0, null, null))).toBe('No calls to compare yet.')
})

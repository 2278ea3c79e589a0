import { expect, test } from 'vitest'
import { formatDurationMs, parseDurationMs } from './duration.ts'

// GEP-2257: units h, m, s, ms, largest first, whole numbers; everything else is refused.
test.each([
  ['0s', 0],
  ['500ms', 500],
  ['10s', 10_000],
  ['1m30s', 90_000],
  ['1h', 3_600_000],
  ['24h', 86_400_000],
  ['1h2m3s4ms', 3_723_004],
])('%s is %d ms', (text, ms) => {
  expect(parseDurationMs(text)).toBe(ms)
})

test.each(['', '10', '1.5s', '-1s', '1s1m', '1d', ' 1s', '100000s', '1ms1ms', 's'])('%j is no duration', (text) => {
  expect(parseDurationMs(text)).toBeUndefined()
})

// What is formatted parses back to the same number.
test('formatting and parsing are inverse', () => {
  for (const ms of [0, 1, 999, 1_000, 61_001, 3_600_000, 90_061_001])
    expect(parseDurationMs(formatDurationMs(ms))).toBe(ms)
})

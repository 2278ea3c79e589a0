import { expect, test } from 'vitest'
import { durationMs, durationSchema, formatDurationMs, parseDurationMs } from './duration.ts'

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

// A number without a unit is refused with the two that may be meant; what a field asks of a length is not asked of it.
test('a number alone is told which units there are', () => {
  const atLeastASecond = durationSchema.refine((text) => durationMs(text) >= 1_000, 'must be at least 1s')
  const messages = (text: string) => atLeastASecond.safeParse(text).error?.issues.map(({ message }) => message)
  expect(messages('2')).toEqual(['needs a unit: "2s" is seconds, "2ms" milliseconds'])
  expect(messages('two')).toEqual(['must be a duration such as "500ms", "10s" or "1m30s"'])
  expect(messages('2ms')).toEqual(['must be at least 1s'])
})

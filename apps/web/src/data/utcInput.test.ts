import { expect, test } from 'vitest'
import { parseUtc, utcText } from './utcInput.ts'

// What is shown can be typed back, and impossible dates are refused rather than moved.
test('typed times', () => {
  const at = Date.UTC(2026, 10, 18, 13, 32)
  expect(parseUtc(utcText(at))).toBe(at)
  expect(parseUtc('2026-11-18T13:32')).toBe(at)
  for (const wrong of ['2026-02-31 10:00', '2026-11-18 25:00', '18.11.2026', '']) expect(parseUtc(wrong)).toBeNull()
})

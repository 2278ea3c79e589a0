import { expect, test } from 'vitest'
import { formatSuccess, formatThreeFigures } from '../../data/numbers.ts'
import { floorPercent, roundGolden, roundTo } from './rounding.ts'

// Rounded numbers are for the wire: nobody may see another number for it, nor another side of an objective.
test('what is shown is what was counted', () => {
  for (let requests = 1; requests < 3_000; requests += 7)
    for (const failures of [0, 1, 2, Math.floor(requests / 200), requests]) {
      const percent = ((requests - failures) / requests) * 100
      expect(floorPercent(percent)).toBeLessThanOrEqual(percent + 1e-9)
      expect(formatSuccess(floorPercent(percent))).toBe(formatSuccess(percent))
      expect(floorPercent(percent) < 99.5).toBe(percent < 99.5)
    }
  expect(floorPercent(99.999_99)).toBe(99.9999)
  expect(floorPercent(100)).toBe(100)
})

test('figures, not decimals', () => {
  expect([roundTo(0.000_123_456, 3), roundTo(123_456, 3), roundTo(1_234.56, 3)]).toEqual([0.000_123, 123_456, 1_230])
  const latencyMs = { p50: 12.345_678, p95: null, p99: 0.123_456 }
  const golden = { requests: 3, failures: 1, requestsPerSecond: 1 / 3, successRate: 200 / 3, latencyMs }
  expect(roundGolden(golden)).toEqual({
    requests: 3,
    failures: 1,
    requestsPerSecond: 0.333_33,
    successRate: 66.6666,
    latencyMs: { p50: 12.346, p95: null, p99: 0.123_46 },
  })
  expect(formatThreeFigures(roundGolden(golden).latencyMs.p50)).toBe(formatThreeFigures(latencyMs.p50))
})

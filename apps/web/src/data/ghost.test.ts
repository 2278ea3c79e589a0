import { expect, test } from 'vitest'
import type { Past } from '../server/schemas/charts.ts'
import { ghostOf, pastAt, pastRate } from './ghost.ts'

const DAY = 86_400_000
const none = [null, null]
const past: Past = {
  shiftMs: DAY,
  golden: {
    requests: 0,
    failures: 0,
    requestsPerSecond: 0,
    successRate: null,
    latencyMs: { p50: null, p95: null, p99: null },
  },
  series: {
    from: 120_000,
    stepMs: 60_000,
    requests: [60, 120],
    failures: [0, 0],
    successRate: [100, null],
    volume: {
      ok: none,
      clientError: none,
      serverError: none,
      meshError: none,
      denied: none,
      limited: none,
      cancelled: none,
    },
    latencyMs: { p50: none, p95: none, p99: none },
  },
}
const chart = { from: DAY + 140_000, stepMs: 20_000, requests: [1, 2, 3, 4] }

// A step of a minute is one point among steps of 20 s; what lies between is neither zero nor a gap.
test('a ghost in longer steps has a point where each of them begins', () => {
  expect(pastRate(past)).toEqual([1, 2])
  expect(ghostOf(chart, past, pastRate(past))).toEqual([undefined, undefined, 2, undefined])
  expect(ghostOf(chart, past, past.series.successRate)).toEqual([undefined, undefined, null, undefined])
})

// The table and the tooltip say the value of the step that holds the moment; outside of what was read there is none.
test('a moment has the value of its step', () => {
  const at = (second: number) => pastAt(DAY + second * 1_000, past, pastRate(past))
  expect([110, 120, 170, 180, 240].map(at)).toEqual([null, 1, 1, 2, null])
})

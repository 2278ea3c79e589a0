import type { Outcomes } from '@heddle/shared/wire/metrics'
import { expect, test } from 'vitest'
import { flatSparkline, goldenSeries, heardSteps, sparkline, sparklinesBy } from './series.ts'

const at = (start: number, requests: number, serverError = 0): Outcomes & { at: number } => ({
  at: start,
  requests,
  ok: requests - serverError,
  clientError: 0,
  serverError,
  meshErrors: {},
  denied: 0,
  limited: 0,
  cancelled: 0,
  recovered: 0,
  retriesMade: 0,
  retriesSkipped: {},
  bytesIn: 0,
  bytesOut: 0,
  latency: { index: [100], count: [requests] },
})
const range = { from: 60_000, to: 95_000, stepMs: 10_000 }

// Frozen: three whole steps, the fourth is incomplete; the second heard nothing of anybody, the third nothing of us.
test('a series has a value, a zero or a gap for each whole step', () => {
  const rows = [at(60_000, 10, 1), at(60_000, 10), at(90_000, 99)]
  const series = goldenSeries(rows, range, heardSteps([...rows, { at: 80_000 }], range))
  expect(series.requests).toEqual([20, null, 0])
  expect(series.failures).toEqual([1, null, 0])
  expect(series.successRate).toEqual([95, null, null])
  expect(series.volume.ok).toEqual([1.9, null, 0])
  expect(series.volume.serverError).toEqual([0.1, null, 0])
  expect(series.latencyMs.p50.map((ms) => ms === null)).toEqual([false, true, true])
})

// Rows outside the range belong to another chart.
test('rows outside the range are left out', () => {
  expect(goldenSeries([at(50_000, 5), at(100_000, 5)], range).requests).toEqual([0, 0, 0])
})

test('thumbnails of many series are those of each', () => {
  const rows = [at(60_000, 10, 1), at(70_000, 20), at(80_000, 30, 30)]
  const lines = sparklinesBy(rows, range, (row) => (row.at === 70_000 ? 'b' : 'a'))
  expect(lines.get('a')).toEqual({
    from: 60_000,
    stepMs: 10_000,
    requestsPerSecond: [1, 0, 3],
    successRate: [90, null, 0],
    failures: [1, 0, 30],
    p99Ms: [],
  })
  const { p99Ms, ...line } = sparkline([at(70_000, 20)], range)
  expect({ ...line, p99Ms: [] }).toEqual(lines.get('b'))
  expect(p99Ms.filter((ms) => ms !== null)).toHaveLength(1)
  expect(flatSparkline(range).requestsPerSecond).toEqual([0, 0, 0])
})

import type { Outcomes } from '@heddle/shared/wire/metrics'
import { NO_OUTCOMES } from '@heddle/testkit/outcomes'
import { expect, test } from 'vitest'
import { goldenSeries, sparkline, sparklinesBy, volumeSpark } from './series.ts'

const at = (start: number, requests: number, serverError = 0): Outcomes & { at: number } => ({
  at: start,
  ...NO_OUTCOMES,
  requests,
  ok: requests - serverError,
  serverError,
  latency: { index: [100], count: [requests] },
})
const range = { from: 60_000, to: 95_000, stepMs: 10_000 }

// Four whole steps, the fifth is incomplete: the mesh began at the end of the first, and was silent in the last.
test('a series has a gap, a value or a zero for each whole step', () => {
  const rows = [at(60_000, 10, 1), at(60_000, 10), at(80_000, 99)]
  const series = goldenSeries(rows, { from: 40_000, to: 85_000, stepMs: 10_000 }, 50_000)
  expect(series.requests).toEqual([null, 0, 20, 0])
  expect(series.failures).toEqual([null, 0, 1, 0])
  expect(series.successRate).toEqual([null, null, 95, null])
  expect(series.volume.ok).toEqual([null, 0, 1.9, 0])
  expect(series.volume.serverError).toEqual([null, 0, 0.1, 0])
  expect(series.latencyMs.p50.map((ms) => ms === null)).toEqual([true, true, false, true])
})

// A chart is read to three figures; more of them only travel. One failure of very many is not none.
test('a series has as many figures as anybody can see', () => {
  const { volume, successRate, latencyMs } = goldenSeries([at(60_000, 3_333_333, 1)], range)
  expect(volume.ok[0]).toBe(333_330)
  expect(successRate[0]).toBe(99.9999)
  expect(String(latencyMs.p99[0]).replace('.', '').length).toBeLessThanOrEqual(5)
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
})

// A mesh that is five minutes old was not silent before.
test('thumbnails begin where the mesh does', () => {
  const rows = [at(80_000, 20)]
  expect(sparkline(rows, range, 72_000).requestsPerSecond).toEqual([null, 0, 2])
  expect(sparklinesBy(rows, range, () => 'a', 72_000).get('a')?.requestsPerSecond).toEqual([null, 0, 2])
})

// A bar is for two failures or more, below the objective, and says how far below.
test('a thumbnail of volume', () => {
  const rows = [at(60_000, 1_000, 1), at(70_000, 1_000, 5), at(80_000, 1_234, 600)]
  const line = sparklinesBy(rows, range, () => 'a').get('a')
  if (line === undefined) throw new Error('no line')
  expect(volumeSpark(line, 99.5)).toEqual({
    requestsPerSecond: [100, 100, 123],
    troubled: [{ step: 2, successRate: 51.3776 }],
  })
  expect(volumeSpark(line, 99.9).troubled.map(({ step }) => step)).toEqual([1, 2])
  expect(volumeSpark(line, 100).troubled.map(({ step }) => step)).toEqual([1, 2])
})

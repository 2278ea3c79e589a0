import { bucketOf, HISTOGRAM_SIZE } from '@heddle/shared/histogram'
import { expect, test } from 'vitest'
import { heatmapOf } from './heatmap.ts'

const cell = (at: number, ms: number, count: number) => ({ at, latency: { index: [bucketOf(ms)], count: [count] } })
const sum = (columns: readonly (readonly number[])[]) => columns.flat().reduce((a, b) => a + b, 0)

// Every call is in the row whose bounds hold its latency, and in the column of its moment.
test('cells hold every call once', () => {
  const range = { from: 0, to: 60_000, stepMs: 10_000 }
  const map = heatmapOf([cell(0, 8, 5), cell(5_000, 8, 2), cell(50_000, 90, 1)], range)
  expect([map.from, map.stepMs, map.columns.length, map.most]).toEqual([0, 10_000, 6, 7])
  expect(sum(map.columns)).toBe(8)
  const rowOf = (column: number) => map.columns[column]?.findIndex((count) => count > 0) ?? -1
  for (const [column, ms] of [
    [0, 8],
    [5, 90],
  ] as const) {
    expect(map.boundsMs[rowOf(column)]).toBeLessThan(ms)
    expect(map.boundsMs[rowOf(column) + 1]).toBeGreaterThanOrEqual(ms)
  }
})

// Bounded, however long and however wide: the widest latencies over the longest chart.
test('an answer is bounded', () => {
  const range = { from: 0, to: 600 * 10_000, stepMs: 10_000 }
  const map = heatmapOf([cell(0, 0.01, 3), cell(10_000, 90_000, 4)], range)
  expect(map.columns.length).toBeLessThanOrEqual(120)
  expect(map.boundsMs.length).toBeLessThanOrEqual(41)
  expect(sum(map.columns)).toBe(7)
  expect(HISTOGRAM_SIZE / 8).toBeLessThanOrEqual(40)
})

// Columns lie on multiples of their length, and one that is not whole is left out: it would look like a dip.
test('only whole columns, where they always are', () => {
  const rows = Array.from({ length: 362 }, (_, i) => cell(10_000 + i * 10_000, 8, 1))
  const map = heatmapOf(rows, { from: 10_000, to: 3_625_000, stepMs: 10_000 })
  expect(map.stepMs).toBe(40_000)
  expect(map.from).toBe(40_000)
  expect(map.columns.every((column) => sum([column]) === 4)).toBe(true)
  expect(map.from + map.columns.length * map.stepMs).toBeLessThanOrEqual(3_620_000)
})

test('no call, no rows', () => {
  const map = heatmapOf([], { from: 0, to: 20_000, stepMs: 10_000 })
  expect(map).toEqual({ from: 0, stepMs: 10_000, boundsMs: [], columns: [[], []], most: 0 })
})

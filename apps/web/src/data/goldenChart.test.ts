import { expect, test } from 'vitest'
import { gapsOf, layersOf, markGroups, niceTop, plotSpan, stacked, successFloor, timesOf } from './goldenChart.ts'

const volume = Object.freeze({
  ok: [10, null, 8],
  clientError: [1, null, 0],
  serverError: [0, null, 2],
  meshError: [0, null, 0],
  denied: [2, null, 0],
  limited: [0, null, 1],
  cancelled: [0, null, 0],
})

// Layers add up to the volume, refusals count with 4xx, a gap stays a gap, and what never happened has no layer.
test('layers of the volume', () => {
  const layers = layersOf({ volume })
  expect(layers.map((layer) => layer.key)).toEqual(['ok', 'clientError', 'serverError'])
  expect(layers[1]?.values).toEqual([3, null, 1])
  expect(stacked(layers).at(-1)).toEqual([13, null, 11])
})

// A connection has no status: nothing on a chart of TCP says 2xx, whatever became of it.
test('layers of connections', () => {
  const layers = layersOf({ volume }, 'tcp')
  expect(layers.map(({ label }) => label)).toEqual(['taken', 'refused', 'failed'])
  const calm = {
    ...volume,
    clientError: [0, null, 0],
    denied: [0, null, 0],
    limited: [0, null, 0],
    serverError: [0, null, 0],
  }
  expect(layersOf({ volume: calm }, 'tcp').map(({ label }) => label)).toEqual(['taken'])
})

// The success axis always shows the objective and the lowest point, and never a sliver of either.
test('success floor', () => {
  expect(successFloor([100, 99.9], 99.5)).toBe(99)
  expect(successFloor([100, 98.1], 99.5)).toBe(98)
  expect(successFloor([100, null, 40], 99.5)).toBe(0)
  expect(successFloor([], 99)).toBe(98)
})

// Axes end on round numbers that hold everything.
test('round tops', () => {
  expect([0, 0.7, 3, 18, 24, 75, 101].map(niceTop)).toEqual([1, 1, 5, 20, 25, 100, 200])
})

// A gap reaches from the last known point to the next known one.
test('gaps', () => {
  expect(gapsOf([1, null, null, 2, 3])).toEqual([{ from: 0, to: 0.75 }])
  expect(gapsOf([null, 1, 2])).toEqual([{ from: 0, to: 0.5 }])
  expect(gapsOf([1, 2, null])).toEqual([{ from: 0.5, to: 1 }])
  expect(gapsOf([1, 2])).toEqual([])
})

// Changes too close to tell apart become one mark; those outside are left out.
test('change marks merge', () => {
  const mark = (at: number) => Object.freeze({ revision: at, at, actor: 'ana', summary: '' })
  const groups = markGroups(
    Object.freeze([mark(500), mark(100), mark(103), mark(2_000)]),
    { from: 0, to: 1_000, until: 1_000 },
    1_000,
    6,
  )
  expect(groups.map((group) => group.marks.map((m) => m.at))).toEqual([[100, 103], [500]])
})

// Times are in seconds, one for each step.
test('times', () => {
  expect(timesOf({ from: 10_000, stepMs: 10_000, requests: [1, 2, null] })).toEqual([10, 20, 30])
})

// A change stands where the plot has its moment: at the point of a step that began with it, and at the right end within
// the last step.
test('marks stand on the scale of the plot', () => {
  const series = Object.freeze({ from: 60_000, stepMs: 10_000, requests: [1, 2, 3, 4, 5] })
  const at = (moment: number) =>
    markGroups([{ revision: 1, at: moment, actor: 'ana', summary: '' }], plotSpan(series), 1_000, 6)[0]?.at
  const times = timesOf(series)
  for (const [i, seconds] of times.entries()) expect(at(seconds * 1_000)).toBeCloseTo(i / (times.length - 1), 9)
  expect(at(105_000)).toBe(1)
  expect(at(110_001)).toBeUndefined()
})

import { expect, test } from 'vitest'
import { columnAt, columnText, latencyEnds, latencyTick, latencyTicks, rowText, shadeOf } from './heatmapView.ts'

const map = Object.freeze({
  from: 60_000,
  stepMs: 30_000,
  boundsMs: [1, 10, 100, 1_000],
  columns: [
    [0, 0, 0],
    [3, 90, 1],
  ],
  most: 90,
})
const plain = (text: string) => text.replaceAll(' ', ' ')

// Nothing has no shade, a single call has the faintest, the largest cell the darkest.
test('shades', () => {
  expect([0, 1, 90].map((count) => shadeOf(count, 90))).toEqual([null, 0, 6])
  expect(shadeOf(1, 1)).toBe(6)
  const shades = [1, 2, 5, 20, 60, 90].map((count) => shadeOf(count, 90) ?? -1)
  expect(shades).toEqual([...shades].sort((a, b) => a - b))
})

test('an axis has round latencies, and not too many', () => {
  const [least, most] = latencyEnds(map)
  expect(latencyTicks([least, most]).map(latencyTick).map(plain)).toEqual([
    '1 ms',
    '3 ms',
    '10 ms',
    '30 ms',
    '100 ms',
    '300 ms',
    '1 s',
  ])
  expect(
    latencyTicks([Math.log10(4), Math.log10(30)])
      .map(latencyTick)
      .map(plain),
  ).toEqual(['5 ms', '10 ms', '20 ms'])
  expect(plain(latencyTick(Math.log10(0.2)))).toBe('200 µs')
  expect(latencyEnds({ boundsMs: [] })).toEqual([0, 3])
})

// What the eye sees of a column is said in words.
test('a column in words', () => {
  expect([59_999, 60_000, 119_999, 120_000].map((at) => columnAt(map, at))).toEqual([null, 0, 1, null])
  expect(plain(columnText(map, 1))).toBe('94 calls, most between 10.0 and 100 ms (90), slowest up to 1.00 s')
  expect(columnText(map, 0)).toBe('no call')
  expect(plain(rowText(map, 2))).toBe('100 ms to 1.00 s')
})

// Latency of every call over time, from the same buckets as the percentiles: a few columns of time and rows of latency,
// however long the range and however wide the latencies, so that an answer stays small. Pure.
import { HISTOGRAM_SIZE, type SparseHistogram, upperBoundMs } from '@heddle/shared/histogram'
import type { Heatmap } from '../schemas/charts.ts'
import { type ReadRange, wholeSteps } from './range.ts'

/** A chart of 600 pixels has cells of five. */
const MOST_COLUMNS = 120
const MOST_ROWS = 40
/** Buckets that may be merged into one row: each merge halves the resolution, as OpenTelemetry's downscaling does. */
const ROW_BUCKETS = [1, 2, 4, 8] as const

type Timed = { at: number; latency: SparseHistogram }

/** Only whole columns, on whole multiples of their length: a cell does not change because time has passed. */
export function heatmapOf(rows: Iterable<Timed>, range: ReadRange): Heatmap {
  const columnMs = columnLength(range)
  const from = Math.ceil(range.from / columnMs) * columnMs
  const until = range.from + wholeSteps(range) * range.stepMs
  const columns: Map<number, number>[] = Array.from(
    { length: Math.max(0, Math.floor((until - from) / columnMs)) },
    () => new Map(),
  )
  let [least, most] = [HISTOGRAM_SIZE, -1]
  for (const { at, latency } of rows) {
    const column = columns[Math.floor((at - from) / columnMs)]
    if (column === undefined) continue
    for (const [i, bucket] of latency.index.entries()) {
      column.set(bucket, (column.get(bucket) ?? 0) + (latency.count[i] ?? 0))
      if (bucket < least) least = bucket
      if (bucket > most) most = bucket
    }
  }
  if (most < 0) return { from, stepMs: columnMs, boundsMs: [], columns: columns.map(() => []), most: 0 }
  const merged = ROW_BUCKETS.find((width) => rowsBetween(least, most, width) <= MOST_ROWS) ?? 8
  const first = Math.floor(least / merged)
  const length = rowsBetween(least, most, merged)
  let largest = 0
  const cells = columns.map((column) => {
    const counts = new Array<number>(length).fill(0)
    for (const [bucket, count] of column) {
      const row = Math.floor(bucket / merged) - first
      counts[row] = (counts[row] ?? 0) + count
      largest = Math.max(largest, counts[row] ?? 0)
    }
    return counts
  })
  const boundsMs = Array.from({ length: length + 1 }, (_, row) => upperBoundMs((first + row) * merged - 1))
  return { from, stepMs: columnMs, boundsMs, columns: cells, most: largest }
}

const rowsBetween = (least: number, most: number, width: number) =>
  Math.floor(most / width) - Math.floor(least / width) + 1

/** So many steps of the charts that no more than 120 columns come of them. */
function columnLength(range: ReadRange): number {
  return Math.max(1, Math.ceil(wholeSteps(range) / MOST_COLUMNS)) * range.stepMs
}

// From the cells of the API to what the heatmap draws and says: shades, axis, and one column in words. Pure.
import type { Heatmap } from '../server/schemas/charts.ts'
import { formatCount, formatLatency, NBSP, quantityText } from './numbers.ts'

/** Shades of the one hue, few calls to many. */
export const SHADES = 7

/** By the logarithm: one call among thousands is the slow one that one looks for. Null: no call. */
export function shadeOf(count: number, most: number): number | null {
  if (count <= 0) return null
  if (most <= 1) return SHADES - 1
  return Math.min(SHADES - 1, Math.floor((Math.log(count) / Math.log(most)) * (SHADES - 1) + 1e-9))
}

/** Both ends of the axis, as the logarithm (base 10) of milliseconds; a chart without a call has one all the same. */
export function latencyEnds({ boundsMs }: Pick<Heatmap, 'boundsMs'>): [number, number] {
  const [least, most] = [boundsMs[0], boundsMs.at(-1)]
  return least === undefined || most === undefined ? [0, 3] : [Math.log10(least), Math.log10(most)]
}

/** Finest first. */
const WITHIN_DECADE = [[1, 2, 5], [1, 3], [1]] as const
const MOST_TICKS = 8

/** Round latencies within the ends, as logarithms: decades, with others between them where there is room. */
export function latencyTicks([least, most]: readonly [number, number]): number[] {
  const ticks = (within: readonly number[]) => {
    const found: number[] = []
    for (let decade = Math.floor(least); decade <= most; decade++)
      for (const digit of within) {
        const at = decade + Math.log10(digit)
        if (at >= least && at <= most) found.push(at)
      }
    return found
  }
  return WITHIN_DECADE.map(ticks).find((found) => found.length <= MOST_TICKS) ?? ticks([1])
}

/** "1 ms", "20 ms", "1 s", "200 µs". */
export function latencyTick(log: number): string {
  const ms = Number((10 ** log).toPrecision(3))
  if (ms >= 1_000) return `${Number((ms / 1_000).toPrecision(3))}${NBSP}s`
  return ms < 1 ? `${Number((ms * 1_000).toPrecision(3))}${NBSP}µs` : `${ms}${NBSP}ms`
}

/** The column that holds a moment (milliseconds since the epoch), or null between and beside the whole ones. */
export function columnAt(heatmap: Heatmap, at: number): number | null {
  const column = Math.floor((at - heatmap.from) / heatmap.stepMs)
  return column >= 0 && column < heatmap.columns.length ? column : null
}

/** "8.21 to 9.76 ms". */
export function rowText({ boundsMs }: Pick<Heatmap, 'boundsMs'>, row: number): string {
  const [from, to] = [formatLatency(boundsMs[row] ?? 0), formatLatency(boundsMs[row + 1] ?? 0)]
  return from.unit === to.unit ? `${from.text} to ${quantityText(to)}` : `${quantityText(from)} to ${quantityText(to)}`
}

/** "1,862 calls, most between 8.21 and 9.76 ms (345), slowest up to 120 ms". */
export function columnText(heatmap: Heatmap, column: number): string {
  const counts = heatmap.columns[column] ?? []
  const all = counts.reduce((sum, count) => sum + count, 0)
  if (all === 0) return 'no call'
  const top = counts.indexOf(Math.max(...counts))
  const slowest = counts.findLastIndex((count) => count > 0)
  const most = rowText(heatmap, top).replace(' to ', ' and ')
  return `${formatCount(all)} calls, most between ${most} (${formatCount(counts[top] ?? 0)}), slowest up to ${quantityText(formatLatency(heatmap.boundsMs[slowest + 1] ?? 0))}`
}

// The ghost line: what the stretch of time before, or the same a day or a week before, looked like, laid over a chart's own
// steps. Pure.
import type { Comparison, Past } from '../server/schemas/charts.ts'
import type { GoldenSeries } from '../server/schemas/numbers.ts'
import type { SparseValues } from './goldenChart.ts'

export const COMPARED: Record<Comparison, { word: string; head: string }> = {
  period: { word: 'before', head: 'period before' },
  day: { word: 'yesterday', head: 'yesterday' },
  week: { word: 'last week', head: 'a week before' },
}

type Steps = Pick<GoldenSeries, 'from' | 'stepMs' | 'requests'>

/** Requests per second of each of the past's own steps. */
export function pastRate({ series }: Past): (number | null)[] {
  return series.requests.map((requests) => (requests === null ? null : requests / (series.stepMs / 1_000)))
}

/**
 * The past's values at the steps of `chart`. Older numbers are kept in longer steps: between two of them is `undefined`,
 * which a line crosses, unlike a gap.
 */
export function ghostOf(chart: Steps, past: Past, values: readonly (number | null)[]): SparseValues {
  return chart.requests.map((_, i) => {
    const step = (chart.from + i * chart.stepMs - past.shiftMs - past.series.from) / past.series.stepMs
    return Number.isInteger(step) ? (values[step] ?? null) : undefined
  })
}

/** The past's value over the step of `chart` that begins at `at`, for tooltip and table: that of the longer step it lies in. */
export function pastAt(at: number, past: Past, values: readonly (number | null)[]): number | null {
  return values[Math.floor((at - past.shiftMs - past.series.from) / past.series.stepMs)] ?? null
}

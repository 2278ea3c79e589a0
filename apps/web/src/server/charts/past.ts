// charts.past: the stretch of time before, or the same one a day or a week before, for the ghost line.
import type { z } from 'zod'
import type { Console } from '../console.ts'
import { type ReadRange, resolveRange } from '../metrics/range.ts'
import { goldenSeries } from '../metrics/series.ts'
import { sumOf } from '../metrics/totals.ts'
import type { Comparison, Past, pastInputSchema } from '../schemas/charts.ts'
import { findService } from '../services/get.ts'
import { readChart } from './rows.ts'

const DAY_MS = 24 * 3_600_000

/** Milliseconds that a comparison lies before a range: whole steps of it, so that each step has its own counterpart. */
export function shiftOf(compare: Comparison, { from, to, stepMs }: ReadRange): number {
  switch (compare) {
    case 'period':
      return Math.ceil((to - from) / stepMs) * stepMs
    case 'day':
      return DAY_MS
    case 'week':
      return 7 * DAY_MS
  }
}

export async function getPast(
  console: Console,
  { service, route, range: wanted, compare }: z.infer<typeof pastInputSchema>,
): Promise<Past> {
  findService(await console.mesh.current(), service)
  const now = console.control.now()
  const present = resolveRange(wanted, now)
  const shiftMs = shiftOf(compare, present)
  // In the steps of the present, or in longer ones where no finer are kept of that time.
  const range = resolveRange({ from: present.from - shiftMs, to: present.to - shiftMs }, now, present.stepMs)
  const { rows, knownFrom } = await readChart(console.metrics, range, { service, route })
  return { shiftMs, golden: sumOf(rows).golden(range.to - range.from), series: goldenSeries(rows, range, knownFrom) }
}

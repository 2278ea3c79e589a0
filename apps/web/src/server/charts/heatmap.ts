// charts.heatmap: how long every call took, by time and latency.
import type { z } from 'zod'
import type { Console } from '../console.ts'
import { heatmapOf } from '../metrics/heatmap.ts'
import { resolveRange } from '../metrics/range.ts'
import type { heatmapInputSchema, heatmapOutputSchema } from '../schemas/charts.ts'
import { findService } from '../services/get.ts'
import { readChart } from './rows.ts'

export async function getHeatmap(
  console: Console,
  { service, route, range: wanted }: z.infer<typeof heatmapInputSchema>,
): Promise<z.infer<typeof heatmapOutputSchema>> {
  findService(await console.mesh.current(), service)
  const range = resolveRange(wanted, console.control.now())
  const { rows, data } = await readChart(console.metrics, range, { service, route })
  return { data, heatmap: heatmapOf(rows, range) }
}

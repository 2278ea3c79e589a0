// charts.*: what a chart asks for beyond its page's one answer.
import { heatmapInputSchema, heatmapOutputSchema, pastInputSchema, pastOutputSchema } from '../schemas/charts.ts'
import { allowed, router } from '../trpc.ts'
import { getHeatmap } from './heatmap.ts'
import { getPast } from './past.ts'

export const chartsRouter = router({
  heatmap: allowed('mesh.read')
    .input(heatmapInputSchema)
    .output(heatmapOutputSchema)
    .query(({ ctx, input }) => getHeatmap(ctx.console, input)),
  past: allowed('mesh.read')
    .input(pastInputSchema)
    .output(pastOutputSchema)
    .query(({ ctx, input }) => getPast(ctx.console, input)),
})

// traffic.*: a service's routes in winning order, and moving weights.
import {
  setWeightsInputSchema,
  setWeightsOutputSchema,
  trafficGetInputSchema,
  trafficGetOutputSchema,
  trafficWatchInputSchema,
  trafficWatchOutputSchema,
} from '../schemas/traffic.ts'
import { allowed, router } from '../trpc.ts'
import { getTraffic } from './get.ts'
import { setWeights } from './setWeights.ts'
import { watchTraffic } from './watch.ts'

export const trafficRouter = router({
  get: allowed('mesh.read')
    .input(trafficGetInputSchema)
    .output(trafficGetOutputSchema)
    .query(({ ctx, input }) => getTraffic(ctx.console, input.service)),
  setWeights: allowed('route.write')
    .input(setWeightsInputSchema)
    .output(setWeightsOutputSchema)
    .mutation(({ ctx, input }) => setWeights(ctx.console, ctx.actor, input)),
  watch: allowed('mesh.read')
    .input(trafficWatchInputSchema)
    .output(trafficWatchOutputSchema)
    .query(({ ctx, input }) => watchTraffic(ctx.console, input)),
})

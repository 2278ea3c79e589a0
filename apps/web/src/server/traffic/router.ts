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

export const trafficRouter = router({
  get: allowed('mesh.read')
    .input(trafficGetInputSchema)
    .output(trafficGetOutputSchema)
    .query(() => {
      throw new Error('not built yet')
    }),
  setWeights: allowed('route.write')
    .input(setWeightsInputSchema)
    .output(setWeightsOutputSchema)
    .mutation(() => {
      throw new Error('not built yet')
    }),
  watch: allowed('mesh.read')
    .input(trafficWatchInputSchema)
    .output(trafficWatchOutputSchema)
    .query(() => {
      throw new Error('not built yet')
    }),
})

// traffic.*: the splits of the mesh, a service's routes in winning order, editing them, and moving weights.
import {
  backendNamesOutputSchema,
  explainInputSchema,
  explainOutputSchema,
  removedSchema,
  removeRouteInputSchema,
  savedSchema,
  saveRouteInputSchema,
  splitsLeftInputSchema,
  splitsLeftOutputSchema,
  trafficListOutputSchema,
} from '../schemas/routeEdits.ts'
import {
  setWeightsInputSchema,
  setWeightsOutputSchema,
  trafficGetInputSchema,
  trafficGetOutputSchema,
  trafficWatchInputSchema,
  trafficWatchOutputSchema,
} from '../schemas/traffic.ts'
import { findService } from '../services/get.ts'
import { allowed, router } from '../trpc.ts'
import { backendNames } from './backendNames.ts'
import { explainTraffic } from './explain.ts'
import { getTraffic } from './get.ts'
import { listTraffic } from './list.ts'
import { removeRoute, saveRoute } from './saveRoute.ts'
import { setWeights } from './setWeights.ts'
import { splitsLeft } from './splitsLeft.ts'
import { watchTraffic } from './watch.ts'

export const trafficRouter = router({
  list: allowed('mesh.read')
    .output(trafficListOutputSchema)
    .query(({ ctx }) => listTraffic(ctx.console)),
  names: allowed('mesh.read')
    .output(backendNamesOutputSchema)
    .query(({ ctx }) => backendNames(ctx.console)),
  explain: allowed('mesh.read')
    .input(explainInputSchema)
    .output(explainOutputSchema)
    .query(async ({ ctx, input }) => {
      const mesh = await ctx.console.mesh.current()
      findService(mesh, input.service)
      return explainTraffic(mesh, input, ctx.console.control.now())
    }),
  splitsLeft: allowed('mesh.read')
    .input(splitsLeftInputSchema)
    .output(splitsLeftOutputSchema)
    .query(async ({ ctx, input }) => {
      const mesh = await ctx.console.mesh.current()
      findService(mesh, input.service)
      return splitsLeft(mesh, input, ctx.console.control.now())
    }),
  saveRoute: allowed('route.write')
    .input(saveRouteInputSchema)
    .output(savedSchema)
    .mutation(({ ctx, input }) => saveRoute(ctx.console, ctx.actor, input)),
  removeRoute: allowed('route.write')
    .input(removeRouteInputSchema)
    .output(removedSchema)
    .mutation(({ ctx, input }) => removeRoute(ctx.console, ctx.actor, input)),
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

// route.*: the page of one route.
import { routeGetInputSchema, routeGetOutputSchema } from '../schemas/route.ts'
import { allowed, router } from '../trpc.ts'
import { getRoute } from './get.ts'

export const routeRouter = router({
  get: allowed('mesh.read')
    .input(routeGetInputSchema)
    .output(routeGetOutputSchema)
    .query(({ ctx, input }) => getRoute(ctx.console, input)),
})

// map.*: the Map page.
import { mapGetInputSchema, mapGetOutputSchema } from '../schemas/map.ts'
import { allowed, router } from '../trpc.ts'
import { getMap } from './get.ts'

export const mapRouter = router({
  get: allowed('mesh.read')
    .input(mapGetInputSchema)
    .output(mapGetOutputSchema)
    .query(({ ctx, input }) => getMap(ctx.console, input)),
})

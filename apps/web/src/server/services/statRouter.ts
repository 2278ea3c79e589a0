// stat.*: the same numbers for the command line.
import {
  statEdgesOutputSchema,
  statInputSchema,
  statRoutesOutputSchema,
  statServicesOutputSchema,
} from '@heddle/shared/api/index'
import { allowed, router } from '../trpc.ts'
import { statEdges, statRoutes, statServices } from './stat.ts'

export const statRouter = router({
  services: allowed('mesh.read')
    .input(statInputSchema)
    .output(statServicesOutputSchema)
    .query(({ ctx, input }) => statServices(ctx.console, input)),
  routes: allowed('mesh.read')
    .input(statInputSchema)
    .output(statRoutesOutputSchema)
    .query(({ ctx, input }) => statRoutes(ctx.console, input)),
  edges: allowed('mesh.read')
    .input(statInputSchema)
    .output(statEdgesOutputSchema)
    .query(({ ctx, input }) => statEdges(ctx.console, input)),
})

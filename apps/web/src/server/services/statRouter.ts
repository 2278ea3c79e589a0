// stat.*: the same numbers for the command line.
import {
  statEdgesOutputSchema,
  statInputSchema,
  statRoutesOutputSchema,
  statServicesOutputSchema,
} from '@heddle/shared/api/index'
import { allowed, router } from '../trpc.ts'

export const statRouter = router({
  services: allowed('mesh.read')
    .input(statInputSchema)
    .output(statServicesOutputSchema)
    .query(() => {
      throw new Error('not built yet')
    }),
  routes: allowed('mesh.read')
    .input(statInputSchema)
    .output(statRoutesOutputSchema)
    .query(() => {
      throw new Error('not built yet')
    }),
  edges: allowed('mesh.read')
    .input(statInputSchema)
    .output(statEdgesOutputSchema)
    .query(() => {
      throw new Error('not built yet')
    }),
})

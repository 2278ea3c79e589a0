// config.*: resources as YAML documents, for the command line.
import {
  applyInputSchema,
  applyOutputSchema,
  deleteInputSchema,
  deleteOutputSchema,
  getInputSchema,
  getOutputSchema,
} from '@heddle/shared/api/index'
import { allowed, router } from '../trpc.ts'

export const configRouter = router({
  // `apply` is a word that tRPC keeps for itself.
  put: allowed('route.write')
    .input(applyInputSchema)
    .output(applyOutputSchema)
    .mutation(() => {
      throw new Error('not built yet')
    }),
  diff: allowed('mesh.read')
    .input(applyInputSchema)
    .output(applyOutputSchema)
    .query(() => {
      throw new Error('not built yet')
    }),
  get: allowed('mesh.read')
    .input(getInputSchema)
    .output(getOutputSchema)
    .query(() => {
      throw new Error('not built yet')
    }),
  delete: allowed('route.write')
    .input(deleteInputSchema)
    .output(deleteOutputSchema)
    .mutation(() => {
      throw new Error('not built yet')
    }),
})

// changes.*: the history of configuration, and reverting.
import {
  changesInputSchema,
  changesOutputSchema,
  revertInputSchema,
  revertOutputSchema,
} from '@heddle/shared/api/index'
import { changesGetInputSchema, changesGetOutputSchema } from '../schemas/session.ts'
import { allowed, router } from '../trpc.ts'

export const changesRouter = router({
  list: allowed('mesh.read')
    .input(changesInputSchema)
    .output(changesOutputSchema)
    .query(() => {
      throw new Error('not built yet')
    }),
  get: allowed('mesh.read')
    .input(changesGetInputSchema)
    .output(changesGetOutputSchema)
    .query(() => {
      throw new Error('not built yet')
    }),
  revert: allowed('change.revert')
    .input(revertInputSchema)
    .output(revertOutputSchema)
    .mutation(() => {
      throw new Error('not built yet')
    }),
})

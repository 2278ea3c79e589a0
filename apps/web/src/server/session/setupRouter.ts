// setup.*: what a one-time link is for, and using it.
import {
  setupCompleteInputSchema,
  setupCompleteOutputSchema,
  setupStateInputSchema,
  setupStateOutputSchema,
} from '../schemas/session.ts'
import { open, router } from '../trpc.ts'

export const setupRouter = router({
  state: open
    .input(setupStateInputSchema)
    .output(setupStateOutputSchema)
    .query(() => {
      throw new Error('not built yet')
    }),
  complete: open
    .input(setupCompleteInputSchema)
    .output(setupCompleteOutputSchema)
    .mutation(() => {
      throw new Error('not built yet')
    }),
})

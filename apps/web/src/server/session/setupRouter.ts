// setup.*: what a one-time link is for, and using it.
import {
  setupCompleteInputSchema,
  setupCompleteOutputSchema,
  setupStateInputSchema,
  setupStateOutputSchema,
} from '../schemas/session.ts'
import { open, router } from '../trpc.ts'
import { completeSetup, setupState } from './setup.ts'

export const setupRouter = router({
  state: open
    .input(setupStateInputSchema)
    .output(setupStateOutputSchema)
    .query(({ ctx, input }) => setupState(ctx.console, input.token)),
  complete: open
    .input(setupCompleteInputSchema)
    .output(setupCompleteOutputSchema)
    .mutation(async ({ ctx, input }) => {
      const done = await completeSetup(ctx.console, input)
      // A new password ends sessions.
      ctx.console.recentCallers.forgetAll()
      return done
    }),
})

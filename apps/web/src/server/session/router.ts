// session.me: who calls, and what they may do.
import { sessionMeOutputSchema } from '../schemas/session.ts'
import { open, router } from '../trpc.ts'

export const sessionRouter = router({
  me: open.output(sessionMeOutputSchema).query(() => {
    throw new Error('not built yet')
  }),
})

// users.*: accounts and their one-time links.
import { userListOutputSchema } from '@heddle/shared/api/index'
import { userCreateInputSchema, userLinkOutputSchema, userResetInputSchema } from '../schemas/session.ts'
import { allowed, router } from '../trpc.ts'

export const usersRouter = router({
  list: allowed('user.read')
    .output(userListOutputSchema)
    .query(() => {
      throw new Error('not built yet')
    }),
  create: allowed('user.write')
    .input(userCreateInputSchema)
    .output(userLinkOutputSchema)
    .mutation(() => {
      throw new Error('not built yet')
    }),
  reset: allowed('user.write')
    .input(userResetInputSchema)
    .output(userLinkOutputSchema)
    .mutation(() => {
      throw new Error('not built yet')
    }),
})

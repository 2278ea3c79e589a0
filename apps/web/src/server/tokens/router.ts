// joinTokens.*: what a proxy joins with.
import {
  tokenCreateInputSchema,
  tokenCreateOutputSchema,
  tokenListOutputSchema,
  tokenRevokeInputSchema,
} from '@heddle/shared/api/index'
import { z } from 'zod'
import { allowed, router } from '../trpc.ts'

export const joinTokensRouter = router({
  create: allowed('joinToken.write')
    .input(tokenCreateInputSchema)
    .output(tokenCreateOutputSchema)
    .mutation(() => {
      throw new Error('not built yet')
    }),
  list: allowed('joinToken.read')
    .output(tokenListOutputSchema)
    .query(() => {
      throw new Error('not built yet')
    }),
  revoke: allowed('joinToken.write')
    .input(tokenRevokeInputSchema)
    .output(z.object({}))
    .mutation(() => {
      throw new Error('not built yet')
    }),
})

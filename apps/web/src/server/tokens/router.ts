// joinTokens.*: what a proxy joins with. The text of a token is in one answer and nowhere else.
import { createJoinToken, listJoinTokens, revokeJoinToken } from '@heddle/db'
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
    .mutation(async ({ ctx, input }) => {
      const created = await createJoinToken(ctx.console.db, { ...input, actor: ctx.actor.name })
      return { ...created, expiresAt: new Date(created.expiresAt).toISOString() }
    }),
  list: allowed('joinToken.read')
    .output(tokenListOutputSchema)
    .query(async ({ ctx }) => {
      const tokens = await listJoinTokens(ctx.console.db)
      return { tokens: tokens.map((token) => ({ ...token, expiresAt: new Date(token.expiresAt).toISOString() })) }
    }),
  revoke: allowed('joinToken.write')
    .input(tokenRevokeInputSchema)
    .output(z.object({}))
    .mutation(async ({ ctx, input }) => {
      await revokeJoinToken(ctx.console.db, { id: input.id, actor: ctx.actor.name })
      return {}
    }),
})

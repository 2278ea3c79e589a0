// apiTokens.*: what commands and machines call this API with. The text of a token is in one answer and nowhere else.
import { createApiToken, findUser, listApiTokens, revokeApiToken } from '@heddle/db'
import {
  apiTokenCreateInputSchema,
  apiTokenCreateOutputSchema,
  apiTokenListOutputSchema,
  tokenRevokeInputSchema,
} from '@heddle/shared/api/index'
import { z } from 'zod'
import { heddleError } from '../errors.ts'
import { allowed, router } from '../trpc.ts'

const timeOf = (ms: number | null): string | null => (ms === null ? null : new Date(ms).toISOString())

export const apiTokensRouter = router({
  create: allowed('apiToken.write')
    .input(apiTokenCreateInputSchema)
    .output(apiTokenCreateOutputSchema)
    .mutation(async ({ ctx, input }) => {
      // The history knows both by their names alone.
      if ((await findUser(ctx.console.db, input.name.toLowerCase())) !== null)
        throw heddleError('conflict', `There is a user ${input.name}. Give the token a name of its own.`)
      const { id, token, expiresAt } = await createApiToken(ctx.console.db, { ...input, actor: ctx.actor.name })
      return { id, token, expiresAt: timeOf(expiresAt) }
    }),
  list: allowed('apiToken.read')
    .output(apiTokenListOutputSchema)
    .query(async ({ ctx }) => {
      const tokens = await listApiTokens(ctx.console.db)
      return {
        tokens: tokens.map((token) => ({
          ...token,
          createdAt: new Date(token.createdAt).toISOString(),
          expiresAt: timeOf(token.expiresAt),
          lastUsedAt: timeOf(token.lastUsedAt),
        })),
      }
    }),
  revoke: allowed('apiToken.write')
    .input(tokenRevokeInputSchema)
    .output(z.object({}))
    .mutation(async ({ ctx, input }) => {
      await revokeApiToken(ctx.console.db, { id: input.id, actor: ctx.actor.name })
      ctx.console.recentCallers.forgetAll()
      return {}
    }),
})

// users.*: accounts and their one-time links. Nobody but the person ever knows a password.
import {
  createSetupToken,
  findUser,
  listInvitations,
  listUsers,
  removeUser,
  type SetupGrant,
  setUserRole,
  withdrawInvitation,
} from '@heddle/db'
import { userListOutputSchema } from '@heddle/shared/api/index'
import { z } from 'zod'
import type { Console } from '../console.ts'
import { heddleError } from '../errors.ts'
import {
  invitationListOutputSchema,
  userCreateInputSchema,
  userLinkOutputSchema,
  userRemoveInputSchema,
  userResetInputSchema,
  userRoleInputSchema,
} from '../schemas/session.ts'
import { allowed, router } from '../trpc.ts'

/** Long enough for an invitation to be read after a weekend. */
const INVITATION_TTL_MS = 72 * 3_600_000
const RESET_TTL_MS = 24 * 3_600_000

export const usersRouter = router({
  list: allowed('user.read')
    .output(userListOutputSchema)
    .query(async ({ ctx }) => {
      const users = await listUsers(ctx.console.db)
      return {
        users: users.map(({ name, role, createdAt }) => ({ name, role, createdAt: new Date(createdAt).toISOString() })),
      }
    }),
  create: allowed('user.write')
    .input(userCreateInputSchema)
    .output(userLinkOutputSchema)
    .mutation(async ({ ctx, input: { name, role } }) => {
      if ((await findUser(ctx.console.db, name)) !== null)
        throw heddleError('conflict', `There is a user ${name} already. Reset the password instead.`)
      const grant = { purpose: 'invitation' as const, userName: name, role }
      return link(ctx.console, grant, INVITATION_TTL_MS, ctx.actor.name)
    }),
  invitations: allowed('user.read')
    .output(invitationListOutputSchema)
    .query(async ({ ctx }) => {
      const invitations = await listInvitations(ctx.console.db)
      return {
        invitations: invitations.map((one) => ({ ...one, expiresAt: new Date(one.expiresAt).toISOString() })),
      }
    }),
  withdraw: allowed('user.write')
    .input(userRemoveInputSchema)
    .output(z.object({}))
    .mutation(async ({ ctx, input }) => {
      await withdrawInvitation(ctx.console.db, { ...input, actor: ctx.actor.name })
      return {}
    }),
  reset: allowed('user.write')
    .input(userResetInputSchema)
    .output(userLinkOutputSchema)
    .mutation(async ({ ctx, input: { name } }) => {
      if ((await findUser(ctx.console.db, name)) === null) throw heddleError('not_found', `There is no user ${name}.`)
      const grant = { purpose: 'password_reset' as const, userName: name, role: null }
      return link(ctx.console, grant, RESET_TTL_MS, ctx.actor.name)
    }),
  setRole: allowed('user.write')
    .input(userRoleInputSchema)
    .output(z.object({}))
    .mutation(async ({ ctx, input }) => {
      await setUserRole(ctx.console.db, { ...input, actor: ctx.actor.name })
      ctx.console.recentCallers.forgetAll()
      return {}
    }),
  remove: allowed('user.write')
    .input(userRemoveInputSchema)
    .output(z.object({}))
    .mutation(async ({ ctx, input }) => {
      await removeUser(ctx.console.db, { ...input, actor: ctx.actor.name })
      ctx.console.recentCallers.forgetAll()
      return {}
    }),
})

async function link(console: Console, grant: SetupGrant, ttlMs: number, actor: string) {
  const { token, expiresAt } = await createSetupToken(console.db, { ...grant, ttlMs, actor })
  const url = new URL('/setup', console.config.url)
  url.searchParams.set('token', token)
  return { name: grant.userName ?? '', link: url.href, expiresAt: new Date(expiresAt).toISOString() }
}

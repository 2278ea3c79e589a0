// session.*: who calls, what they may do, and where they are signed in.
import { endSessionsBeside, listSessionsBeside } from '@heddle/db'
import { ACTIONS, type Action, can, type Permission } from '@heddle/shared/can'
import { z } from 'zod'
import { heddleError } from '../errors.ts'
import { sessionListOutputSchema, sessionMeOutputSchema } from '../schemas/session.ts'
import { allowed, open, router } from '../trpc.ts'

export const sessionRouter = router({
  me: open.output(sessionMeOutputSchema).query(async ({ ctx }) => {
    const actor = await ctx.reader()
    return {
      user: actor === null ? null : { name: actor.name, role: actor.role },
      permissions: permissionsOf(actor?.role ?? null),
    }
  }),
  /** Where the caller is signed in. An API token is nowhere. */
  list: allowed('session.own')
    .output(sessionListOutputSchema)
    .query(async ({ ctx: { console, actor } }) => {
      if (actor.kind !== 'user') return { sessions: [] }
      const rows = await listSessionsBeside(console.db, actor.id)
      return { sessions: rows.map((row) => ({ ...row, isThis: row.id === actor.id })) }
    }),
  endOthers: allowed('session.own')
    .output(z.object({ ended: z.number() }))
    .mutation(async ({ ctx: { console, actor } }) => {
      if (actor.kind !== 'user') throw heddleError('invalid', 'An API token has no sessions. Revoke the token instead.')
      const ended = await endSessionsBeside(console.db, actor.id)
      console.recentCallers.forgetAll()
      return { ended }
    }),
})

function permissionsOf(role: Parameters<typeof can>[0]): Record<Action, Permission> {
  const actions = Object.keys(ACTIONS) as Action[]
  return Object.fromEntries(actions.map((action) => [action, can(role, action)])) as Record<Action, Permission>
}

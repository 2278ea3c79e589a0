// session.me: who calls, and what they may do.
import { ACTIONS, type Action, can, type Permission } from '@heddle/shared/can'
import { sessionMeOutputSchema } from '../schemas/session.ts'
import { open, router } from '../trpc.ts'

export const sessionRouter = router({
  me: open.output(sessionMeOutputSchema).query(async ({ ctx }) => {
    const actor = await ctx.reader()
    return {
      user: actor === null ? null : { name: actor.name, role: actor.role },
      permissions: permissionsOf(actor?.role ?? null),
    }
  }),
})

function permissionsOf(role: Parameters<typeof can>[0]): Record<Action, Permission> {
  const actions = Object.keys(ACTIONS) as Action[]
  return Object.fromEntries(actions.map((action) => [action, can(role, action)])) as Record<Action, Permission>
}

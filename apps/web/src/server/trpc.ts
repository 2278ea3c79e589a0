// The one tRPC instance: context, error shape, and the procedure builders, of which each wants the action it stands for.
// A procedure cannot be made without saying who may call it: `allowed(action)` or, for the few before sign-in, `open`.
import { type Action, can } from '@heddle/shared/can'
import { initTRPC } from '@trpc/server'
import superjson from 'superjson'
import type { ConsoleContext } from './context.ts'
import { describeError } from './describeError.ts'
import { heddleError } from './errors.ts'

export interface ProcedureMeta {
  /** `open`: anybody may call it, also without signing in. */
  action: Action | 'open'
}

const trpc = initTRPC
  .context<ConsoleContext>()
  .meta<ProcedureMeta>()
  .create({
    transformer: superjson,
    isDev: false,
    sse: {
      // Proxies and browsers give up on streams that are silent; tRPC's pings are off unless asked for.
      ping: { enabled: true, intervalMs: 10_000 },
      client: { reconnectAfterInactivityMs: 25_000 },
    },
    errorFormatter: ({ shape, error, ctx }) => {
      const described = describeError(error, ctx?.requestId ?? '-')
      return {
        ...shape,
        message: described.message,
        data: { ...shape.data, stack: undefined, heddle: described.data },
      }
    },
  })

export const router = trpc.router
export const createCallerFactory = trpc.createCallerFactory

/** Procedures that may be called without signing in. */
export const open = trpc.procedure.meta({ action: 'open' })

/** Procedures for those who may do `action`. The actor is not null behind it. */
export function allowed(action: Action) {
  return trpc.procedure.meta({ action }).use(({ ctx, next }) => {
    const { actor } = ctx
    const permission = can(actor?.role ?? null, action)
    if (actor === null) throw heddleError('unauthorized', 'Sign in first, or send a valid API token.')
    if (!permission.allowed) throw heddleError('forbidden', permission.reason)
    return next({ ctx: { ...ctx, actor } })
  })
}

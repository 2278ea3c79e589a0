// The one tRPC instance: context, error shape, and the procedure builders, of which each wants the action it stands for.
// A procedure cannot be made without saying who may call it: `allowed(action)` or, for the few before sign-in, `open`.
import { jsonTransformer } from '@heddle/shared/api/transformer'
import { type Action, can } from '@heddle/shared/can'
import { initTRPC } from '@trpc/server'
import type { ConsoleContext } from './context.ts'
import { describeError } from './describeError.ts'
import { heddleError } from './errors.ts'
import { translateError } from './translateError.ts'

export interface ProcedureMeta {
  /** `open`: anybody may call it, also without signing in. */
  action: Action | 'open'
}

/** Proxies and browsers give up on streams that are silent; tRPC's pings are off unless asked for. */
const PING_MS = 10_000

const trpc = initTRPC
  .context<ConsoleContext>()
  .meta<ProcedureMeta>()
  .create({
    transformer: jsonTransformer,
    isDev: false,
    sse: { ping: { enabled: true, intervalMs: PING_MS }, client: { reconnectAfterInactivityMs: 2.5 * PING_MS } },
    errorFormatter: ({ shape, error, ctx }) => {
      const { message, data } = describeError(error, ctx?.requestId ?? '-')
      return { ...shape, message, data: { ...shape.data, stack: undefined, heddle: data } }
    },
  })

export const router = trpc.router
export const createCallerFactory = trpc.createCallerFactory

/** For all: the database must be the right one; errors become those of the table, and each call is counted and timed. */
const observed = trpc.procedure.use(async ({ ctx, path, next }) => {
  const { console } = ctx
  const startedAt = console.clock.monotonic()
  const done = (code: string) => {
    const ms = console.clock.monotonic() - startedAt
    ctx.times.push({ procedure: path, ms })
    console.observations.procedureDone(path, code, ms / 1_000)
  }
  const gate = await console.gate.check()
  if (!gate.ready) {
    done('unavailable')
    throw heddleError('unavailable', gate.reason ?? 'The database is not ready.')
  }
  const result = await next()
  if (result.ok) {
    done('ok')
    return result
  }
  const error = translateError(result.error, { console, path, requestId: ctx.requestId })
  done(describeError(error, ctx.requestId).data.code)
  throw error
})

/** Procedures that may be called without signing in. */
export const open = observed.meta({ action: 'open' })

/** Procedures for those who may do `action`. The actor is not null behind it. */
export function allowed(action: Action) {
  return observed.meta({ action }).use(async ({ ctx, type, next }) => {
    const actor = await (type === 'mutation' ? ctx.caller() : ctx.reader())
    if (actor === null) throw heddleError('unauthorized', 'Sign in first, or send a valid API token.')
    if (actor.kind === 'user' && type === 'mutation' && !ctx.isCookieTrusted)
      throw heddleError('forbidden', 'This request came from another site, so the session does not count.')
    const permission = can(actor.role, action)
    if (!permission.allowed) throw heddleError('forbidden', permission.reason)
    return next({ ctx: { ...ctx, actor } })
  })
}

// live.watch: one stream per browser tab that says when something on screen may have changed.
import { can } from '@heddle/shared/can'
import { heddleError } from '../errors.ts'
import type { Tick } from '../schemas/session.ts'
import { allowed, router } from '../trpc.ts'
import { ticks } from './ticks.ts'
import { enter } from './watchers.ts'

/** A stream outlives the request that opened it: whoever may no longer read the mesh is told nothing after this. */
const AUTHORISED_FOR_MS = 60_000

export const liveRouter = router({
  watch: allowed('mesh.read').subscription(async function* ({ ctx, signal }): AsyncGenerator<Tick, void> {
    const { console, callerNow } = ctx
    using place = enter(ctx.actor.id)
    if (place === null) throw heddleError('too_many', 'There are too many open tabs of the console. Close one.')
    console.observations.watching(1)
    try {
      let authorisedAt = console.clock.monotonic()
      let generation = console.recentCallers.generation
      for await (const tick of ticks(console, signal ?? new AbortController().signal)) {
        const isOld = console.clock.monotonic() - authorisedAt >= AUTHORISED_FOR_MS
        if (isOld || generation !== console.recentCallers.generation) {
          generation = console.recentCallers.generation
          const actor = await callerNow()
          if (!can(actor?.role ?? null, 'mesh.read').allowed) throw heddleError('unauthorized', 'Sign in again.')
          authorisedAt = console.clock.monotonic()
        }
        yield tick
      }
    } finally {
      console.observations.watching(-1)
    }
  }),
})

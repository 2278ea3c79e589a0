// live.watch: one stream per browser tab that says when something on screen may have changed.
import { heddleError } from '../errors.ts'
import type { Tick } from '../schemas/session.ts'
import { allowed, router } from '../trpc.ts'
import { ticks } from './ticks.ts'
import { enter } from './watchers.ts'

export const liveRouter = router({
  watch: allowed('mesh.read').subscription(async function* ({ ctx, signal }): AsyncGenerator<Tick, void> {
    using place = enter(ctx.actor.id)
    if (place === null) throw heddleError('too_many', 'There are too many open tabs of the console. Close one.')
    ctx.console.observations.watching(1)
    try {
      yield* ticks(ctx.console, signal ?? new AbortController().signal)
    } finally {
      ctx.console.observations.watching(-1)
    }
  }),
})

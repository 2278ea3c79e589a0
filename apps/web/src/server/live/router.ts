// live.watch: one stream per browser tab that says when something on screen may have changed.
import type { Tick } from '../schemas/session.ts'
import { allowed, router } from '../trpc.ts'

async function* watch(): AsyncGenerator<Tick, void> {
  yield await Promise.reject(new Error('not built yet'))
}

export const liveRouter = router({
  watch: allowed('mesh.read').subscription(watch),
})

// What most people open first is read once after the console's start, one view after the other, so that the first of
// them waits neither for a cold database nor for code that never ran. Nobody waits for this, and what fails is told to
// whoever asks for it.
import { setTimeout as sleep } from 'node:timers/promises'
import { accessMatrix } from './access/matrix.ts'
import type { Console } from './console.ts'
import { getMap } from './map/get.ts'
import { servicesListInputSchema } from './schemas/services.ts'
import { countAttention } from './services/judged.ts'
import { listServices } from './services/list.ts'
import { listTraffic } from './traffic/list.ts'

const HOUR_MS = 3_600_000
const DAY_MS = 24 * HOUR_MS

/** In the order of the rail, in the range that they open with; then the next longer one of the list. */
const VIEWS: readonly ((console: Console) => Promise<unknown>)[] = [
  (console) => listServices(console, servicesListInputSchema.parse({ range: { lastMs: HOUR_MS } })),
  (console) => countAttention(console, { lastMs: HOUR_MS }),
  listTraffic,
  (console) => accessMatrix(console, { range: { lastMs: HOUR_MS } }),
  (console) => getMap(console, { range: { lastMs: HOUR_MS } }),
  (console) => listServices(console, servicesListInputSchema.parse({ range: { lastMs: DAY_MS } })),
]

/** A mesh that starts as a whole has its control plane by then; without one, numbers come from Postgres alone. */
const CONTROL_WITHIN_MS = 10_000
/** Between two views: who asks meanwhile comes first. */
const REST_MS = 50

/** How many views were read; it ends at the first that cannot be. Never throws. */
export async function readFirstViews(console: Console, controlWithinMs = CONTROL_WITHIN_MS): Promise<number> {
  await untilComplete(console, controlWithinMs)
  let read = 0
  for (const view of VIEWS) {
    try {
      await view(console)
    } catch {
      return read
    }
    read++
    await sleep(REST_MS, undefined, { ref: false })
  }
  return read
}

async function untilComplete({ control }: Console, withinMs: number): Promise<void> {
  if (control.isComplete()) return
  const { promise, resolve } = Promise.withResolvers<void>()
  using _ = control.onChange(() => {
    if (control.isComplete()) resolve()
  })
  await Promise.race([promise, sleep(withinMs, undefined, { ref: false })])
}

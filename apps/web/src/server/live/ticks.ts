// Ticks for one watcher: the state at once, then again after each change, never more often than four times a second.
import type { Instance } from '@heddle/db'
import type { ProxyState } from '@heddle/shared/wire/console'
import type { Console } from '../console.ts'
import { isWanting } from '../control/spreads.ts'
import { newestEnd, nextEndInMs } from '../metrics/range.ts'
import type { Tick } from '../schemas/session.ts'
import { presentInstances } from '../services/facts.ts'

const COALESCE_MS = 250
/** Without a change the state is looked at all the same: a stream that is away for long becomes another state by time. */
const QUIET_MS = 5_000
const SPREADS_SHOWN = 10

export type TickSource = Pick<Console, 'control' | 'revisions' | 'mesh' | 'pulse'>

export function currentTick({ control, revisions, mesh, pulse }: TickSource): Tick {
  const { link, reason } = control.state()
  const now = control.now()
  const proxies = control.proxies()
  return {
    now,
    revision: revisions.revision,
    dataAt: control.window.dataAt,
    shownTo: newestEnd(now),
    control: link,
    databaseAnswers: !pulse.isSilent,
    reason,
    partial: reason !== null,
    spreads: control
      .spreads()
      .slice(0, SPREADS_SHOWN)
      .map(({ ackMs: _, ...spread }) => spread),
    proxiesWanting: proxies === null ? 0 : countWanting(proxies.values(), mesh.lastKnown()?.instances ?? [], now),
    proxiesGeneration: control.generation,
  }
}

/** As the Proxies page lists them: one that has left is not missing, and a new one is there before it is read. */
export function countWanting(proxies: Iterable<ProxyState>, instances: readonly Instance[], now: number): number {
  const present = new Set(presentInstances(instances, now).map(({ instance }) => instance))
  const known = new Map(instances.map((instance) => [instance.instance, instance]))
  const isListed = ({ instance, connected }: ProxyState) =>
    present.has(instance) || (connected && known.get(instance)?.withdrawnAt == null)
  // A client only takes no calls: that it is not ready keeps nothing from anybody.
  const isClient = ({ instance }: ProxyState) => known.get(instance)?.inbound === null
  return [...proxies].filter(
    (proxy) => isListed(proxy) && isWanting(isClient(proxy) ? { ...proxy, ready: true } : proxy),
  ).length
}

/** Ends when `signal` does. */
export async function* ticks(source: TickSource, signal: AbortSignal): AsyncGenerator<Tick, void> {
  let hasChanged = false
  let wake: (() => void) | null = null
  const note = () => {
    hasChanged = true
    wake?.()
  }
  signal.addEventListener('abort', note, { once: true })
  using _control = source.control.onChange(note)
  using _revisions = source.revisions.onChange(note)
  const pause = async (ms: number, isWoken: boolean) => {
    if (signal.aborted || (isWoken && hasChanged)) return
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, ms)
      wake = () => {
        if (!isWoken && !signal.aborted) return
        clearTimeout(timer)
        resolve()
      }
    })
    wake = null
  }
  let last = ''
  while (!signal.aborted) {
    hasChanged = false
    const tick = currentTick(source)
    // That time has passed is no news; and of a proxy only what is counted above.
    const text = JSON.stringify({ ...tick, now: 0, proxiesGeneration: 0 })
    if (text !== last) {
      last = text
      yield tick
    }
    // A bucket is shown as soon as all proxies have had the time to report it, not with the next one's first report.
    await pause(Math.min(QUIET_MS, nextEndInMs(source.control.now())), true)
    // Changes come in groups: a revision is followed by a dozen acknowledgements.
    await pause(COALESCE_MS, false)
  }
}

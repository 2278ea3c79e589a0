// What consoles are sent: everything at first, then once a second what is new. Made once for all consoles.
import type { Clock } from '@heddle/shared/clock'
import type { ConsoleMessage } from '@heddle/shared/wire/console'
import type { LiveWindow } from '../metrics/liveWindow.ts'
import type { PushHub } from '../push/hub.ts'
import type { ProxyStates } from './proxyStates.ts'

const TICK_MS = 1_000
/** A `live` message without buckets says that the data is of now, and that nothing happened. */
const TICKS_PER_SIGN_OF_LIFE = 5

export interface ConsoleLink {
  send(frame: string): void
  close(code: number, reason: string): void
}

export interface ConsoleStreamOptions {
  controlId: string
  clock: Clock
  live: LiveWindow
  hub: PushHub
  proxies: ProxyStates
}

export class ConsoleStream {
  readonly #options: ConsoleStreamOptions
  readonly #links = new Set<ConsoleLink>()
  readonly #timer: NodeJS.Timeout
  #ticks = 0

  constructor(options: ConsoleStreamOptions) {
    this.#options = options
    this.#timer = setInterval(() => this.tick(), TICK_MS)
  }

  get size(): number {
    return this.#links.size
  }

  open(link: ConsoleLink): void {
    const { controlId, clock, live, hub, proxies } = this.#options
    // What is new goes to the others first: it is part of this one's state already.
    this.tick()
    const state: ConsoleMessage = {
      type: 'state',
      controlId,
      now: clock.now(),
      buckets: live.all(clock.now()),
      proxies: proxies.all(hub.at),
      spreads: hub.spreads.all(),
    }
    link.send(JSON.stringify(state))
    this.#links.add(link)
  }

  closed(link: ConsoleLink): void {
    this.#links.delete(link)
  }

  /** Sends what is new. */
  tick(): void {
    const { clock, live, hub, proxies } = this.#options
    const buckets = live.takeFresh()
    const changed = proxies.take(hub.at)
    const spreads = hub.spreads.takeChanged()
    if (buckets.length > 0 || this.#ticks++ % TICKS_PER_SIGN_OF_LIFE === 0)
      this.#broadcast({ type: 'live', now: clock.now(), buckets })
    if (changed.proxies.length > 0 || changed.gone.length > 0) this.#broadcast({ type: 'proxies', ...changed })
    if (spreads.length > 0) this.#broadcast({ type: 'spread', spreads })
  }

  close(code: number, reason: string): void {
    clearInterval(this.#timer)
    for (const link of this.#links) link.close(code, reason)
  }

  #broadcast(message: ConsoleMessage): void {
    if (this.#links.size === 0) return
    const frame = JSON.stringify(message)
    for (const link of this.#links) link.send(frame)
  }
}

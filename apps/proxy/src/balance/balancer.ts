// The endpoints of one backend (a service, or one version of it) as one caller sees them: their loads and breakers, and the
// choice among them. Times are `Clock.monotonic`, milliseconds. Connections are none of its business.
import { type AttemptResult, Breaker, type BreakerSettings } from '../resilience/breaker.ts'
import { chooseInTurn, chooseLessLoaded } from './choose.ts'
import { DEFAULT_RTT_MS, EndpointLoad } from './load.ts'

export type { AttemptResult } from '../resilience/breaker.ts'

export interface BalancerSettings {
  readonly balancing: 'peak-ewma' | 'round-robin'
  readonly breaker: BreakerSettings
}

interface Slot<T> {
  readonly key: string
  endpoint: T
  readonly load: EndpointLoad
  readonly breaker: Breaker
}

/** One attempt in flight at one endpoint; made by `pick`, changed by the balancer alone. */
export interface Attempt<T> {
  readonly key: string
  readonly endpoint: T
  /** This request probes an ejected endpoint. */
  readonly isProbe: boolean
  readonly slot: Slot<T>
  readonly startedMs: number
  result: AttemptResult | null
  failuresBefore: number
  isReleased: boolean
}

export interface Ejection {
  readonly key: string
  readonly untilMs: number
}

export class Balancer<T> {
  #settings: BalancerSettings
  #slots: Slot<T>[] = []
  #ejected = 0
  #turn = -1

  constructor(settings: BalancerSettings) {
    this.#settings = settings
  }

  configure(settings: BalancerSettings): void {
    this.#settings = settings
  }

  /** What is known of endpoints whose key stays is kept. */
  replace(endpoints: readonly { readonly key: string; readonly endpoint: T }[], nowMs: number): void {
    const known = new Map(this.#slots.map((slot) => [slot.key, slot]))
    const startRttMs = this.#newcomerRttMs(nowMs)
    this.#slots = endpoints.map(({ key, endpoint }) => {
      const slot = known.get(key)
      if (slot === undefined)
        return { key, endpoint, load: new EndpointLoad(startRttMs, nowMs), breaker: new Breaker() }
      slot.endpoint = endpoint
      return slot
    })
    this.#ejected = this.#slots.reduce((sum, slot) => sum + Number(slot.breaker.isEjected), 0)
    this.#restoreBeyondLimit()
  }

  /**
   * `tried` are keys already tried for this request: avoided while another is left. `circuit_open` only where the sole
   * endpoint is ejected. Each attempt must be released. `mayProbe` false: for a request whose result is not settled.
   */
  pick(
    nowMs: number,
    random: () => number,
    tried: readonly string[],
    mayProbe = true,
  ): Attempt<T> | 'no_endpoint' | 'circuit_open' {
    if (this.#slots.length === 0) return 'no_endpoint'
    if (this.#ejected > 0 && tried.length === 0 && mayProbe) {
      const due = this.#slots.find((slot) => slot.breaker.state(nowMs) === 'due')
      if (due !== undefined) return this.#begin(due, true, nowMs)
    }
    const slot = this.#choose(this.#candidates(tried), nowMs, random)
    if (slot !== undefined) return this.#begin(slot, false, nowMs)
    const due = mayProbe ? this.#slots.find((other) => other.breaker.state(nowMs) === 'due') : undefined
    return due === undefined ? 'circuit_open' : this.#begin(due, true, nowMs)
  }

  /**
   * When the answer's head is there, or the attempt failed. Once more, with a failure, when the body breaks off after a
   * good head. Says whether that ejected or restored the endpoint.
   */
  settle(
    attempt: Attempt<T>,
    result: AttemptResult,
    nowMs: number,
    random: () => number,
  ): 'ejected' | 'restored' | null {
    const { slot } = attempt
    const hadSucceeded = attempt.result === 'succeeded'
    if (attempt.result !== null && (!hadSucceeded || result === 'succeeded')) return null
    attempt.result = result
    if (result === 'succeeded') slot.load.succeeded(nowMs - attempt.startedMs, nowMs)
    // A body that broke off says nothing about the time to the head, which has been counted.
    else slot.load.failed(hadSucceeded ? 0 : nowMs - attempt.startedMs, nowMs)
    if (attempt.isProbe && !hadSucceeded) return this.#endProbe(slot, result, nowMs, random)
    attempt.failuresBefore = hadSucceeded ? attempt.failuresBefore : slot.breaker.failures
    if (hadSucceeded) slot.breaker.takeBack(attempt.failuresBefore)
    else slot.breaker.record(result)
    if (result === 'succeeded' || slot.breaker.isEjected || !this.#mayEject(slot)) return null
    slot.breaker.eject(this.#settings.breaker, nowMs, random)
    this.#ejected++
    return 'ejected'
  }

  /** Our certificate or our roots are other ones now: what they may have caused is no reason any more. */
  forgetTlsFailures(): void {
    for (const { breaker, load } of this.#slots) {
      if (!breaker.hasTlsFailures) continue
      if (breaker.isEjected) this.#ejected--
      breaker.restore()
      load.forgive()
    }
  }

  /** When the exchange is over, settled or abandoned. Later calls for the same attempt do nothing. */
  release(attempt: Attempt<T>, nowMs: number): void {
    if (attempt.isReleased) return
    attempt.isReleased = true
    attempt.slot.load.end()
    if (attempt.result !== null) return
    attempt.slot.load.waited(nowMs - attempt.startedMs, nowMs)
    if (attempt.isProbe) attempt.slot.breaker.abandonProbe()
  }

  /** Endpoints that are left alone, or are due for their probe or in it: then `untilMs` is now. */
  ejections(nowMs: number): Ejection[] {
    return this.#slots.flatMap(({ key, breaker }) =>
      breaker.isEjected ? [{ key, untilMs: Math.max(nowMs, breaker.untilMs) }] : [],
    )
  }

  #begin(slot: Slot<T>, isProbe: boolean, nowMs: number): Attempt<T> {
    slot.load.begin()
    if (isProbe) slot.breaker.startProbe()
    return {
      key: slot.key,
      endpoint: slot.endpoint,
      isProbe,
      slot,
      startedMs: nowMs,
      result: null,
      failuresBefore: 0,
      isReleased: false,
    }
  }

  #candidates(tried: readonly string[]): readonly Slot<T>[] {
    if (this.#ejected === 0 && tried.length === 0) return this.#slots
    const inUse = this.#ejected === 0 ? this.#slots : this.#slots.filter((slot) => !slot.breaker.isEjected)
    if (tried.length === 0) return inUse
    const untried = inUse.filter((slot) => !tried.includes(slot.key))
    return untried.length > 0 ? untried : inUse
  }

  #choose(candidates: readonly Slot<T>[], nowMs: number, random: () => number): Slot<T> | undefined {
    if (this.#settings.balancing === 'peak-ewma') return chooseLessLoaded(candidates, nowMs, random)
    // The first turn is drawn by lot, so that proxies that begin together do not begin at the same endpoint.
    this.#turn = this.#turn < 0 ? Math.floor(random() * candidates.length) : (this.#turn + 1) % Number.MAX_SAFE_INTEGER
    return chooseInTurn(candidates, this.#turn)
  }

  #endProbe(slot: Slot<T>, result: AttemptResult, nowMs: number, random: () => number): 'restored' | null {
    if (!slot.breaker.isEjected) return null
    if (result !== 'succeeded') {
      slot.breaker.eject(this.#settings.breaker, nowMs, random)
      return null
    }
    slot.breaker.restore()
    slot.load.forgive()
    if (this.#slots.includes(slot)) this.#ejected--
    return 'restored'
  }

  /** At most half of the endpoints, rounded down; a sole one only where it cannot be connected to. */
  #mayEject(slot: Slot<T>): boolean {
    const { breaker } = this.#settings
    if (!this.#slots.includes(slot)) return false
    if (this.#slots.length === 1) return slot.breaker.hasTrippedByConnecting(breaker)
    return slot.breaker.hasTripped(breaker) && this.#ejected < Math.floor(this.#slots.length / 2)
  }

  /** After endpoints have left: those whose penalty ends first come back, until no more than half are ejected. */
  #restoreBeyondLimit(): void {
    const sole = this.#slots.length === 1 ? this.#slots[0] : undefined
    const limit = sole?.breaker.hasTrippedByConnecting(this.#settings.breaker) ? 1 : Math.floor(this.#slots.length / 2)
    const ejected = this.#slots.filter((slot) => slot.breaker.isEjected)
    ejected.sort((a, b) => a.breaker.untilMs - b.breaker.untilMs)
    for (const slot of ejected.slice(0, Math.max(0, ejected.length - limit))) {
      slot.breaker.restore()
      this.#ejected--
    }
  }

  /** A new endpoint is taken for an average one, or a fast service would not try it for half a minute. */
  #newcomerRttMs(nowMs: number): number {
    const measured = this.#slots.filter((slot) => slot.load.isMeasured)
    if (measured.length === 0) return DEFAULT_RTT_MS
    const sum = measured.reduce((total, slot) => total + slot.load.rttMs(nowMs), 0)
    return Math.min(DEFAULT_RTT_MS, sum / measured.length)
  }
}

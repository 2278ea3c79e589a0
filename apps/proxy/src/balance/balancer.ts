import type { BreakerSettings } from '../resilience/breaker.ts'
export interface BalancerSettings {
  readonly balancing: 'peak-ewma' | 'round-robin'
  readonly breaker: BreakerSettings
}
/** How an attempt at an endpoint went. `failed`: a 5xx or a reset; `connect_failed`: no connection, or no TLS. */
export type AttemptResult = 'succeeded' | 'failed' | 'connect_failed'
/** One attempt in flight at one endpoint; made by `pick`. */
export interface Attempt<T> {
  readonly key: string
  readonly endpoint: T
  /** This request probes an ejected endpoint. */
  readonly isProbe: boolean
}
export interface Ejection {
  readonly key: string
  readonly untilMs: number
}
/** The endpoints of one backend (a service, or one version of it) as one caller sees them: loads, breakers, choice. Times are `Clock.monotonic`, milliseconds. */
export class Balancer<T> {
  constructor(settings: BalancerSettings) {
    throw new Error(`pending ${settings.balancing}`)
  }
  configure(settings: BalancerSettings): void {
    throw new Error(`pending ${settings.balancing}`)
  }
  /** What is known of endpoints whose key stays is kept. */
  replace(endpoints: readonly { readonly key: string; readonly endpoint: T }[], nowMs: number): void {
    throw new Error(`pending ${endpoints.length} ${nowMs}`)
  }
  /** `tried` are keys already tried for this request: avoided while another is left. Each attempt must be released. */
  pick(nowMs: number, random: () => number, tried: readonly string[]): Attempt<T> | 'no_endpoint' | 'circuit_open' {
    throw new Error(`pending ${nowMs} ${random()} ${tried.length}`)
  }
  /** When the answer's head is there, or the attempt failed. Again with a failure when the body breaks off after it. Says whether that ejected or restored the endpoint. */
  settle(
    attempt: Attempt<T>,
    result: AttemptResult,
    nowMs: number,
    random: () => number,
  ): 'ejected' | 'restored' | null {
    throw new Error(`pending ${attempt.key} ${result} ${nowMs} ${random()}`)
  }
  /** When the exchange is over, settled or abandoned. Later calls for the same attempt do nothing. */
  release(attempt: Attempt<T>, nowMs: number): void {
    throw new Error(`pending ${attempt.key} ${nowMs}`)
  }
  ejections(nowMs: number): Ejection[] {
    throw new Error(`pending ${nowMs}`)
  }
}

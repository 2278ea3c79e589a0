// The circuit breaker of one endpoint, a state machine: closed → (failures in a row) → open for a penalty → one real
// request probes → closed again, or open for longer. Whether an endpoint *may* be ejected depends on its neighbours and is
// the balancer's to say.

export interface BreakerSettings {
  readonly consecutiveFailures: number
  readonly minPenaltyMs: number
  readonly maxPenaltyMs: number
}

/**
 * `failed`: a 5xx or a reset; `connect_failed`: no connection, or no TLS: the endpoint itself, not its answers;
 * `refused_us`: it does not take our certificate, which may be its fault or ours.
 */
export type AttemptResult = 'succeeded' | 'failed' | 'connect_failed' | 'refused_us'

/** closed: in use; open: left alone; due: the penalty is over, the next request probes; probing: that request is out. */
export type BreakerState = 'closed' | 'open' | 'due' | 'probing'

/** Penalties are spread by up to this part of their length, so that callers do not come back together (Linkerd's ratio). */
const JITTER = 0.5

export class Breaker {
  #isEjected = false
  #isProbing = false
  #untilMs = 0
  /** Ejections since the endpoint last answered well. */
  #ejections = 0
  #failures = 0
  #connectFailures = 0
  /** Failures that another certificate or other roots of ours may have cured. */
  #hasTlsFailures = false

  state(nowMs: number): BreakerState {
    if (!this.#isEjected) return 'closed'
    if (this.#isProbing) return 'probing'
    return nowMs >= this.#untilMs ? 'due' : 'open'
  }

  /** End of the penalty; meaningful while ejected. */
  get untilMs(): number {
    return this.#untilMs
  }

  get isEjected(): boolean {
    return this.#isEjected
  }

  /** Failures in a row. */
  get failures(): number {
    return this.#failures
  }

  /** Results of requests that were out when the endpoint was ejected say nothing new. */
  record(result: AttemptResult): void {
    if (this.#isEjected) return
    switch (result) {
      case 'succeeded':
        this.#failures = 0
        this.#connectFailures = 0
        this.#hasTlsFailures = false
        break
      case 'failed':
        this.#failures++
        this.#connectFailures = 0
        break
      case 'connect_failed':
        this.#failures++
        this.#connectFailures++
        this.#hasTlsFailures = true
        break
      case 'refused_us':
        this.#failures++
        this.#connectFailures = 0
        this.#hasTlsFailures = true
        break
    }
  }

  /** An answer that had been counted as good broke off: it continues the row that it had ended. */
  takeBack(failuresBefore: number): void {
    if (!this.#isEjected) this.#failures = Math.max(this.#failures, failuresBefore) + 1
  }

  hasTripped(settings: BreakerSettings): boolean {
    return this.#failures >= settings.consecutiveFailures
  }

  /** Whether connections alone would have tripped it: the only reason to leave a sole endpoint alone. */
  hasTrippedByConnecting(settings: BreakerSettings): boolean {
    return this.#connectFailures >= settings.consecutiveFailures
  }

  eject(settings: BreakerSettings, nowMs: number, random: () => number): void {
    this.#untilMs = nowMs + penaltyMs(settings, this.#ejections, random)
    this.#ejections++
    this.#isEjected = true
    this.#isProbing = false
  }

  startProbe(): void {
    this.#isProbing = true
  }

  /** The probe ended without saying anything (its caller went away): the next request probes. */
  abandonProbe(): void {
    this.#isProbing = false
  }

  /** Whether what failed may go better with another certificate of ours. */
  get hasTlsFailures(): boolean {
    return this.#hasTlsFailures
  }

  /** The probe succeeded, too many others are ejected, or what failed was ours and is mended. */
  restore(): void {
    this.#isEjected = false
    this.#isProbing = false
    this.#ejections = 0
    this.#failures = 0
    this.#connectFailures = 0
    this.#hasTlsFailures = false
  }
}

/** Doubles with each ejection in a row, from `minPenaltyMs` to `maxPenaltyMs`, jitter included. */
function penaltyMs(settings: BreakerSettings, ejectionsBefore: number, random: () => number): number {
  const { minPenaltyMs, maxPenaltyMs } = settings
  const doubled = minPenaltyMs * 2 ** Math.min(ejectionsBefore, 30)
  const base = Math.max(minPenaltyMs, Math.min(doubled, maxPenaltyMs / (1 + JITTER)))
  return Math.min(maxPenaltyMs, base * (1 + JITTER * random()))
}

// How loaded one endpoint looks to this caller: a peak-sensitive moving average of its latency, times the requests that
// wait for it, worse for failures. What Finagle and Linkerd call Peak EWMA, plus the failures: an endpoint that fails fast
// would otherwise look like the best one.

/** The average forgets to 1/e in this time (Linkerd's). */
const DECAY_MS = 10_000
/** What an endpoint is taken for before it has answered (Linkerd's). */
export const DEFAULT_RTT_MS = 30
/** Decay lowers the estimate of an endpoint that is not asked, so that it is asked again; below this it says nothing. */
const MIN_RTT_MS = 0.1
/** What one result changes in the share of failures: seven failures in a row make it one half. */
const FAILURE_STEP = 0.1
/**
 * What a failure costs, as latency. Well above that of usual answers: an endpoint that is fast whenever it does not fail
 * must not be preferred for that.
 */
const FAILURE_MS = 500
/** The least share of successes that is reckoned with, so that costs stay comparable. */
const MIN_SUCCESS = 0.01

export class EndpointLoad {
  #rttMs: number
  #failureShare = 0
  #updatedMs: number
  #pending = 0
  #isMeasured = false

  /** `startRttMs`: what to take the endpoint for until it has answered. */
  constructor(startRttMs: number, nowMs: number) {
    this.#rttMs = startRttMs
    this.#updatedMs = nowMs
  }

  get isMeasured(): boolean {
    return this.#isMeasured
  }

  /** Requests in flight. */
  get pending(): number {
    return this.#pending
  }

  /** Estimate of the latency, milliseconds. */
  rttMs(nowMs: number): number {
    return Math.max(MIN_RTT_MS, this.#rttMs * this.#kept(nowMs))
  }

  /** Lower is better: the time until there is a good answer, failures before it included, for all who wait for it. */
  cost(nowMs: number): number {
    const kept = this.#kept(nowMs)
    const success = Math.max(MIN_SUCCESS, 1 - this.#failureShare * kept)
    const failuresPerSuccess = (1 - success) / success
    return (Math.max(MIN_RTT_MS, this.#rttMs * kept) + FAILURE_MS * failuresPerSuccess) * (this.#pending + 1)
  }

  begin(): void {
    this.#pending++
  }

  end(): void {
    this.#pending = Math.max(0, this.#pending - 1)
  }

  /** A good answer's head after `rttMs`. A slower one than expected counts at once, a faster one little by little. */
  succeeded(rttMs: number, nowMs: number): void {
    const kept = this.#kept(nowMs)
    this.#rttMs = this.#isMeasured ? Math.max(rttMs, this.#rttMs * kept + rttMs * (1 - kept)) : rttMs
    this.#isMeasured = true
    this.#failureShare *= kept * (1 - FAILURE_STEP)
    this.#updatedMs = nowMs
  }

  /** A failure after `elapsedMs`: it can make the estimate worse, never better. */
  failed(elapsedMs: number, nowMs: number): void {
    this.waited(elapsedMs, nowMs)
    this.#failureShare += (1 - this.#failureShare) * FAILURE_STEP
  }

  /** A probe has shown that the endpoint is well again: what was before says nothing any more. */
  forgive(): void {
    this.#failureShare = 0
  }

  /** An attempt that was given up after `elapsedMs` without an answer: the latency is at least that. */
  waited(elapsedMs: number, nowMs: number): void {
    const kept = this.#kept(nowMs)
    this.#rttMs = Math.max(elapsedMs, this.#rttMs * kept)
    this.#failureShare *= kept
    this.#updatedMs = nowMs
  }

  #kept(nowMs: number): number {
    return nowMs > this.#updatedMs ? Math.exp((this.#updatedMs - nowMs) / DECAY_MS) : 1
  }
}

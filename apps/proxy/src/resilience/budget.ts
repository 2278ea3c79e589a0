// The retry budget of one proxy towards one destination: repeats may add a share to the load and no more, so that they
// cannot make an outage worse. A window that slides in slots; what falls out of it is forgotten.

export interface BudgetSettings {
  /** Repeats allowed for each hundred requests of the window. */
  readonly percent: number
  /** And besides, however few requests there are. */
  readonly minPerSecond: number
  readonly windowMs: number
}

/** The window slides in steps of a tenth of its length. */
const SLOTS = 10

/** Times are `Clock.monotonic`, milliseconds. */
export class RetryBudget {
  #settings: BudgetSettings
  readonly #requests = new Float64Array(SLOTS)
  readonly #retries = new Float64Array(SLOTS)
  #requestSum = 0
  #retrySum = 0
  /** Number of the current slot, counted from time 0. */
  #slot: number

  constructor(settings: BudgetSettings, nowMs: number) {
    this.#settings = settings
    this.#slot = this.#slotAt(nowMs)
  }

  /** Another length of the window starts it anew. */
  configure(settings: BudgetSettings, nowMs: number): void {
    const isSameWindow = settings.windowMs === this.#settings.windowMs
    this.#settings = settings
    if (isSameWindow) return
    this.#clear()
    this.#slot = this.#slotAt(nowMs)
  }

  /** Once for each request (not for its repeats). */
  countRequest(nowMs: number): void {
    this.#slide(nowMs)
    const at = this.#slot % SLOTS
    this.#requests[at] = (this.#requests[at] ?? 0) + 1
    this.#requestSum++
  }

  /** Takes one repeat out of the budget, or says no. */
  takeRetry(nowMs: number): boolean {
    this.#slide(nowMs)
    const { percent, minPerSecond, windowMs } = this.#settings
    const allowed = (this.#requestSum * percent) / 100 + (minPerSecond * windowMs) / 1_000
    if (this.#retrySum + 1 > allowed) return false
    const at = this.#slot % SLOTS
    this.#retries[at] = (this.#retries[at] ?? 0) + 1
    this.#retrySum++
    return true
  }

  #slotAt(nowMs: number): number {
    return Math.max(0, Math.floor((nowMs * SLOTS) / this.#settings.windowMs))
  }

  #slide(nowMs: number): void {
    const slot = this.#slotAt(nowMs)
    if (slot <= this.#slot) return
    for (; this.#slot < slot; this.#slot++) {
      // After a long silence: at the latest when the window has gone round once.
      if (this.#requestSum === 0 && this.#retrySum === 0) break
      const oldest = (this.#slot + 1) % SLOTS
      this.#requestSum -= this.#requests[oldest] ?? 0
      this.#retrySum -= this.#retries[oldest] ?? 0
      this.#requests[oldest] = 0
      this.#retries[oldest] = 0
    }
    this.#slot = slot
  }

  #clear(): void {
    this.#requests.fill(0)
    this.#retries.fill(0)
    this.#requestSum = 0
    this.#retrySum = 0
  }
}

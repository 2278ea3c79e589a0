// Endpoints that this proxy leaves alone for now, told to the control plane a moment after they change.
import type { Clock } from '@heddle/shared/clock'

/** The wire's limit. */
const MOST_ENDPOINTS = 1_000

export interface Ejection {
  instance: string
  /** Milliseconds from now. */
  untilMs: number
}

export class EjectionReport {
  readonly #clock: Clock
  readonly #send: (endpoints: Ejection[]) => void
  /** Instance → end of the penalty, monotonic milliseconds. */
  readonly #ejected = new Map<string, number>()
  #isChanged = false

  constructor(clock: Clock, send: (endpoints: Ejection[]) => void) {
    this.#clock = clock
    this.#send = send
  }

  /** `fields` as the request path tells them: the instance and, where it was ejected, `forMs`. */
  changed(change: 'ejected' | 'restored', fields: Readonly<Record<string, string | number>>): void {
    const { instance, forMs } = fields
    if (typeof instance !== 'string') return
    this.#isChanged = true
    if (change === 'restored') this.#ejected.delete(instance)
    else if (this.#ejected.size < MOST_ENDPOINTS) {
      this.#ejected.set(instance, this.#clock.monotonic() + (typeof forMs === 'number' ? forMs : 0))
    }
  }

  /** Sends what changed since the last time. */
  tick(): void {
    if (!this.#isChanged) return
    this.#isChanged = false
    const now = this.#clock.monotonic()
    const endpoints = Array.from(this.#ejected, ([instance, until]) => ({ instance, untilMs: Math.max(0, until - now) }))
    this.#send(endpoints)
  }
}

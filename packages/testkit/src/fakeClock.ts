// A clock that a test turns by hand.
import type { Clock } from '@heddle/shared/clock'

export class FakeClock implements Clock {
  #epochMs: number
  #monotonicMs = 0

  /** `epochMs`: the wall time at the start. */
  constructor(epochMs = 1_700_000_000_000) {
    this.#epochMs = epochMs
  }

  now(): number {
    return this.#epochMs
  }

  monotonic(): number {
    return this.#monotonicMs
  }

  /** Both times move on. */
  advance(ms: number): void {
    this.#epochMs += ms
    this.#monotonicMs += ms
  }

  /** Somebody sets the machine's clock: only the wall time moves. */
  jump(ms: number): void {
    this.#epochMs += ms
  }
}

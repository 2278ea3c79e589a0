// A clock that a test turns by hand; it fits `Clock` of @heddle/shared, on which this package does not depend.

export class FakeClock {
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

// How long to wait before a child that died is started again: doubling, with jitter, and forgotten once it stayed up.

const FIRST_MS = 250
const LONGEST_MS = 30_000
/** A child that lived this long was well; its next death starts from the first delay again. */
const HEALTHY_MS = 60_000

export class Backoff {
  #failures = 0
  readonly #random: () => number

  constructor(random: () => number) {
    this.#random = random
  }

  /** Milliseconds to wait after a child that lived for `livedMs`; between half and all of the doubling delay. */
  next(livedMs: number): number {
    if (livedMs >= HEALTHY_MS) this.#failures = 0
    const delayMs = Math.min(LONGEST_MS, FIRST_MS * 2 ** this.#failures)
    this.#failures++
    return delayMs / 2 + (delayMs / 2) * this.#random()
  }
}

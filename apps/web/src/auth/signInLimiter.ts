// How often somebody may try a password: per name, and over all names, since each try costs a scrypt. Only failures
// count in the end. Pure but for what it remembers; the clock comes in.
import type { Clock } from '@heddle/shared/clock'

const PER_NAME = { tries: 10, windowMs: 60_000 }
const OVER_ALL = { tries: 120, windowMs: 60_000 }
/** Names that are remembered; with more, the oldest are forgotten (the limit over all names still holds). */
const MOST_NAMES = 10_000

interface Count {
  tries: number
  since: number
}

export class SignInLimiter {
  readonly #clock: Clock
  readonly #names = new Map<string, Count>()
  #all: Count

  constructor(clock: Clock) {
    this.#clock = clock
    this.#all = { tries: 0, since: clock.monotonic() }
  }

  /** Whether a try is allowed; it counts, until `succeeded`. */
  allow(name: string): boolean {
    const now = this.#clock.monotonic()
    if (now - this.#all.since >= OVER_ALL.windowMs) this.#all = { tries: 0, since: now }
    if (this.#all.tries >= OVER_ALL.tries) return false
    const known = this.#names.get(name)
    const count = known === undefined || now - known.since >= PER_NAME.windowMs ? { tries: 0, since: now } : known
    if (count.tries >= PER_NAME.tries) return false
    count.tries++
    this.#all.tries++
    this.#names.delete(name)
    this.#names.set(name, count)
    if (this.#names.size > MOST_NAMES) for (const oldest of this.#names.keys()) return this.#forget(oldest)
    return true
  }

  /** The password was right: its tries are forgiven. */
  succeeded(name: string): void {
    this.#names.delete(name)
    if (this.#all.tries > 0) this.#all.tries--
  }

  #forget(name: string): true {
    this.#names.delete(name)
    return true
  }
}

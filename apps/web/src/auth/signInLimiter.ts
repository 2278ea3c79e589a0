// How fast passwords can be tried. Wrong ones make each further try of that name slower, up to a few seconds: whoever
// knows the password gets in all the same, and wrong tries of one name take nothing from the others. What a try costs
// (a scrypt) is bounded by how many run at once. Names that exist and names that do not are treated alike.
import { setTimeout as sleep } from 'node:timers/promises'
import type { Clock } from '@heddle/shared/clock'
import { Semaphore } from './semaphore.ts'

/** Mistyping is free. */
const FREE_FAILURES = 4
const FIRST_DELAY_MS = 250
const LONGEST_DELAY_MS = 4_000
/** Without a wrong try for so long a name starts anew. */
const FORGIVEN_AFTER_MS = 60_000
/** Tries of one name that wait or are checked; with the longest delay that is 4 guesses a second. */
const AT_ONCE_PER_NAME = 16
/** A scrypt takes a tenth of a second of one of Node's four threads for such work; sessions and files need them too. */
const CHECKS_AT_ONCE = 2
const CHECKS_IN_LINE = 64
/** Names that are remembered; with more, those that have been quiet for longest are forgotten. */
const MOST_NAMES = 10_000

interface Tries {
  failures: number
  failedAt: number
  atOnce: number
}

export class SignInLimiter {
  readonly #clock: Clock
  readonly #wait: (ms: number) => Promise<unknown>
  readonly #checks = new Semaphore(CHECKS_AT_ONCE, CHECKS_IN_LINE)
  readonly #names = new Map<string, Tries>()

  constructor(clock: Clock, wait: (ms: number) => Promise<unknown> = (ms) => sleep(ms, undefined, { ref: false })) {
    this.#clock = clock
    this.#wait = wait
  }

  /** What `check` answers, after the delay of that name; null: too many try at this moment. A 4xx is a wrong password. */
  async attempt(name: string, check: () => Promise<Response>): Promise<Response | null> {
    const tries = this.#triesOf(name)
    if (tries.atOnce >= AT_ONCE_PER_NAME) return null
    tries.atOnce++
    try {
      const delayMs = delayAfter(tries.failures)
      if (delayMs > 0) await this.#wait(delayMs)
      using place = await this.#checks.enter()
      if (place === null) return null
      const answer = await check()
      if (answer.ok) tries.failures = 0
      else if (answer.status < 500) {
        tries.failures++
        tries.failedAt = this.#clock.monotonic()
      }
      return answer
    } finally {
      tries.atOnce--
    }
  }

  #triesOf(name: string): Tries {
    const now = this.#clock.monotonic()
    const tries = this.#names.get(name) ?? { failures: 0, failedAt: now, atOnce: 0 }
    if (now - tries.failedAt >= FORGIVEN_AFTER_MS) tries.failures = 0
    this.#names.delete(name)
    this.#names.set(name, tries)
    for (const oldest of this.#names.keys()) {
      if (this.#names.size <= MOST_NAMES) break
      this.#names.delete(oldest)
    }
    return tries
  }
}

/** Milliseconds to wait before the next try, after so many wrong ones. */
function delayAfter(failures: number): number {
  if (failures <= FREE_FAILURES) return 0
  return Math.min(LONGEST_DELAY_MS, FIRST_DELAY_MS * 2 ** (failures - FREE_FAILURES - 1))
}

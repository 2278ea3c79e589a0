// Reads of what Postgres holds, remembered for a moment: many tabs ask for the same stretch, which hardly changes once
// it is older than a minute (a proxy that was cut off may still add to it, up to 15 minutes late).
import type { Clock } from '@heddle/shared/clock'

const REMEMBER_MS = 20_000
const SETTLED_MS = 60_000
const MOST_READS = 200

interface Remembered {
  until: number
  result: Promise<unknown>
}

export class StoredReads {
  readonly #clock: Clock
  readonly #reads = new Map<string, Remembered>()

  constructor(clock: Clock) {
    this.#clock = clock
  }

  /** `key` names the query with everything it depends on; `to` is the end of its stretch. Errors are not remembered. */
  read<T>(key: string, to: number, query: () => Promise<T>): Promise<T> {
    const now = this.#clock.monotonic()
    if (to > this.#clock.now() - SETTLED_MS) return query()
    const known = this.#reads.get(key)
    // The key names the query, so what is remembered under it has the query's type.
    if (known !== undefined && known.until > now) return known.result as Promise<T>
    const result = query()
    this.#reads.delete(key)
    this.#reads.set(key, { until: now + REMEMBER_MS, result })
    result.catch(() => this.#reads.delete(key))
    for (const oldest of this.#reads.keys()) {
      if (this.#reads.size <= MOST_READS) break
      this.#reads.delete(oldest)
    }
    return result
  }
}

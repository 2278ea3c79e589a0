// Reads of what Postgres holds, remembered: many tabs ask for the same stretch, and the next reading for most of it again.
// It hardly changes once it is older than a minute (a proxy that was cut off may still add to it, up to 15 minutes late),
// and not at all after that.
import type { Clock } from '@heddle/shared/clock'

const REMEMBER_MS = 20_000
const SETTLED_MS = 60_000
/** As late as a report can be, and the time that it takes to be committed. */
export const FINAL_MS = 16 * 60_000
/** What is final may be dropped with its partition one day. */
const REMEMBER_FINAL_MS = 3_600_000
const MOST_READS = 400
/** Of all remembered reads together; about 1 KiB each. */
const MOST_ROWS = 150_000

interface Remembered {
  until: number
  result: Promise<unknown>
  /** 0 until they have come. */
  rows: number
}

export class StoredReads {
  readonly #clock: Clock
  readonly #reads = new Map<string, Remembered>()
  #rows = 0

  constructor(clock: Clock) {
    this.#clock = clock
  }

  /** `key` names the query with everything it depends on. Errors are not remembered. */
  read<T>(key: string, range: { from: number; to: number }, query: () => Promise<T[]>): Promise<T[]> {
    const now = this.#clock.monotonic()
    const ageMs = this.#clock.now() - range.to
    if (ageMs < SETTLED_MS) return query()
    const known = this.#reads.get(key)
    if (known !== undefined && known.until > now) {
      // Used again: the least used leave first.
      this.#reads.delete(key)
      this.#reads.set(key, known)
      // The key names the query, so what is remembered under it has the query's type.
      return known.result as Promise<T[]>
    }
    const result = query()
    const read: Remembered = { until: now + (ageMs < FINAL_MS ? REMEMBER_MS : REMEMBER_FINAL_MS), result, rows: 0 }
    this.#forget(key)
    this.#reads.set(key, read)
    result.then(
      ({ length }) => {
        if (this.#reads.get(key) !== read) return
        read.rows = length
        this.#rows += length
        this.#makeRoom()
      },
      () => {
        if (this.#reads.get(key) === read) this.#forget(key)
      },
    )
    this.#makeRoom()
    return result
  }

  #makeRoom(): void {
    for (const oldest of this.#reads.keys()) {
      if (this.#reads.size <= MOST_READS && this.#rows <= MOST_ROWS) return
      this.#forget(oldest)
    }
  }

  #forget(key: string): void {
    this.#rows -= this.#reads.get(key)?.rows ?? 0
    this.#reads.delete(key)
  }
}

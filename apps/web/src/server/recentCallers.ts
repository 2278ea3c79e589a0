// Who was let in lately, for reads while the database cannot be asked: an outage is when the console is needed most.
// Pure but for what it remembers; the clock comes in. Secrets are kept as hashes.
import { createHash } from 'node:crypto'
import type { Clock } from '@heddle/shared/clock'
import type { Actor } from './context.ts'

/** A session that was ended or a role that was taken away elsewhere during an outage counts no longer than this. */
export const RECENT_MS = 60_000
const MOST_CALLERS = 1_000

export class RecentCallers {
  readonly #clock: Clock
  readonly #known = new Map<string, { actor: Actor; at: number }>()

  #generation = 0

  constructor(clock: Clock) {
    this.#clock = clock
  }

  /** Moves each time somebody's rights ended here: what lasts asks again then. */
  get generation(): number {
    return this.#generation
  }

  /** What the database said of these headers just now; null: nobody. */
  note(headers: Headers, actor: Actor | null): void {
    const key = keyOf(headers)
    this.#known.delete(key)
    if (actor === null) return
    this.#known.set(key, { actor, at: this.#clock.monotonic() })
    for (const oldest of this.#known.keys()) {
      if (this.#known.size <= MOST_CALLERS) break
      this.#known.delete(oldest)
    }
  }

  /** undefined: not known, or too long ago. */
  find(headers: Headers): Actor | undefined {
    const known = this.#known.get(keyOf(headers))
    return known !== undefined && this.#clock.monotonic() - known.at <= RECENT_MS ? known.actor : undefined
  }

  /** Somebody's rights ended: nobody is let in from memory until the database has said so again. */
  forgetAll(): void {
    this.#known.clear()
    this.#generation++
  }
}

function keyOf(headers: Headers): string {
  const text = JSON.stringify([headers.get('authorization'), headers.get('cookie')])
  return createHash('sha256').update(text).digest('base64url')
}

// How far a change has come: for each revision that changed configuration, the proxies that hold a changed document
// and those that have acknowledged it. The last few hundred are kept, for the console.
import { pickEvenly } from '@heddle/shared/pickEvenly'
import { ACKS_TOLD, type Spread } from '@heddle/shared/wire/console'

const KEPT = 256

/** One revision's way to its holders. `Holder` is whatever stands for a connected proxy. */
export interface RevisionSpread<Holder> {
  readonly revision: number
  /** Monotonic milliseconds at which the commit was seen. */
  readonly seenAt: number
  readonly waiting: Set<Holder>
  holders: number
  /** Milliseconds after `seenAt`, ascending. */
  readonly ackMs: number[]
}

export class Spreads<Holder> {
  readonly #byRevision = new Map<number, RevisionSpread<Holder>>()
  readonly #changed = new Set<number>()

  /** A revision changed documents that `holders` hold. */
  begin(revision: number, seenAt: number, holders: Iterable<Holder>): RevisionSpread<Holder> {
    const waiting = new Set(holders)
    const spread = { revision, seenAt, waiting, holders: waiting.size, ackMs: [] }
    this.#byRevision.set(revision, spread)
    this.#changed.add(revision)
    for (const old of this.#byRevision.keys()) {
      if (this.#byRevision.size <= KEPT) break
      this.#byRevision.delete(old)
      this.#changed.delete(old)
    }
    return spread
  }

  acknowledge(spread: RevisionSpread<Holder>, holder: Holder, now: number): void {
    if (!spread.waiting.delete(holder)) return
    spread.ackMs.push(now - spread.seenAt)
    this.#touch(spread)
  }

  /** A holder that is gone is no holder: it gets the newest state when it comes back. */
  leave(holder: Holder, spreads: Iterable<RevisionSpread<Holder>>): void {
    for (const spread of spreads)
      if (spread.waiting.delete(holder)) {
        spread.holders--
        this.#touch(spread)
      }
  }

  all(): Spread[] {
    return [...this.#byRevision.values()].map(publish)
  }

  /** What changed since this was last asked. */
  takeChanged(): Spread[] {
    const changed = [...this.#changed].flatMap((revision) => this.#byRevision.get(revision) ?? []).map(publish)
    this.#changed.clear()
    return changed
  }

  #touch(spread: RevisionSpread<Holder>): void {
    if (this.#byRevision.get(spread.revision) === spread) this.#changed.add(spread.revision)
  }
}

function publish<Holder>(spread: RevisionSpread<Holder>): Spread {
  return {
    revision: spread.revision,
    holders: spread.holders,
    acknowledged: spread.holders - spread.waiting.size,
    lastAckMs: spread.ackMs.at(-1) ?? null,
    ackMs: pickEvenly(spread.ackMs, ACKS_TOLD),
  }
}

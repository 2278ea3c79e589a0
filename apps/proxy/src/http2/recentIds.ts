// Streams that we reset lately: what the peer had sent before it knew is passed over (RFC 9113, 5.1). Bounded: what comes
// for one that is long gone is a fault.

/** At least so many are known, and at most twice as many. */
const KNOWN_IDS = 2_000

export class RecentIds {
  #older = new Set<number>()
  #newer = new Set<number>()

  has(id: number): boolean {
    return this.#newer.has(id) || this.#older.has(id)
  }

  add(id: number): void {
    if (this.#newer.size === KNOWN_IDS) {
      this.#older = this.#newer
      this.#newer = new Set()
    }
    this.#newer.add(id)
  }
}

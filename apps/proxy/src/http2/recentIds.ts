// Streams that we reset lately: what the peer had sent before it knew is passed over (RFC 9113, 5.1). Bounded: what comes
// for one that is long gone is a fault.

const MAX_IDS = 4_000

export class RecentIds {
  readonly #ids = new Set<number>()

  has(id: number): boolean {
    return this.#ids.has(id)
  }

  add(id: number): void {
    if (this.#ids.size === MAX_IDS)
      for (const oldest of this.#ids) {
        this.#ids.delete(oldest)
        break
      }
    this.#ids.add(id)
  }
}

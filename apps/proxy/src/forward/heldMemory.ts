// What this process holds of answers that came faster than they are taken. A window bounds it for each stream, and the
// number of streams for each connection; all of them together are more than a small proxy should ever hold.

/** A quarter of what a thousand stalled streams of one connection could fill. */
const LIMIT_BYTES = 64 * 1024 * 1024

export class HeldMemory {
  bytes = 0
  readonly #limitBytes: number

  constructor(limitBytes = LIMIT_BYTES) {
    this.#limitBytes = limitBytes
  }

  /** No further request is to be sent whose answer might have to be held too. */
  get isFull(): boolean {
    return this.bytes >= this.#limitBytes
  }
}

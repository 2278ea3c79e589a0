// Flow-control windows (RFC 9113, 5.2 and 6.9).
import { MAX_31_BITS } from './frame.ts'

/** What was taken of a window, to be allowed anew in halves of it: fewer frames, and never a peer that stands still. */
export class Refill {
  readonly #size: number
  #consumed = 0

  constructor(size: number) {
    this.#size = size
  }

  /** So many octets are out of the way. How much to allow now, often nothing. */
  consume(bytes: number): number {
    this.#consumed += bytes
    if (this.#consumed * 2 < this.#size) return 0
    const increment = this.#consumed
    this.#consumed = 0
    return increment
  }
}

/** What the peer may send. */
export class ReceiveWindow extends Refill {
  #left: number

  constructor(size: number) {
    super(size)
    this.#left = size
  }

  /** A frame of so many octets has come; false where it is more than was allowed. */
  take(bytes: number): boolean {
    this.#left -= bytes
    return this.#left >= 0
  }

  /** So many octets are out of the way; how much to allow now. */
  override consume(bytes: number): number {
    const increment = super.consume(bytes)
    this.#left += increment
    return increment
  }
}

/** What we may send. Below zero where the peer has taken back what was used already (RFC 9113, 6.9.2). */
export class SendWindow {
  left: number

  constructor(size: number) {
    this.left = size
  }

  /** False where it would grow beyond what a window may be. */
  grow(bytes: number): boolean {
    this.left += bytes
    return this.left <= MAX_31_BITS
  }
}

// The body of a request between the connection that reads it and whoever takes it: pushed on as it comes, and held where
// nobody takes it now.
import { BodyQueue } from '../http2/bodyQueue.ts'
import type { BodyTaker, CallerBody, HeaderList } from './exchange.ts'

export class IncomingBody implements CallerBody {
  isWhole = false
  readonly #onWanted: () => void
  #taker: BodyTaker | undefined
  #isPaused = false
  #isOver = false
  #held: BodyQueue | undefined
  /** How it ends, behind what is held. */
  #ending: { trailers: HeaderList } | { error: Error } | undefined

  /** `onWanted`: somebody has taken all that was held, and wants more, where nobody did. */
  constructor(onWanted: () => void) {
    this.#onWanted = onWanted
  }

  // For whoever takes it.

  read(taker: BodyTaker): void {
    this.#taker = taker
    this.#flow()
  }

  pause(): void {
    this.#isPaused = true
  }

  resume(): void {
    if (!this.#isPaused) return
    this.#isPaused = false
    this.#flow()
  }

  // For the connection.

  /** What is added now is taken at once. */
  get isWanted(): boolean {
    return this.#taker !== undefined && !this.#isPaused && !this.#isOver
  }

  /** False: it is held, or was the last that is wanted now. */
  add(chunk: Buffer): boolean {
    if (this.#taker !== undefined && this.isWanted && this.#held?.first === undefined)
      return this.#pass(this.#taker, chunk)
    this.#held ??= new BodyQueue()
    this.#held.add(chunk)
    return false
  }

  end(trailers: HeaderList): void {
    this.isWhole = true
    this.#ending = { trailers }
    if (this.isWanted) this.#flow()
  }

  /** It comes to no end. What is held is not given first: it is broken anyway. */
  broke(): void {
    if (this.#isOver) return
    this.#held = undefined
    this.#isPaused = false
    this.#ending = { error: new Error('the caller broke off the body') }
    if (this.#taker !== undefined) this.#finish(this.#taker)
  }

  /** Nobody wants the rest. */
  drop(): void {
    this.#isOver = true
    this.#held = undefined
  }

  #flow(): void {
    const taker = this.#taker
    if (taker === undefined) return
    for (;;) {
      if (this.#isPaused || this.#isOver) return
      const piece = this.#held?.first
      if (piece === undefined) break
      this.#held?.take(piece.length)
      this.#pass(taker, piece)
    }
    const isAtEnd = this.#ending !== undefined
    // At its end too: what was held was taken.
    this.#onWanted()
    if (isAtEnd) this.#finish(taker)
  }

  #pass(taker: BodyTaker, piece: Buffer): boolean {
    if (!taker.data(piece)) this.#isPaused = true
    return !this.#isPaused
  }

  #finish(taker: BodyTaker): void {
    const ending = this.#ending
    if (this.#isOver || ending === undefined) return
    this.#isOver = true
    if ('error' in ending) taker.broke(ending.error)
    else taker.end(ending.trailers)
  }
}

// The body of an answer on its way out, exactly as long as its head has promised. What comes with the head leaves with it,
// and what comes in one turn of the event loop leaves in one write: over HTTP/2 a large body comes in frames of 16 to 64 KiB and
// TLS records that cut them, each of which would be a system call.
import { BodyLedger } from '../http1/bodyLedger.ts'
import { atEndOfTurn } from '../transport/endOfTurn.ts'
import type { AnswerHead } from './answerHead.ts'
import type { AnswerSink, HeaderList } from './exchange.ts'
import type { Piece } from './writePieces.ts'

/** More than this does not wait for the end of the turn, nor of a body that is there at once. */
const HELD_BYTES = 64 * 1024

/** What is behind it: the connection. */
export interface AnswerChannel {
  /** As a socket's write. */
  write(pieces: readonly Piece[]): boolean
  onDrain(listener: () => void): void
  /** The answer is whole. */
  answered(keepsAlive: boolean): void
  abort(): void
}

export class AnswerWriter implements AnswerSink {
  readonly #channel: AnswerChannel
  readonly #ledger: BodyLedger
  readonly #keepsAlive: boolean
  #pieces: Piece[]
  #heldBytes = 0
  #isFlushed = false
  /** What is held leaves at the end of this turn. */
  #isScheduled = false
  /** The channel said so at the last write, and has not drained since. */
  #isFull = false
  #isOver = false
  #onDrain: (() => void) | undefined

  constructor(channel: AnswerChannel, head: AnswerHead) {
    this.#channel = channel
    this.#ledger = new BodyLedger(head.body)
    this.#keepsAlive = head.keepsAlive
    this.#pieces = [head.text]
  }

  write(chunk: Buffer): boolean {
    if (this.#isOver || chunk.length === 0) return true
    try {
      const before = this.#ledger.piece(chunk.length)
      if (before !== '') this.#pieces.push(before)
    } catch {
      this.abort()
      return true
    }
    this.#pieces.push(chunk)
    if (this.#ledger.isChunked) this.#pieces.push('\r\n')
    this.#heldBytes += chunk.length
    if (this.#heldBytes > HELD_BYTES) this.#send()
    else if (this.#isFlushed) this.#sendSoon()
    return !this.#isFull
  }

  onDrain(listener: () => void): void {
    this.#onDrain = listener
  }

  /** At the end of this turn: an answer that is all there leaves in one write. */
  flush(): void {
    if (this.#isOver) return
    this.#isFlushed = true
    this.#sendSoon()
  }

  end(trailers: HeaderList): void {
    if (this.#isOver) return
    try {
      const last = this.#ledger.end(trailers)
      if (last !== '') this.#pieces.push(last)
    } catch {
      this.abort()
      return
    }
    this.#isOver = true
    this.#send()
    this.#channel.answered(this.#keepsAlive)
  }

  abort(): void {
    if (this.#isOver) return
    this.#isOver = true
    this.#pieces = []
    this.#channel.abort()
  }

  #sendSoon(): void {
    if (this.#isScheduled || this.#pieces.length === 0) return
    this.#isScheduled = true
    atEndOfTurn(() => {
      this.#isScheduled = false
      if (!this.#isOver) this.#send()
    })
  }

  #send(): void {
    if (this.#pieces.length === 0) return
    const pieces = this.#pieces
    this.#pieces = []
    this.#heldBytes = 0
    if (this.#channel.write(pieces) || this.#isFull) return
    this.#isFull = true
    this.#channel.onDrain(() => {
      this.#isFull = false
      this.#onDrain?.()
    })
  }
}

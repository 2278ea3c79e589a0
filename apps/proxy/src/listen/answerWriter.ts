// The body of an answer on its way out, exactly as long as its head has promised. What comes with the head leaves with it.
import { BodyLedger } from '../http1/bodyLedger.ts'
import type { AnswerHead } from './answerHead.ts'
import type { AnswerSink, HeaderList } from './exchange.ts'
import type { Piece } from './writePieces.ts'

/** Of a body that is there at once: more than this does not wait for the end of it. */
const HELD_BYTES = 16 * 1024

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
  #isOver = false

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
    return this.#isFlushed || this.#heldBytes > HELD_BYTES ? this.#send() : true
  }

  onDrain(listener: () => void): void {
    this.#channel.onDrain(listener)
  }

  flush(): void {
    if (this.#isOver) return
    this.#isFlushed = true
    this.#send()
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

  #send(): boolean {
    if (this.#pieces.length === 0) return true
    const pieces = this.#pieces
    this.#pieces = []
    this.#heldBytes = 0
    return this.#channel.write(pieces)
  }
}

// Keeps a body to what its head promised: a length that is not kept makes the next message part of this one.
import { chunkHeadText, lastChunkText, type OutgoingBody, UnencodableError } from './encode.ts'

export class BodyLedger {
  readonly #body: OutgoingBody
  #rest: number
  #isOver = false

  constructor(body: OutgoingBody) {
    this.#body = body
    this.#rest = body.kind === 'length' ? body.length : 0
  }

  /** Whether CRLF goes behind each piece. */
  get isChunked(): boolean {
    return this.#body.kind === 'chunked'
  }

  /** What to write before a piece of `length` octets, often nothing. Throws where it is more than was promised. */
  piece(length: number): string {
    if (this.#isOver) throw new UnencodableError('the body has ended')
    switch (this.#body.kind) {
      case 'none':
        throw new UnencodableError('this message has no body')
      case 'length':
        if (length > this.#rest) throw new UnencodableError('the body is longer than its Content-Length')
        this.#rest -= length
        return ''
      case 'chunked':
        return chunkHeadText(length)
      case 'until_close':
        return ''
    }
  }

  /** What to write at the end. Trailers are dropped where the framing has no place for them. Throws where octets lack. */
  end(trailers: readonly string[]): string {
    if (this.#isOver) throw new UnencodableError('the body has ended')
    this.#isOver = true
    if (this.#rest > 0) throw new UnencodableError('the body is shorter than its Content-Length')
    return this.#body.kind === 'chunked' ? lastChunkText(trailers) : ''
  }
}

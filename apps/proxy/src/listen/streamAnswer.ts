// The body of an answer on its way out on a stream of HTTP/2. The head waits for what comes with it, so that an answer
// without a body is one frame.
import type { OutgoingResponse } from '../http2/encodeHead.ts'
import { ERROR } from '../http2/fault.ts'
import type { RequestHead } from '../http2/requestHead.ts'
import type { ServerConnection } from '../http2/serverConnection.ts'
import type { Stream } from '../http2/stream.ts'
import type { AnswerSink, HeaderList } from './exchange.ts'

/** What is behind it. */
export interface AnswerStream {
  readonly codec: ServerConnection
  readonly stream: Stream<RequestHead>
  /** Something was said. */
  wake(): void
  onDrain(listener: () => void): void
  /** The answer is whole, or broken off. */
  over(): void
}

export class StreamAnswer implements AnswerSink {
  readonly #on: AnswerStream
  /** Not sent yet. */
  #head: OutgoingResponse | null
  #isOver = false

  constructor(on: AnswerStream, head: OutgoingResponse) {
    this.#on = on
    this.#head = head
  }

  write(chunk: Buffer): boolean {
    if (this.#isOver || chunk.length === 0) return true
    try {
      this.#begin()
      return this.#on.codec.send(this.#on.stream, chunk)
    } catch {
      // It is no answer that can be sent, or longer than its head has promised.
      this.abort()
      return true
    } finally {
      this.#on.wake()
    }
  }

  onDrain(listener: () => void): void {
    this.#on.onDrain(listener)
  }

  flush(): void {
    if (this.#isOver || this.#head === null) return
    try {
      this.#begin()
      this.#on.wake()
    } catch {
      this.abort()
    }
  }

  end(trailers: HeaderList): void {
    if (this.#isOver) return
    const { codec, stream } = this.#on
    try {
      if (this.#head !== null && trailers.length === 0) codec.respond(stream, this.#head, true)
      else {
        this.#begin()
        codec.finish(stream, trailers)
      }
    } catch {
      this.abort()
      return
    }
    this.#end()
  }

  abort(): void {
    if (this.#isOver) return
    this.#on.codec.reset(this.#on.stream, ERROR.INTERNAL_ERROR)
    this.#end()
  }

  #begin(): void {
    if (this.#head === null) return
    const head = this.#head
    this.#head = null
    this.#on.codec.respond(this.#on.stream, head, false)
  }

  #end(): void {
    this.#isOver = true
    this.#on.wake()
    this.#on.over()
  }
}

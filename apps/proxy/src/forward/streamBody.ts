// A request's body onto its stream, no faster than it is taken.
import type { ClientConnection } from '../http2/clientConnection.ts'
import type { ResponseHead } from '../http2/responseHead.ts'
import type { Stream } from '../http2/stream.ts'
import type { BodyTaker, HeaderList } from '../listen/exchange.ts'

/** What a stream hangs on. */
export interface StreamChannel {
  readonly codec: ClientConnection
  /** Something was said. */
  wake(): void
  /** It broke off, or is not what was promised: the request is not whole. May be called when the stream is over. */
  bodyBroke(stream: Stream<ResponseHead>, error: Error): void
}

/** Where the stream has room again, whoever knows it resumes the body. */
export class StreamBody implements BodyTaker {
  readonly #stream: Stream<ResponseHead>
  readonly #on: StreamChannel

  constructor(stream: Stream<ResponseHead>, on: StreamChannel) {
    this.#stream = stream
    this.#on = on
  }

  data(chunk: Buffer): boolean {
    try {
      return this.#on.codec.send(this.#stream, chunk)
    } catch (error) {
      this.#notPromised(error)
      return false
    } finally {
      this.#on.wake()
    }
  }

  end(trailers: HeaderList): void {
    try {
      this.#on.codec.finish(this.#stream, trailers)
      this.#on.wake()
    } catch (error) {
      this.#notPromised(error)
    }
  }

  broke(error: Error): void {
    this.#on.bodyBroke(this.#stream, error)
  }

  #notPromised(error: unknown): void {
    this.broke(error instanceof Error ? error : new Error(String(error)))
  }
}

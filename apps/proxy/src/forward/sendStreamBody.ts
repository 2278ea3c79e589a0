// A request's body onto its stream, no faster than it is taken.
import type { ClientConnection } from '../http2/clientConnection.ts'
import type { ResponseHead } from '../http2/responseHead.ts'
import type { Stream } from '../http2/stream.ts'
import type { RequestStream } from '../listen/exchange.ts'

/** What a stream hangs on. */
export interface StreamChannel {
  readonly connection: ClientConnection
  /** Something was said. */
  wake(): void
  /** It broke off, or is not what was promised: the request is not whole. May be called when the stream is over. */
  broken(error: Error): void
}

/** Where the stream has room again, whoever knows it resumes `body`. */
export function sendStreamBody(
  stream: Stream<ResponseHead>,
  body: RequestStream,
  { connection, wake, broken }: StreamChannel,
): void {
  const say = (what: () => void): void => {
    if (stream.isClosed) return
    try {
      what()
      wake()
    } catch (error) {
      broken(error instanceof Error ? error : new Error(String(error)))
    }
  }
  body.on('data', (chunk: Buffer) =>
    say(() => {
      if (!connection.send(stream, chunk)) body.pause()
    }),
  )
  body.once('end', () => say(() => connection.finish(stream, body.trailers)))
  body.once('error', broken)
  const closed = (): void => {
    if (!body.readableEnded) broken(new Error('the body of the request broke off'))
  }
  // It may have waited for its connection longer than its caller did.
  if (body.destroyed) closed()
  else body.once('close', closed)
}

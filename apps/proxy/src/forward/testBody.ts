// The bodies of requests in tests: from streams, and to their end.
import type { Readable } from 'node:stream'
import type { BodyTaker, HeaderList } from '../listen/exchange.ts'
import type { RequestBody } from './upstream.ts'

/** A stream as a body, which is destroyed with the attempt. */
export function bodyFrom(stream: Readable, trailers: HeaderList = []): RequestBody {
  return {
    read: (taker) => {
      const broke = (): void => {
        if (!stream.readableEnded) taker.broke(new Error('the body of the request broke off'))
      }
      if (stream.destroyed) broke()
      stream.on('data', (chunk: Buffer) => {
        if (!taker.data(chunk)) stream.pause()
      })
      stream.on('end', () => taker.end(trailers))
      stream.on('close', broke)
    },
    resume: () => stream.resume(),
    abort: () => stream.removeAllListeners('close').destroy(),
  }
}

/** Resolves with the whole when it has ended, and rejects where it breaks off. `onData`: as a taker's. */
export function readBody(
  body: { read(taker: BodyTaker): void },
  onData: (chunk: Buffer) => boolean = () => true,
): Promise<string> {
  const chunks: Buffer[] = []
  return new Promise((resolve, reject) =>
    body.read({
      data: (chunk) => {
        chunks.push(chunk)
        return onData(chunk)
      },
      end: () => resolve(Buffer.concat(chunks).toString('latin1')),
      broke: reject,
    }),
  )
}

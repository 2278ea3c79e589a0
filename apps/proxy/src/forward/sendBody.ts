// A request's body onto a connection, no faster than it is taken, and exactly as long as its head has promised.
import type { Socket } from 'node:net'
import { BodyLedger } from '../http1/bodyLedger.ts'
import type { OutgoingBody } from '../http1/encode.ts'
import type { RequestStream } from '../listen/exchange.ts'

export interface BodyEvents {
  /** The head leaves, with the first bytes of the body where they are there. */
  onFirst(): void
  /** All of it was written. */
  onSent(): void
  /** It broke off, or is not what was promised: the request is not whole. */
  onBroken(error: Error): void
}

export function sendBody(
  socket: Socket,
  head: string,
  body: RequestStream,
  framing: OutgoingBody,
  { onFirst, onSent, onBroken }: BodyEvents,
): void {
  const ledger = new BodyLedger(framing)
  let isFirst = true
  let isOver = false
  const stop = (): void => {
    isOver = true
    clearImmediate(alone)
    body.off('data', onData)
    socket.off('drain', onDrain)
  }
  const broken = (error: Error): void => {
    if (isOver) return
    stop()
    onBroken(error)
  }
  const begin = (): void => {
    if (!isFirst) return
    isFirst = false
    onFirst()
    socket.write(head, 'latin1')
  }
  const onDrain = (): void => {
    body.resume()
  }
  const onData = (chunk: Buffer): void => {
    if (chunk.length === 0) return
    socket.cork()
    try {
      const before = ledger.piece(chunk.length)
      begin()
      if (before !== '') socket.write(before, 'latin1')
      let mayGoOn = socket.write(chunk)
      if (ledger.isChunked) mayGoOn = socket.write('\r\n', 'latin1')
      if (!mayGoOn) body.pause()
    } catch (error) {
      broken(error instanceof Error ? error : new Error(String(error)))
    } finally {
      socket.uncork()
    }
  }
  // What of the body has come already shares a packet with the head. Where there is nothing the head goes alone: a server
  // may answer it at once, and there are clients that wait for that before they send anything.
  const alone = setImmediate(begin)
  body.on('data', onData)
  socket.on('drain', onDrain)
  body.once('end', () => {
    if (isOver) return
    socket.cork()
    try {
      const last = ledger.end(body.trailers ?? [])
      begin()
      if (last !== '') socket.write(last, 'latin1')
      stop()
      onSent()
    } catch (error) {
      broken(error instanceof Error ? error : new Error(String(error)))
    } finally {
      socket.uncork()
    }
  })
  body.once('error', broken)
  body.once('close', () => {
    if (!body.readableEnded) broken(new Error('the body of the request broke off'))
  })
}

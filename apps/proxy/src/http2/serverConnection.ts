// The server's side of HTTP/2: requests come, answers go (see `Connection` for how it is used).
import { UnencodableError } from '../http1/encode.ts'
import type { Refusal } from '../http1/refusal.ts'
import { Connection, closedFault } from './connection.ts'
import { type OutgoingResponse, responseBlock } from './encodeHead.ts'
import { type Fault, protocolError } from './fault.ts'
import type { ConnectionLimits } from './limits.ts'
import { type RequestHead, readRequestHead } from './requestHead.ts'
import type { Stream } from './stream.ts'

export class ServerConnection extends Connection<RequestHead> {
  /** Beyond `lastPeerStream` are those that came after the last GOAWAY. */
  #lastSeen = 0

  constructor(limits: ConnectionLimits) {
    super(limits, true)
  }

  /** 1xx, before the answer. Throws an UnencodableError, as `respond` does. */
  inform(stream: Stream<RequestHead>, status: number, fields: readonly string[]): void {
    if (stream.isClosed) return
    if (stream.hasSentHead || status >= 200) throw new UnencodableError('no place for an informational answer')
    this.writer.headers(stream.id, this.block(responseBlock({ status, fields, contentLength: null })), false)
  }

  /** The answer's head. `isEnd`: nothing follows, as with HEAD, 204 and 304. */
  respond(stream: Stream<RequestHead>, head: OutgoingResponse, isEnd: boolean): void {
    if (stream.isClosed) return
    if (stream.hasSentHead || head.status < 200) throw new UnencodableError('no place for an answer')
    const hasNoBody = stream.head?.method === 'HEAD' || head.status === 204 || head.status === 304
    this.sendHead(stream, responseBlock(head), hasNoBody ? 0 : head.contentLength, isEnd)
  }

  protected override takeHead(
    id: number,
    fields: string[],
    isEnd: boolean,
    refusal: Refusal | undefined,
  ): Fault | undefined {
    const known = this.streams.get(id)
    if (known !== undefined) {
      if (refusal !== undefined) return this.streamFault(known, protocolError(refusal.detail))
      if (known.head?.method === 'CONNECT') return this.streamFault(known, protocolError('a field section in a tunnel'))
      return this.trailersTaken(known, fields, isEnd)
    }
    if (id % 2 === 0) return protocolError('a stream that a client cannot open')
    if (id <= this.#lastSeen) return closedFault('HEADERS')
    this.#lastSeen = id
    if (this.goingAway === 'yes') return this.passOver(id)
    this.lastPeerStream = id
    if (this.streams.size >= this.limits.maxStreams) return this.refuseStream(id)
    const stream = this.newStream(id)
    const head = refusal ?? readRequestHead(fields)
    if (!('reason' in head)) return this.headTaken(stream, head, head.contentLength, isEnd)
    if (head.reason === 'malformed') return this.streamFault(stream, protocolError(head.detail))
    return this.headRefused(stream, head, isEnd)
  }

  protected override isIdle(id: number): boolean {
    return id % 2 === 0 || id > this.#lastSeen
  }

  protected override isInBody(stream: Stream<RequestHead>): boolean {
    return stream.head !== undefined
  }

  /** We open no streams. */
  protected override peerGoesAway(): undefined {
    return undefined
  }
}

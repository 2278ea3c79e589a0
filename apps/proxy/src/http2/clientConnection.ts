// The client's side of HTTP/2: requests go, answers come (see `Connection` for how it is used).
import { UnencodableError } from '../http1/encode.ts'
import type { Refusal } from '../http1/refusal.ts'
import { Connection, closedFault } from './connection.ts'
import { type OutgoingRequest, requestBlock } from './encodeHead.ts'
import { type Fault, protocolError } from './fault.ts'
import { MAX_31_BITS } from './frame.ts'
import type { ConnectionLimits } from './limits.ts'
import { bodyLength, type ResponseHead, readResponseHead } from './responseHead.ts'
import type { Stream } from './stream.ts'

/** A server that keeps on hinting is talking to itself. */
const MAX_INTERIM = 16

export class ClientConnection extends Connection<ResponseHead> {
  #nextStream = 1
  #isPeerGoing = false
  #lastTaken = MAX_31_BITS

  constructor(limits: ConnectionLimits) {
    super(limits, false)
  }

  /** Whether `open` may be called. Where it may not for good, `isLeaving` is true. */
  get canOpen(): boolean {
    return !this.isLeaving && this.streams.size < this.peer.maxStreams
  }

  /** No request will be sent here any more. */
  get isLeaving(): boolean {
    return this.#isPeerGoing || this.goingAway !== 'no' || this.over !== undefined || this.#nextStream > MAX_31_BITS
  }

  override get isDrained(): boolean {
    return this.isLeaving && this.openStreams === 0
  }

  /** Sends a request's head; `isEnd`: it has no body. Throws an UnencodableError, and where `canOpen` is false. */
  open(head: OutgoingRequest, isEnd: boolean): Stream<ResponseHead> {
    if (!this.canOpen) throw new Error('no stream can be opened')
    const block = requestBlock(head)
    if (isEnd && (head.contentLength ?? 0) > 0)
      throw new UnencodableError('the body is shorter than its Content-Length')
    const stream = this.newStream(this.#nextStream)
    this.#nextStream += 2
    stream.method = head.method
    this.sendHead(stream, block, head.contentLength, isEnd)
    return stream
  }

  override end(): void {
    if (this.over !== undefined) return
    super.end()
    // A server that has ended takes nothing any more: what was not taken by then has not left.
    this.writer.take()
  }

  protected override takeHead(
    id: number,
    fields: string[],
    isEnd: boolean,
    refusal: Refusal | undefined,
  ): Fault | undefined {
    const stream = this.streams.get(id)
    if (stream === undefined)
      return this.isIdle(id) ? protocolError('an answer that nobody asked for') : closedFault('HEADERS')
    if (refusal !== undefined) return this.streamFault(stream, protocolError(refusal.detail))
    if (this.isInBody(stream)) {
      if (stream.method === 'CONNECT') return this.streamFault(stream, protocolError('a field section in a tunnel'))
      return this.trailersTaken(stream, fields, isEnd)
    }
    const head = readResponseHead(fields)
    if ('reason' in head) return this.streamFault(stream, protocolError(head.detail))
    if (!head.isInterim) return this.headTaken(stream, head, bodyLength(head, stream.method), isEnd)
    if (isEnd) return this.streamFault(stream, protocolError('an informational answer that is the last'))
    if (++stream.interimHeads > MAX_INTERIM)
      return this.streamFault(stream, protocolError('too many informational answers'))
    return this.headTaken(stream, head, null, false)
  }

  protected override isIdle(id: number): boolean {
    return id % 2 === 0 || id >= this.#nextStream
  }

  protected override isInBody(stream: Stream<ResponseHead>): boolean {
    return stream.head?.isInterim === false
  }

  protected override peerGoesAway(last: number): Fault | undefined {
    if (last > this.#lastTaken) return protocolError('a GOAWAY that takes back another')
    this.#isPeerGoing = true
    this.#lastTaken = last
    for (const stream of this.streams.all()) if (stream.id > last) this.unprocessed(stream)
    return undefined
  }
}

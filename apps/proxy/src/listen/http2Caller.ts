// One connection of a caller that speaks HTTP/2: each stream is a request, and takes the path of every other. http2/ reads
// and writes, transport/ has the socket, and here is who is asked and what is counted.
import type { MeshErrorCode } from '@heddle/shared/errors'
import { isGrpcCall } from '../grpc/call.ts'
import { ERROR } from '../http2/fault.ts'
import type { RequestHead as ReadHead } from '../http2/requestHead.ts'
import { ServerConnection } from '../http2/serverConnection.ts'
import type { Stream } from '../http2/stream.ts'
import { StreamTable } from '../http2/streamTable.ts'
import { type Ending, Http2Transport, type OwnedStep, type TransportOwner } from '../transport/http2Transport.ts'
import { answerFields } from './answerHead.ts'
import type { Connection, ConnectionReader } from './connections.ts'
import type { Front, Http2Front } from './front.ts'
import { httpDate } from './httpDate.ts'
import { judge, refusalOf } from './judge.ts'
import { grpcRefusal, isRefusal, type Refusal, refusalAnswer } from './refusal.ts'
import { type StreamChannel, StreamExchange } from './streamExchange.ts'

const OVERLOADED: Refusal = { code: 'overloaded', detail: 'too much waits to be read' }

export class Http2Caller implements TransportOwner, StreamChannel, ConnectionReader {
  readonly codec: ServerConnection
  readonly #connection: Connection
  readonly #front: Front
  readonly #http2: Http2Front
  readonly #transport: Http2Transport<ReadHead>
  readonly #exchanges = new StreamTable<StreamExchange>()
  /** Of answers, what waited when it was counted last. */
  #queuedBytes = 0

  constructor(connection: Connection, front: Front, http2: Http2Front) {
    this.codec = new ServerConnection(http2.limits)
    this.#connection = connection
    this.#front = front
    this.#http2 = http2
    const { socket } = connection
    this.#transport = new Http2Transport({
      connection: this.codec,
      socket,
      owner: this,
      clock: front.clock,
      care: http2.care,
    })
    connection.http = this
    if (connection.isRetiring) this.retire()
  }

  sweep(nowMs: number): void {
    this.#transport.sweep(nowMs)
  }

  retire(): void {
    this.#transport.leave()
  }

  // For the transport.

  step(step: OwnedStep): void {
    if (step === 'pong' || step === 'goaway') return
    const { stream } = this.codec
    switch (step) {
      case 'head':
        if (stream.head !== undefined) this.#began(stream, stream.head)
        return
      case 'refused_head':
        this.#turnAway(stream, stream.refusal === undefined ? OVERLOADED : refusalOf(stream.refusal))
        return
      case 'data':
        this.#exchanges.get(stream.id)?.data(this.codec.data)
        return
      case 'end':
        this.#exchanges.get(stream.id)?.ended()
        return
      case 'drained':
        this.#exchanges.get(stream.id)?.drained()
        return
      case 'reset':
        this.#reset(stream)
    }
  }

  flushed(): void {
    const { queuedBytes, openStreams } = this.codec
    if (queuedBytes !== this.#queuedBytes) {
      this.holds(queuedBytes - this.#queuedBytes)
      this.#queuedBytes = queuedBytes
    }
    this.#front.connections.carries(this.#connection, openStreams)
  }

  ended({ fault }: Ending): void {
    this.holds(-this.#queuedBytes)
    this.#queuedBytes = 0
    this.#front.connections.carries(this.#connection, 0)
    if (fault !== undefined && fault.code !== ERROR.NO_ERROR) this.#http2.faulted(this.#connection.origin, fault)
  }

  // For the exchanges.

  wake(): void {
    this.#transport.wake()
  }

  date(): string {
    return httpDate(this.#front.clock.now())
  }

  holds(bytes: number): void {
    this.#http2.budget.change(bytes)
  }

  over(exchange: StreamExchange): void {
    this.#exchanges.delete(exchange.id)
  }

  #began(stream: Stream<ReadHead>, read: ReadHead): void {
    const { clock, connections, handle } = this.#front
    const { origin } = this.#connection
    connections.carries(this.#connection, this.codec.openStreams)
    if ('code' in origin) {
      this.#turnAway(stream, origin)
      this.#transport.leave()
      return
    }
    const head = this.#http2.budget.isSpent ? OVERLOADED : judge(read, origin, this.#front)
    if (isRefusal(head)) {
      this.#turnAway(stream, head)
      return
    }
    const exchange = new StreamExchange({
      channel: this,
      stream,
      head,
      expectsContinue: read.expectsContinue,
      origin,
      receivedAtMs: clock.monotonic(),
    })
    this.#exchanges.add(exchange)
    handle(exchange)
  }

  #reset(stream: Stream<ReadHead>): void {
    const exchange = this.#exchanges.get(stream.id)
    if (exchange !== undefined) {
      this.#exchanges.delete(stream.id)
      exchange.gone()
    } else if (stream.head === undefined && stream.refusal === undefined && stream.fault?.by === 'us')
      this.#count('malformed')
    this.#front.connections.carries(this.#connection, this.codec.openStreams)
  }

  /** What came is no request that is served here. */
  #turnAway(stream: Stream<ReadHead>, { code, detail }: Refusal): void {
    const read = stream.head
    const isGrpc = read !== undefined && isGrpcCall(read.method, read.fields)
    const { status, headers, body } = (isGrpc ? grpcRefusal : refusalAnswer)(code, detail)
    const { fields, length } = answerFields(headers, this.date())
    const isWhole = isGrpc || read?.method === 'HEAD'
    this.codec.respond(stream, { status, fields, contentLength: length }, isWhole)
    if (!isWhole) {
      this.codec.send(stream, body)
      this.codec.finish(stream)
    }
    this.codec.discard(stream)
    this.#count(code)
  }

  #count(code: MeshErrorCode): void {
    const { origin } = this.#connection
    if (!('code' in origin)) this.#front.refused(origin, code)
  }
}

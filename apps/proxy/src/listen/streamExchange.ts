// One request of a caller and its answer, on a stream of HTTP/2. Whatever happens to it ends that stream only.
import type { Duplex } from 'node:stream'
import type { MeshErrorCode } from '@heddle/shared/errors'
import { isGrpcCall } from '../grpc/call.ts'
import { ERROR } from '../http2/fault.ts'
import type { RequestHead as ReadHead } from '../http2/requestHead.ts'
import type { ServerConnection } from '../http2/serverConnection.ts'
import type { Stream } from '../http2/stream.ts'
import { answerFields, interimFields } from './answerHead.ts'
import { type AnswerSink, type Exchange, type HeaderList, NOWHERE, type Origin, type RequestHead } from './exchange.ts'
import { IncomingBody } from './incomingBody.ts'
import { grpcRefusal, refusalAnswer } from './refusal.ts'
import { type AnswerStream, StreamAnswer } from './streamAnswer.ts'

/** The connection, as far as one exchange needs it. */
export interface StreamChannel {
  readonly codec: ServerConnection
  /** Something was said. */
  wake(): void
  /** The Date field of now. */
  date(): string
  /** So much more is kept of bodies that nobody has taken, or less. */
  holds(bytes: number): void
  /** Nothing more is to be told to the exchange. */
  over(exchange: StreamExchange): void
}

export interface StreamExchangeParts {
  channel: StreamChannel
  stream: Stream<ReadHead>
  /** Decoded. */
  head: RequestHead
  expectsContinue: boolean
  origin: Origin
  receivedAtMs: number
}

export class StreamExchange implements Exchange, AnswerStream {
  readonly id: number
  readonly head: RequestHead
  readonly origin: Origin
  readonly receivedAtMs: number
  readonly body: IncomingBody | null
  readonly stream: Stream<ReadHead>
  readonly #channel: StreamChannel
  /** Of the body, what nobody has taken. */
  #heldBytes = 0
  #isWaitingForInvitation: boolean
  #hasAnswered = false
  #isGone = false
  #onGone: (() => void) | undefined
  #onDrain: (() => void) | undefined

  constructor({ channel, stream, head, expectsContinue, origin, receivedAtMs }: StreamExchangeParts) {
    this.id = stream.id
    this.head = head
    this.origin = origin
    this.receivedAtMs = receivedAtMs
    this.stream = stream
    this.#channel = channel
    this.body = stream.hasReceivedAll ? null : new IncomingBody(() => this.#release())
    this.#isWaitingForInvitation = expectsContinue
  }

  // For the path.

  get hasAnswered(): boolean {
    return this.#hasAnswered
  }

  onGone(listener: () => void): void {
    if (this.#isGone) listener()
    else this.#onGone = listener
  }

  invite(): void {
    if (!this.#isWaitingForInvitation) return
    this.#isWaitingForInvitation = false
    this.inform(100, [])
  }

  inform(status: number, headers: HeaderList): void {
    if (this.#hasAnswered || this.#isGone) return
    this.codec.inform(this.stream, status, interimFields(headers))
    this.wake()
  }

  answer(status: number, _statusText: string, headers: HeaderList): AnswerSink {
    if (this.#hasAnswered || this.#isGone) return NOWHERE
    const { fields, length } = answerFields(headers, this.#channel.date())
    this.#hasAnswered = true
    // A 204 has no length (RFC 9110, 8.6).
    return new StreamAnswer(this, { status, fields, contentLength: status === 204 ? null : length })
  }

  refuse(code: MeshErrorCode, detail?: string, extra: HeaderList = []): void {
    if (this.#hasAnswered || this.#isGone) return
    const isGrpc = isGrpcCall(this.head.method, this.head.headers)
    const { status, headers, body } = (isGrpc ? grpcRefusal : refusalAnswer)(code, detail, extra)
    const sink = this.answer(status, '', headers)
    if (this.head.method !== 'HEAD') sink.write(body)
    sink.end([])
  }

  switchProtocols(): Duplex {
    throw new Error('a stream of HTTP/2 does not switch protocols')
  }

  abort(): void {
    this.codec.reset(this.stream, ERROR.INTERNAL_ERROR)
    this.wake()
    this.over()
    // As with a connection that is broken off: nobody would tell it otherwise.
    this.gone()
  }

  // For the answer.

  get codec(): ServerConnection {
    return this.#channel.codec
  }

  wake(): void {
    this.#channel.wake()
  }

  onDrain(listener: () => void): void {
    this.#onDrain = listener
  }

  over(): void {
    this.#forget()
    this.body?.drop()
    this.codec.discard(this.stream)
    this.#channel.over(this)
  }

  // For the connection.

  data(chunk: Buffer): void {
    if (this.body === null) return
    if (this.body.add(chunk)) this.codec.consumed(this.stream, chunk.length)
    else {
      this.#heldBytes += chunk.length
      this.#channel.holds(chunk.length)
    }
  }

  /** The request was read to its end. */
  ended(): void {
    this.body?.end(this.stream.trailers)
  }

  drained(): void {
    this.#onDrain?.()
  }

  /** The caller has reset the stream, or the connection is lost. */
  gone(): void {
    if (this.#isGone) return
    this.#isGone = true
    this.#forget()
    this.#onGone?.()
    if (!this.stream.hasReceivedAll) this.body?.broke()
  }

  /** Somebody has taken what was held. */
  #release(): void {
    const bytes = this.#heldBytes
    if (bytes === 0) return
    this.#heldBytes = 0
    this.#channel.holds(-bytes)
    this.codec.consumed(this.stream, bytes)
    if (this.codec.hasOutput) this.wake()
  }

  /** What is held is nobody's any more. */
  #forget(): void {
    this.#channel.holds(-this.#heldBytes)
    this.#heldBytes = 0
  }
}

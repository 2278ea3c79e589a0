// One request of a caller and its answer, on the connection that it came over.
import type { Duplex } from 'node:stream'
import type { MeshErrorCode } from '@heddle/shared/errors'
import { hasBody, type RequestHead as ReadHead } from '../http1/requestHead.ts'
import { answerHead, interimHead } from './answerHead.ts'
import { type AnswerChannel, AnswerWriter } from './answerWriter.ts'
import { type AnswerSink, type Exchange, type HeaderList, NOWHERE, type Origin, type RequestHead } from './exchange.ts'
import { IncomingBody } from './incomingBody.ts'
import { refusalAnswer } from './refusal.ts'

/** What is read and dropped of a body that nobody wants any more, so that the next request on its connection is found. */
const DROPPED_BYTES = 1024 * 1024

/** The connection, as far as one exchange needs it. */
export interface CallerChannel extends AnswerChannel {
  /** The connection takes no request after this one. */
  readonly isRetiring: boolean
  readonly idleMs: number
  /** The Date field of now. */
  date(): string
  /** The body is wanted again. */
  pull(): void
  /** Nothing of HTTP follows: the stream, with what was read beyond the request. */
  switchOver(): Duplex
}

export interface ExchangeParts {
  channel: CallerChannel
  /** As the reader has it. */
  read: ReadHead
  /** The same, decoded. */
  head: RequestHead
  origin: Origin
  receivedAtMs: number
}

export class CallerExchange implements Exchange {
  readonly head: RequestHead
  readonly origin: Origin
  readonly receivedAtMs: number
  readonly body: IncomingBody | null
  readonly #channel: CallerChannel
  readonly #read: ReadHead
  /** The request was read to its end. */
  #isWhole: boolean
  #readBytes = 0
  #isDropped = false
  #isWaitingForInvitation: boolean
  #hasAnswered = false
  #isGone = false
  #onGone: (() => void) | undefined

  constructor({ channel, read, head, origin, receivedAtMs }: ExchangeParts) {
    this.head = head
    this.origin = origin
    this.receivedAtMs = receivedAtMs
    this.#channel = channel
    this.#read = read
    this.#isWhole = !hasBody(read)
    this.body = this.#isWhole ? null : new IncomingBody(() => channel.pull())
    this.#isWaitingForInvitation = read.expectsContinue
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
    if (!this.#isWaitingForInvitation || this.#hasAnswered || this.#isGone) return
    this.#isWaitingForInvitation = false
    this.#channel.write(['HTTP/1.1 100 Continue\r\n\r\n'])
  }

  inform(status: number, headers: HeaderList): void {
    if (this.#hasAnswered || this.#isGone || this.#read.minor === 0) return
    this.#channel.write([interimHead(status, headers)])
  }

  answer(status: number, statusText: string, headers: HeaderList): AnswerSink {
    return this.#answer(status, statusText, headers, this.#mayGoOn)
  }

  refuse(code: MeshErrorCode, detail?: string, extra: HeaderList = []): void {
    if (this.#hasAnswered || this.#isGone) return
    const { status, headers, body } = refusalAnswer(code, detail, extra)
    // After a head that was not understood nobody knows where the next one begins.
    const isUnderstood = code !== 'malformed' && code !== 'headers_too_large'
    const sink = this.#answer(status, '', headers, isUnderstood && this.#mayGoOn)
    if (this.head.method !== 'HEAD') sink.write(body)
    sink.end([])
  }

  switchProtocols(headers: HeaderList): Duplex {
    this.#hasAnswered = true
    this.#channel.write([interimHead(101, headers)])
    return this.#channel.switchOver()
  }

  abort(): void {
    this.#channel.abort()
  }

  // For the connection.

  get isWhole(): boolean {
    return this.#isWhole
  }

  /** Nothing is to be read for it now. */
  get isHeld(): boolean {
    return this.#isWhole || (!this.#isDropped && this.body?.isWanted !== true)
  }

  /** The answer is whole, and what still comes of the request is dropped. */
  get isDropped(): boolean {
    return this.#isDropped
  }

  /** Nobody wants the rest of the body. */
  drop(): void {
    if (this.#isWhole || this.#isDropped) return
    this.#isDropped = true
    this.#readBytes = 0
    this.body?.drop()
  }

  /** False: it is more than is dropped. */
  data(chunk: Buffer): boolean {
    this.#readBytes += chunk.length
    if (this.#isDropped) return this.#readBytes <= DROPPED_BYTES
    this.body?.add(chunk)
    return true
  }

  /** The request was read to its end. */
  ended(trailers: HeaderList): void {
    this.#isWhole = true
    if (!this.#isDropped) this.body?.end(trailers)
  }

  /** The caller is gone. */
  gone(): void {
    if (this.#isGone) return
    this.#isGone = true
    this.#onGone?.()
    if (!this.#isWhole) this.body?.broke()
  }

  /** Whether another request may follow on the connection. */
  get #mayGoOn(): boolean {
    const { keepsAlive, upgrade, contentLength } = this.#read
    // Who was not invited may send the body or not (RFC 9110, 10.1.1), and what follows a switch is not HTTP.
    if (!keepsAlive || this.#isWaitingForInvitation || upgrade !== null || this.#channel.isRetiring) return false
    return this.#isWhole || contentLength === null || contentLength - this.#readBytes <= DROPPED_BYTES
  }

  #answer(status: number, statusText: string, headers: HeaderList, keepsAlive: boolean): AnswerSink {
    if (this.#hasAnswered || this.#isGone) return NOWHERE
    const { method } = this.head
    const { minor } = this.#read
    const { idleMs } = this.#channel
    const date = this.#channel.date()
    const head = answerHead({ method, minor, status, statusText, headers, keepsAlive, idleMs, date })
    this.#hasAnswered = true
    return new AnswerWriter(this.#channel, head)
  }
}

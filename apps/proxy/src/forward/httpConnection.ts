// One HTTP/1.1 connection to a server, one request at a time, on a socket that is connected already: http1/ reads and
// writes, and here is what a socket adds to that.
import type { Socket } from 'node:net'
import type { Clock } from '@heddle/shared/clock'
import type { OutgoingBody } from '../http1/encode.ts'
import { requestHeadText } from '../http1/encode.ts'
import type { HeadLimits } from '../http1/fieldSection.ts'
import type { ResponseHead } from '../http1/responseHead.ts'
import { ResponseReader } from '../http1/responseReader.ts'
import type { HeaderList } from '../listen/exchange.ts'
import { atEndOfTurn } from '../transport/endOfTurn.ts'
import { readDirectly } from '../transport/readDirectly.ts'
import { classifyError, DialError } from './classifyError.ts'
import { type Http1Carrier, Http1Request } from './http1Request.ts'
import { SentBody } from './sentBody.ts'
import { wrongSwitch } from './switchCheck.ts'
import type { Failure, OutgoingRequest, Sending } from './upstream.ts'

/** Answers of servers are larger than the requests that they answer: cookies, policies. */
const LIMITS: HeadLimits = { bytes: 16 * 1024, fields: 200, lineBytes: 16 * 1024 }
/** A server closes after the time that it names; what is sent in the last part of it may meet the closing. */
const MARGIN_MS = 1_000
/** What may lie here while nobody takes it, before the server is told to wait. */
const HELD_BYTES = 64 * 1024
/** RFC 9110, 8.6: methods of which a server expects a body, and that it has none must be said. */
const EXPECTS_BODY: ReadonlySet<string> = new Set(['POST', 'PUT', 'PATCH'])

export interface ConnectionOptions {
  to: 'mesh' | 'app' | 'egress'
  /** How long an idle connection is kept, and not longer than the server says (`Keep-Alive: timeout=`). */
  idleMs: number
}

export class HttpConnection implements Http1Carrier {
  readonly socket: Socket
  readonly #stopReading: () => void
  readonly #reader = new ResponseReader(LIMITS)
  readonly #options: ConnectionOptions
  readonly #clock: Clock
  #asking: Http1Request | undefined
  /** It has carried a request, or has lain idle: the other side may have closed it meanwhile. */
  #isReused = false
  #isSwitched = false
  /** What the socket said before it closed. */
  #error: Error | undefined
  #idleMs: number
  /** Monotonic; when an idle connection is too old to be trusted. */
  #idleUntilMs = Number.POSITIVE_INFINITY

  /** `socket` is connected; `onClose` is called once, when it is gone. */
  constructor(socket: Socket, options: ConnectionOptions, clock: Clock, onClose: () => void) {
    this.socket = socket
    this.#options = options
    this.#idleMs = options.idleMs
    this.#clock = clock
    // Otherwise the end of what the server sends would destroy the socket, and an answer that is held here would go with
    // it: the connection is ended below, when what came before its end has been delivered.
    socket.allowHalfOpen = true
    this.#stopReading = readDirectly(socket, this.#onData)
    socket.on('end', this.#onEnd)
    socket.on('error', this.#onError)
    socket.on('drain', this.#onDrain)
    socket.once('close', this.#onClosed)
    socket.once('close', onClose)
  }

  get isUsable(): boolean {
    // Ended: the other side has closed it while its last answer was still being read.
    const isOpen = !this.socket.destroyed && !this.socket.readableEnded
    return isOpen && !this.#isSwitched && this.#clock.monotonic() < this.#idleUntilMs
  }

  /** Nobody has a request for it now; for how long, nobody knows. */
  rest(): void {
    this.#isReused = true
    this.#idleUntilMs = this.#clock.monotonic() + this.#idleMs
  }

  /** Ends the connection at once; a request on it fails. */
  destroy(): void {
    this.socket.destroy()
  }

  /** `onFree` is called once: the request is over, and the connection can take another where it is usable still. */
  send(request: OutgoingRequest, inform: (status: number, headers: HeaderList) => void, onFree: () => void): Sending {
    const asking = new Http1Request(request, inform, onFree, this, this.#isReused)
    this.#asking = asking
    this.#idleUntilMs = Number.POSITIVE_INFINITY
    // What lies on an idle connection is read before anything is written to it, so that a stray answer is never taken
    // for ours: it is among the events of this turn of the loop, and these are over with its end.
    if (this.#isReused) atEndOfTurn(this.#writeWaiting)
    else this.#write(asking)
    this.#isReused = true
    return asking
  }

  // For the request.

  wanted(): void {
    if (this.socket.isPaused()) this.socket.resume()
    this.#pull()
  }

  leave(asking: Http1Request, why: Error): Failure {
    if (this.#asking === asking) {
      this.#over(asking)
      this.socket.destroy()
      asking.onFree()
    }
    return classifyError(why, asking, this.#options.to)
  }

  readonly #writeWaiting = (): void => {
    if (this.#asking?.hasBegun === false) this.#write(this.#asking)
  }

  #write(asking: Http1Request): void {
    asking.hasBegun = true
    const request = asking.outgoing
    if (this.socket.destroyed) {
      this.#fail(asking, this.#lost())
      return
    }
    let head: string
    try {
      head = headOf(request, this.#options.to)
    } catch (error) {
      this.#fail(asking, error instanceof Error ? error : new Error(String(error)))
      return
    }
    this.#reader.asked(request.method)
    if (request.body === null) {
      asking.hasSentBytes = true
      asking.hasSentAll = true
      this.socket.write(head, 'latin1')
      return
    }
    const sent = new SentBody(this.socket, head, bodyOf(request), asking)
    asking.sentBody = sent
    request.body.read(sent)
    sent.headWaits()
  }

  readonly #onData = (chunk: Buffer): void => {
    if (this.#asking !== undefined) this.#asking.hasAnswerBytes = true
    this.#reader.feed(chunk)
    this.#pull()
    if (this.#asking?.isHeld === true && this.#reader.pendingBytes > HELD_BYTES) this.socket.pause()
  }

  readonly #onEnd = (): void => {
    // What is held comes first; then the end of the connection is the end of the answer.
    if (this.#asking?.isHeld === true) this.#asking.onFlowing(this.#onEnd)
    else if (this.#reader.end() === 'end') this.#ended()
    else this.socket.destroy()
  }

  readonly #onError = (error: Error): void => {
    this.#error = error
  }

  readonly #onClosed = (): void => {
    if (this.#asking !== undefined) this.#fail(this.#asking, this.#lost())
  }

  readonly #onDrain = (): void => {
    this.#asking?.outgoing.body?.resume()
  }

  #lost(): Error {
    if (this.#asking?.hasSentBytes === true) return this.#error ?? new Error('the connection was closed')
    return new DialError('HEDDLE_CONNECT', 'the connection was closed', { cause: this.#error })
  }

  /** Takes out of the reader what is there, as far as somebody wants it. */
  #pull(): void {
    for (;;) {
      const asking = this.#asking
      if (asking?.isHeld === true) return
      switch (this.#reader.next()) {
        case 'more':
          return
        case 'head':
          if (asking !== undefined) this.#gotHead(asking, this.#reader.head)
          break
        case 'data':
          asking?.data(this.#reader.data)
          break
        case 'end':
          this.#ended()
          return
        case 'handover':
          if (asking !== undefined) this.#handOver(asking)
          return
        case 'closed':
          this.socket.destroy()
          return
        case 'refused':
          this.#refused()
          return
      }
    }
  }

  #gotHead(asking: Http1Request, head: ResponseHead): void {
    const { status, reason, fields, body } = head
    if (body === 'handover') return
    if (status < 200) {
      if (status !== 100) asking.inform(status, fields)
      return
    }
    const limitMs = keepAliveMs(fields)
    if (limitMs !== null) this.#idleMs = Math.max(0, Math.min(this.#options.idleMs, limitMs - MARGIN_MS))
    asking.answered(status, reason, withLength(fields, head.contentLength))
  }

  /** The answer is whole. */
  #ended(): void {
    const asking = this.#asking
    if (asking === undefined) return
    const { trailers } = this.#reader
    // Before its end is told: whoever hears of it may want the connection at once.
    const isSpent = !asking.hasSentAll || this.#reader.next() !== 'more'
    if (isSpent) this.socket.destroy()
    this.#over(asking)
    // Whoever takes it now writes at the end of this turn.
    asking.onFree()
    asking.end(trailers)
  }

  #handOver(asking: Http1Request): void {
    const { fields } = this.#reader.head
    const wrong = wrongSwitch(asking.outgoing, fields)
    if (wrong !== undefined) {
      this.#fail(asking, new Error(wrong))
      return
    }
    const { socket } = this
    this.#isSwitched = true
    this.#stopReading()
    socket.off('end', this.#onEnd)
    socket.pause()
    const rest = this.#reader.takeRest()
    if (rest.length > 0) socket.unshift(rest)
    this.#over(asking)
    asking.settled({ kind: 'switched', headers: fields, stream: socket })
  }

  #refused(): void {
    const detail = this.#reader.refusal?.detail ?? ''
    if (this.#asking === undefined) this.socket.destroy()
    else this.#fail(this.#asking, new Error(`the answer is not one: ${detail}`))
  }

  #fail(asking: Http1Request, error: Error): void {
    if (this.#asking !== asking) return
    const failure = this.leave(asking, error)
    if (asking.isAnswered) asking.failed(failure)
    else asking.settled(failure)
  }

  /** Nothing more is read or written for it. */
  #over(asking: Http1Request): void {
    this.#asking = undefined
    asking.sentBody?.stop()
    asking.outgoing.body?.abort()
  }
}

function headOf(request: OutgoingRequest, to: ConnectionOptions['to']): string {
  const { method, target, authority, headers, upgrade } = request
  // Servers that speak HTTP/1.0 keep a connection only where they are asked.
  const hop = upgrade !== null ? ['connection', 'upgrade', 'upgrade', upgrade] : to === 'mesh' ? NO_FIELDS : KEEP_ALIVE
  return requestHeadText({ method, target, host: authority, fields: headers, hopFields: hop, body: bodyOf(request) })
}

const NO_FIELDS: readonly string[] = []
const KEEP_ALIVE: readonly string[] = ['connection', 'keep-alive']

function bodyOf({ method, body, contentLength }: OutgoingRequest): OutgoingBody {
  if (body === null) return EXPECTS_BODY.has(method) ? { kind: 'length', length: 0 } : { kind: 'none' }
  return contentLength === null ? { kind: 'chunked' } : { kind: 'length', length: contentLength }
}

/** The path passes a length on: in an answer to HEAD it is all there is. */
function withLength(fields: string[], contentLength: number | null): HeaderList {
  if (contentLength !== null) fields.push('content-length', `${contentLength}`)
  return fields
}

/** `Keep-Alive: timeout=5`; null where the server names no time. */
function keepAliveMs(fields: HeaderList): number | null {
  for (let i = 0; i < fields.length; i += 2)
    if (fields[i] === 'keep-alive') {
      const seconds = /(?:^|[,\s])timeout=(\d{1,9})/i.exec(fields[i + 1] ?? '')?.[1]
      return seconds === undefined ? null : Number(seconds) * 1_000
    }
  return null
}

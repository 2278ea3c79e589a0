// One HTTP/2 connection to a server, many requests at a time, on a socket that is connected already: transport/ puts the
// codec on it, and here is which request is which stream, and what the end of its stream or connection means for it.
import type { Socket } from 'node:net'
import type { Clock } from '@heddle/shared/clock'
import { ClientConnection } from '../http2/clientConnection.ts'
import { ERROR } from '../http2/fault.ts'
import type { ConnectionLimits } from '../http2/limits.ts'
import type { ResponseHead } from '../http2/responseHead.ts'
import type { Stream, StreamFault } from '../http2/stream.ts'
import { StreamTable } from '../http2/streamTable.ts'
import type { Care } from '../transport/care.ts'
import { type Ending, Http2Transport, type OwnedStep } from '../transport/http2Transport.ts'
import { classifyError, DialError, overloaded } from './classifyError.ts'
import type { Carrier, Http2Request } from './http2Request.ts'
import { StreamBody, type StreamChannel } from './streamBody.ts'
import type { Failure, OutgoingRequest } from './upstream.ts'

export interface Http2Options {
  to: 'mesh' | 'app'
  limits: ConnectionLimits
  care: Care
}

export interface Http2Events {
  /** There may be room for another request. */
  onRoom(): void
  /** Nothing is to be had of the connection any more. */
  onEnded(): void
}

/** A request under way. */
interface OnStream {
  readonly id: number
  readonly stream: Stream<ResponseHead>
  readonly request: Http2Request
  /** The connection had been in use before it. */
  readonly isReused: boolean
  /** How often the connection had been written to before it. */
  readonly writesBefore: number
}

export class Http2Connection implements Carrier, StreamChannel {
  readonly codec: ClientConnection
  readonly #transport: Http2Transport<ResponseHead>
  readonly #events: Http2Events
  readonly #to: Http2Options['to']
  readonly #underWay = new StreamTable<OnStream>()
  /** It has brought an answer, or has lain idle: the other side may have closed it meanwhile. */
  #isReused = false

  constructor(socket: Socket, { to, limits, care }: Http2Options, clock: Clock, events: Http2Events) {
    this.#to = to
    this.#events = events
    this.codec = new ClientConnection(limits)
    this.#transport = new Http2Transport({
      connection: this.codec,
      socket,
      owner: { step: (step) => this.#took(step), ended: (why) => this.#ended(why) },
      clock,
      care,
    })
  }

  /** Another request can be sent now. */
  get hasRoom(): boolean {
    return this.codec.canOpen
  }

  /** No request will ever be sent here any more. */
  get isLeaving(): boolean {
    return this.codec.isLeaving
  }

  /** What the server takes at a time is known. */
  get isSettled(): boolean {
    return this.codec.isSettled
  }

  /** Only where it has room. */
  send(request: Http2Request): void {
    const { outgoing } = request
    let stream: Stream<ResponseHead>
    try {
      stream = this.codec.open(headOf(outgoing), outgoing.body === null)
    } catch (error) {
      request.failed(this.#failure(asError(error), { isReused: false, hasSentBytes: false, hasAnswerBytes: false }))
      return
    }
    request.carryBy(this, stream.id)
    const { writes } = this.#transport
    this.#underWay.add({ id: stream.id, stream, request, isReused: this.#isReused, writesBefore: writes })
    this.#transport.wake()
    outgoing.body?.read(new StreamBody(stream, this))
  }

  /** Takes no further request, and ends with the last one. */
  retire(): void {
    this.#transport.leave()
  }

  /** Ends the connection at once; the requests on it fail. */
  destroy(): void {
    this.#transport.destroy()
  }

  /** To be called about once a second. */
  sweep(nowMs: number): void {
    this.#transport.sweep(nowMs)
  }

  // For the request.

  leave(request: Http2Request): Failure {
    const error = new Error('the request was broken off')
    const on = this.#underWay.get(request.id)
    if (on === undefined) return this.#failure(error, { isReused: false, hasSentBytes: true, hasAnswerBytes: true })
    this.#over(on)
    this.codec.reset(on.stream, ERROR.CANCEL)
    this.#transport.wake()
    return this.#failure(error, this.#progress(on))
  }

  consumed(request: Http2Request, bytes: number): void {
    const on = this.#underWay.get(request.id)
    if (on === undefined) return
    this.codec.consumed(on.stream, bytes)
    if (this.codec.hasOutput) this.#transport.wake()
  }

  // For the transport.

  #took(step: OwnedStep): void {
    if (step === 'pong' || step === 'goaway') return
    const { stream, data } = this.codec
    const on = this.#underWay.get(stream.id)
    if (on === undefined) return
    const { request } = on
    switch (step) {
      case 'head':
        // A head that is all of the answer is told with its end, so that it can be passed on as that.
        if (!stream.hasReceivedAll) this.#gotHead(request, stream.head)
        break
      case 'data':
        request.data(data)
        break
      case 'end':
        this.#over(on)
        // A server that has said everything wants no more of the request (RFC 9113, 8.1).
        if (!stream.hasSentAll) this.codec.reset(stream, ERROR.CANCEL)
        request.end(stream.trailers)
        if (!request.isSettled) this.#gotHead(request, stream.head)
        break
      case 'drained':
        request.outgoing.body?.resume()
        break
      case 'reset':
        // Why a connection is gone is known when all of its streams are.
        if (stream.fault === undefined || stream.fault.by === 'connection') break
        this.#over(on)
        request.failed(this.#resetFailure(stream.fault))
        break
      default:
        break
    }
  }

  #gotHead(request: Http2Request, head: ResponseHead | undefined): void {
    if (head === undefined) return
    const { status, fields, contentLength } = head
    if (head.isInterim) {
      if (status !== 100) request.inform(status, fields)
      return
    }
    this.#isReused = true
    // The path passes a length on: in an answer to HEAD it is all there is.
    if (contentLength !== null) fields.push('content-length', `${contentLength}`)
    request.answered(status, fields)
  }

  #ended({ fault, error }: Ending): void {
    const cause = error ?? new Error(fault === undefined ? 'the connection was closed' : fault.detail)
    for (const on of this.#underWay.all()) {
      this.#underWay.delete(on.id)
      const progress = this.#progress(on)
      const known = progress.hasSentBytes ? cause : new DialError('HEDDLE_CONNECT', cause.message, { cause })
      on.request.failed(this.#failure(known, progress))
    }
    this.#events.onEnded()
  }

  // For the bodies of requests.

  wake(): void {
    this.#transport.wake()
  }

  bodyBroke(stream: Stream<ResponseHead>, error: Error): void {
    const on = this.#underWay.get(stream.id)
    if (on === undefined) return
    this.#over(on)
    this.codec.reset(stream, ERROR.CANCEL)
    this.#transport.wake()
    on.request.failed(this.#failure(error, this.#progress(on)))
  }

  #over({ id }: OnStream): void {
    this.#underWay.delete(id)
    if (this.#underWay.size === 0) this.#isReused = true
    this.#events.onRoom()
  }

  #progress({ stream, isReused, writesBefore }: OnStream): Progress {
    return {
      isReused,
      hasSentBytes: this.#transport.writes > writesBefore,
      hasAnswerBytes: stream.head !== undefined,
    }
  }

  #resetFailure({ code, detail, isUnprocessed }: StreamFault): Failure {
    // It says that there are too many of them, or that it is about to go: not that it does not work.
    if (isUnprocessed) return overloaded(detail, true)
    const error = new Error(`${detail} (code ${code})`)
    return this.#failure(error, { isReused: false, hasSentBytes: true, hasAnswerBytes: true })
  }

  #failure(error: Error, progress: Progress): Failure {
    return classifyError(error, { isConnected: true, ...progress }, this.#to)
  }
}

interface Progress {
  readonly isReused: boolean
  readonly hasSentBytes: boolean
  readonly hasAnswerBytes: boolean
}

function headOf({ method, target, authority, headers, body, contentLength }: OutgoingRequest) {
  // The scheme of what was called (RFC 9113, 8.3.1), whatever carries it.
  const scheme = 'http' as const
  return {
    method,
    scheme,
    target,
    host: authority,
    fields: headers,
    contentLength: body === null ? null : contentLength,
  }
}

function asError(error: unknown): Error {
  return error instanceof Error ? error : new Error(String(error))
}

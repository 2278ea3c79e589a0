// One request on its way through this proxy: what is known of it so far, how it is answered, and the one record that
// telemetry gets when it is over.
import type { Duplex } from 'node:stream'
import type { Clock } from '@heddle/shared/clock'
import { MESH_ERRORS, type MeshErrorCode } from '@heddle/shared/errors'
import { GRPC_STATUS, isGrpcFailure } from '@heddle/shared/grpcStatus'
import type { RetrySkipped } from '@heddle/shared/wire/metrics'
import { splice } from '../forward/splice.ts'
import type { Answer, AnswerBody, BodyReader, Failure, Switched } from '../forward/upstream.ts'
import { grpcStatusOf, grpcStatusOfHttp, isGrpcCall } from '../grpc/call.ts'
import type { FinishedRequest, OutcomeClass, Telemetry } from '../interfaces.ts'
import { type AnswerSink, type Exchange, type HeaderList, NOWHERE } from '../listen/exchange.ts'
import { switchHeaders, trailersOf } from './headers.ts'
import { beginRecord, outcomeOf } from './record.ts'
import { type TraceIds, traceIds } from './trace.ts'

export interface CallParts {
  telemetry: Telemetry
  clock: Clock
}

/** What is under way for a call, and ends with it. */
export interface UnderWay {
  abort(): void
}

/** The calls in flight. */
export interface InFlight {
  left(call: Call): void
}

/** Who sent the request whose answer is passed on. */
export interface AnswerSource {
  /** The body broke off after its head had come, or the trailers say of a call of gRPC that it failed. */
  broke(): void
}

export class Call implements BodyReader {
  readonly exchange: Exchange
  readonly trace: TraceIds
  /** What its answer says in HTTP is not how it went. */
  readonly isGrpc: boolean
  /** Among those in flight. */
  place = -1
  readonly #parts: CallParts
  readonly #record: FinishedRequest
  /** Monotonic; when a byte last moved in either direction. */
  lastMovedMs: number
  #isOver = false
  #isGone = false
  /** It is over in a moment: what comes of what is under way is nobody's any more. */
  #isEnding = false
  #inFlight: InFlight | undefined
  #underWay: UnderWay | undefined
  #onOver: (() => void)[] | undefined
  /** Where the answer comes from, and where it goes. */
  #source: AnswerSource | null = null
  #body: AnswerBody | undefined
  #sink: AnswerSink = NOWHERE
  /** Of a call of gRPC that goes on, the trailers say how it went. */
  #awaitsGrpcStatus = false

  constructor(exchange: Exchange, side: 'outbound' | 'inbound', source: string, parts: CallParts) {
    this.exchange = exchange
    this.trace = traceIds(exchange.head.headers)
    this.isGrpc = isGrpcCall(exchange.head.method, exchange.head.headers)
    this.#parts = parts
    this.lastMovedMs = exchange.receivedAtMs
    const { method, target } = exchange.head
    this.#record = beginRecord({
      side,
      source,
      destination: '-',
      version: '-',
      method,
      path: target.path,
      authority: target.authority,
      requestId: this.trace.requestId,
      traceId: this.trace.traceId,
    })
    parts.telemetry.inFlight(side, 1)
    exchange.onGone(() => {
      this.#isGone = true
      this.#breakOff()
      this.#finish()
    })
  }

  /** The caller went away, or the call was answered and is over. */
  get isOver(): boolean {
    return this.#isOver || this.#isEnding
  }

  /** The service that calls. */
  get source(): string {
    return this.#record.source
  }

  get retriesMade(): number {
    return this.#record.retriesMade
  }

  /** It was let in, and says when it is over: at once where it is over already. */
  enters(inFlight: InFlight, place: number): void {
    this.place = place
    if (this.#isOver) inFlight.left(this)
    else this.#inFlight = inFlight
  }

  describe(fields: Partial<Pick<FinishedRequest, 'destination' | 'version' | 'route' | 'upstream'>>): void {
    const record = this.#record
    if (fields.destination !== undefined) record.destination = fields.destination
    if (fields.version !== undefined) record.version = fields.version
    if (fields.route !== undefined) record.route = fields.route
    if (fields.upstream !== undefined) record.upstream = fields.upstream
  }

  retried(): void {
    this.#record.retriesMade++
  }

  skippedRetry(reason: RetrySkipped | null): void {
    this.#record.retrySkipped = reason
  }

  /** What to end when the caller goes away, or the call is ended from outside; the latest one counts. */
  breaksOff(underWay: UnderWay): void {
    this.#underWay = underWay
  }

  /** Called once when the call is over; at once where it is over already. */
  onOver(action: () => void): void {
    if (this.#isOver) action()
    else if (this.#onOver === undefined) this.#onOver = [action]
    else this.#onOver.push(action)
  }

  countIn(bytes: number): void {
    this.#record.bytesIn += bytes
    this.lastMovedMs = this.#parts.clock.monotonic()
  }

  /** The mesh's own answer. */
  refuse(code: MeshErrorCode, detail?: string, headers?: HeaderList): void {
    if (this.#isOver) return
    this.exchange.refuse(code, detail, headers)
    this.#headSent(outcomeOf(code), code)
    this.#finish()
  }

  /** An answer made here that is none of the mesh's errors: a redirect. */
  reply(status: number, headers: HeaderList): void {
    if (this.#isOver) return
    this.#record.status = status
    this.exchange.answer(status, '', headers).end([])
    this.#headSent('ok', null)
    this.#finish()
  }

  /**
   * Passes an answer on. `meshError`: the code, where it is the mesh's own answer from the other side. Where the body breaks
   * off, the caller's connection is broken off too, so that nobody takes it for whole.
   */
  answer(answer: Answer, headers: HeaderList, meshError: MeshErrorCode | null, source: AnswerSource | null): void {
    if (this.isOver) {
      answer.body.abort()
      return
    }
    const { status, body } = answer
    this.#record.status = status
    this.#sink = this.exchange.answer(status, answer.statusText, headers)
    const statusInHead = this.isGrpc ? grpcStatusOf(headers) : null
    const outcome = statusInHead === null ? classOf(status) : classOfGrpc(statusInHead)
    this.#headSent(meshError === null ? outcome : outcomeOf(meshError), meshError)
    this.#record.recovered = this.#record.retriesMade > 0 && outcome !== 'serverError' && meshError === null
    this.#awaitsGrpcStatus = this.isGrpc && statusInHead === null && meshError === null
    this.#source = source
    this.#body = body
    this.#underWay = body
    body.read(this)
    this.#sink.flush()
  }

  // For the body of its answer.

  data(chunk: Buffer): boolean {
    this.#record.bytesOut += chunk.length
    this.lastMovedMs = this.#parts.clock.monotonic()
    if (this.#sink.write(chunk)) return true
    this.#sink.onDrain(() => {
      this.lastMovedMs = this.#parts.clock.monotonic()
      this.#body?.resume()
    })
    return false
  }

  end(trailers: HeaderList): void {
    if (this.#awaitsGrpcStatus) this.#grpcEnded(grpcStatusOf(trailers) ?? grpcStatusOfHttp(this.#record.status))
    this.#sink.end(trailers.length === 0 ? trailers : trailersOf(trailers))
    this.#finish()
  }

  failed(failure: Failure): void {
    this.#record.outcome = 'meshError'
    this.#record.meshError = failure.code
    this.#record.recovered = false
    this.#source?.broke()
    this.#sink.abort()
    this.#finish()
  }

  // Tunnels.

  /** 101, and from then on bytes in both directions until one side ends. */
  switch(switched: Switched, upgrade: string): void {
    if (this.isOver) {
      switched.stream.destroy()
      return
    }
    this.#record.status = 101
    const inside = this.exchange.switchProtocols(switchHeaders(switched.headers, upgrade))
    this.#headSent('ok', null)
    this.tunnel(inside, switched.stream)
  }

  /** Bytes in both directions; the call is over when both have ended. */
  tunnel(inside: Duplex, outside: Duplex): void {
    const spliced = splice(inside, outside, (fromInside, toInside) => {
      this.#record.bytesIn += fromInside
      this.#record.bytesOut += toInside
      this.lastMovedMs = this.#parts.clock.monotonic()
    })
    this.#underWay = { abort: () => spliced.destroy() }
    spliced.done.then(() => this.#finish())
  }

  /** For an opaque tunnel, which has no answer of its own. */
  opened(): void {
    this.#record.status = 200
    this.#headSent('ok', null)
  }

  /** From outside: nothing has moved for too long, or the time of the route is up. */
  timeOut(detail: string): void {
    if (this.#isOver) return
    this.#breakOff()
    if (!this.exchange.hasAnswered) {
      this.refuse('timeout', detail)
      return
    }
    this.#record.outcome = 'meshError'
    this.#record.meshError = 'timeout'
    this.#record.recovered = false
    this.exchange.abort()
    this.#finish()
  }

  #headSent(outcome: OutcomeClass, code: MeshErrorCode | null): void {
    if (code !== null && this.#record.status === 0) this.#record.status = MESH_ERRORS[code].status
    this.#record.outcome = outcome
    this.#record.meshError = code
    this.#record.latencyMs = this.#parts.clock.monotonic() - this.exchange.receivedAtMs
  }

  #breakOff(): void {
    this.#isEnding = true
    this.#underWay?.abort()
  }

  #grpcEnded(status: number): void {
    this.#record.outcome = classOfGrpc(status)
    if (this.#record.outcome !== 'serverError') return
    this.#record.recovered = false
    this.#source?.broke()
  }

  #finish(): void {
    if (this.#isOver) return
    this.#isOver = true
    if (this.#isGone && !this.exchange.hasAnswered)
      this.#record.latencyMs = this.#parts.clock.monotonic() - this.exchange.receivedAtMs
    const { telemetry } = this.#parts
    telemetry.inFlight(this.#record.side, -1)
    telemetry.finished(this.#record)
    this.#inFlight?.left(this)
    if (this.#onOver !== undefined) for (const action of this.#onOver) action()
  }
}

function classOf(status: number): OutcomeClass {
  return status >= 500 ? 'serverError' : status >= 400 ? 'clientError' : 'ok'
}

/** A failure of the server or not, which is all that counts: a call that found nothing was served. */
function classOfGrpc(status: number): OutcomeClass {
  return status === GRPC_STATUS.ok ? 'ok' : isGrpcFailure(status) ? 'serverError' : 'clientError'
}

// What may come more than once on a call's way out: attempt { pick endpoint → forward } … retry, until the answer of one
// attempt is passed on. One object for all of it, which hears of each attempt what came of it and waits for nothing: an
// answer is on its way to the caller in the turn in which it came.
import type { Clock } from '@heddle/shared/clock'
import type { MeshErrorCode } from '@heddle/shared/errors'
import type { Attempt, AttemptResult } from '../balance/balancer.ts'
import type { EndpointUpstreams } from '../forward/meshUpstreams.ts'
import type { Failure, Outcome, OutcomeListener, OutgoingRequest, Sending } from '../forward/upstream.ts'
import { withTimeSpent } from '../grpc/call.ts'
import type { Log, Telemetry } from '../interfaces.ts'
import type { Exchange, HeaderList } from '../listen/exchange.ts'
import { attemptDeadline } from '../resilience/deadline.ts'
import { type AttemptEnd, decideRetry, isCalledFor } from '../resilience/retry.ts'
import type { RouteCandidate } from '../route/compile.ts'
import { editHeaders } from '../route/filters.ts'
import { codeOf, endOf, resultOf } from './attemptResult.ts'
import type { AnswerSource, Call } from './call.ts'
import type { BackendState, DestinationState, Endpoint } from './destinations.ts'
import { discard } from './discard.ts'
import { answerHeaders, hintHeaders } from './headers.ts'
import type { ReplayBody } from './replayBody.ts'
import { settle } from './settle.ts'

export interface DeliveryParts {
  upstreams: EndpointUpstreams
  telemetry: Telemetry
  clock: Clock
  random: () => number
  log: Log
  /** A request ends in an error of the proxy itself. */
  defect(exchange: Exchange, error: unknown): void
}

/** What is to be delivered, and where. */
export interface Parcel {
  readonly destination: DestinationState
  readonly backend: BackendState
  readonly route: RouteCandidate | null
  /** Without its body. */
  readonly request: OutgoingRequest
  readonly body: ReplayBody | null
  /** Monotonic; null: none. */
  readonly deadlineMs: number | null
}

const TIMED_OUT: AttemptEnd = { kind: 'timed_out' }

export class Delivery implements OutcomeListener, AnswerSource {
  readonly #call: Call
  readonly #parcel: Parcel
  readonly #parts: DeliveryParts
  /** The attempt that is under way, or whose answer is passed on. */
  #picked: Attempt<Endpoint> | undefined
  #sending: Sending | undefined
  /** Its outcome is not known, and somebody wants to know it. */
  #isAwaited = false
  /** Of the time that the attempt has, its body's included. */
  #timer: NodeJS.Timeout | undefined
  readonly #tried: string[] = []
  #safeRetryMade = false

  constructor(call: Call, parcel: Parcel, parts: DeliveryParts) {
    this.#call = call
    this.#parcel = parcel
    this.#parts = parts
    call.onOver(() => this.#release())
  }

  begin(): void {
    const nowMs = this.#parts.clock.monotonic()
    this.#parcel.destination.budget.countRequest(nowMs)
    this.#attempt(nowMs)
  }

  /** Of the attempt that is under way. */
  settled(outcome: Outcome): void {
    try {
      this.#took(outcome)
    } catch (error) {
      this.#parts.defect(this.#call.exchange, error)
    }
  }

  broke(): void {
    this.#settle('failed')
  }

  #attempt(nowMs: number) {
    const { upstreams, random } = this.#parts
    const { backend, body } = this.#parcel
    const call = this.#call
    const { endedAtMs } = upstreams
    if (endedAtMs !== null) {
      // No endpoint can do anything about it, and none is to be left alone for it.
      const at = new Date(endedAtMs).toISOString()
      return call.refuse('tls_failed', `the certificate of the calling proxy ended at ${at} and was not renewed`)
    }
    const picked = backend.balancer.pick(nowMs, random, this.#tried)
    if (picked === 'no_endpoint' || picked === 'circuit_open') return call.refuse(picked)
    this.#picked = picked
    const { endpoint } = picked
    call.describe({ version: endpoint.version, upstream: endpoint.place })
    const limitMs = attemptDeadline(
      nowMs,
      this.#parcel.route?.rule.timeouts.backendRequestMs ?? null,
      this.#parcel.deadlineMs,
    )
    if (limitMs !== null) this.#timer = setTimeout(() => this.#timeIsUp(), Math.max(0, limitMs - nowMs))
    const sending = upstreams.at(endpoint).send(this.#request(body, nowMs), this.#inform)
    this.#sending = sending
    this.#isAwaited = true
    call.breaksOff(sending)
    sending.whenSettled(this)
  }

  #request(body: ReplayBody | null, nowMs: number): OutgoingRequest {
    const { request } = this.#parcel
    const { isGrpc, exchange } = this.#call
    if (body === null && !isGrpc) return request
    const headers = isGrpc ? withTimeSpent(request.headers, nowMs - exchange.receivedAtMs) : request.headers
    return { ...request, headers, body: body?.open() ?? null }
  }

  readonly #inform = (status: number, headers: HeaderList): void =>
    this.#call.exchange.inform(status, hintHeaders(headers))

  #took(outcome: Outcome): void {
    if (!this.#isAwaited || this.#call.isOver) {
      this.#isAwaited = false
      if (outcome.kind !== 'failed') discard(outcome)
      return
    }
    this.#isAwaited = false
    const { isGrpc } = this.#call
    const code = codeOf(outcome)
    const result = resultOf(outcome, code, isGrpc)
    if (result !== null) this.#settle(result)
    if (outcome.kind === 'failed') this.#note(outcome, result)
    this.#decide(endOf(outcome, code, isGrpc), outcome, code)
  }

  /** null: the time for it was up. */
  #decide(end: AttemptEnd, outcome: Outcome | null, code: MeshErrorCode | null) {
    const call = this.#call
    const { route, body, request, deadlineMs, destination } = this.#parcel
    const policy = route?.rule.retry ?? null
    if (!isCalledFor(end, policy)) return this.#encode(outcome, code)
    const { clock, random } = this.#parts
    const nowMs = clock.monotonic()
    const decision = decideRetry(
      {
        end,
        method: request.method,
        body: body === null ? 'none' : body.isLost ? 'lost' : 'kept',
        policy,
        retriesMade: call.retriesMade,
        safeRetryMade: this.#safeRetryMade,
        deadlineMs,
      },
      destination.budget,
      nowMs,
      random,
    )
    if (!decision.retry) {
      call.skippedRetry(decision.reason)
      return this.#encode(outcome, code)
    }
    if (this.#picked !== undefined) this.#tried.push(this.#picked.key)
    this.#safeRetryMade ||= decision.because === 'safe'
    call.retried()
    // Now, not when the next attempt begins: until then the caller's body would still flow, and might become too large.
    body?.endAttempt()
    if (outcome !== null && outcome.kind !== 'failed') discard(outcome)
    this.#release()
    // What was broken off may say so only when this turn is over, and that must not be taken for the next one's outcome.
    if (decision.afterMs <= 0 && outcome !== null) this.#attempt(nowMs)
    else this.#pause(decision.afterMs)
  }

  #pause(afterMs: number): void {
    const timer = setTimeout(() => {
      try {
        this.#attempt(this.#parts.clock.monotonic())
      } catch (error) {
        this.#parts.defect(this.#call.exchange, error)
      }
    }, afterMs)
    this.#call.breaksOff({ abort: () => clearTimeout(timer) })
  }

  #encode(outcome: Outcome | null, code: MeshErrorCode | null): void {
    const call = this.#call
    const { route, request } = this.#parcel
    if (outcome === null || outcome.kind === 'failed')
      call.refuse(code ?? 'protocol_error', this.#picked?.endpoint.instance)
    else if (outcome.kind === 'switched') {
      // It has had its answer, and lasts as long as its two ends want.
      clearTimeout(this.#timer)
      call.switch(outcome, request.upgrade ?? '')
    } else {
      const headers = answerHeaders(outcome.headers, outcome.status, true)
      const edits = route?.rule.filters.responseHeaders
      call.answer(outcome, edits == null ? headers : editHeaders(edits, headers), code, this)
    }
  }

  /** The time of one attempt covers its body too, where that is passed on. */
  #timeIsUp(): void {
    if (!this.#isAwaited) {
      this.#call.timeOut('the answer took longer than the route allows')
      return
    }
    this.#isAwaited = false
    this.#sending?.abort()
    this.#settle('failed')
    try {
      this.#decide(TIMED_OUT, null, 'timeout')
    } catch (error) {
      this.#parts.defect(this.#call.exchange, error)
    }
  }

  #settle(result: AttemptResult): void {
    if (this.#picked !== undefined) settle(this.#parcel.backend, this.#picked, result, this.#parts)
  }

  #note({ code, cause }: Failure, result: AttemptResult | null): void {
    const { service } = this.#parcel.backend
    const instance = this.#picked?.endpoint.instance ?? ''
    if (result !== null) this.#parts.telemetry.event('connection_failed', { service, instance, code })
    this.#parts.log.warn('attempt failed', { service, instance, cause: cause.message })
  }

  /** The attempt is over, or the call is: another one follows, and its time is its own. */
  #release(): void {
    clearTimeout(this.#timer)
    this.#timer = undefined
    if (this.#picked !== undefined) this.#parcel.backend.balancer.release(this.#picked, this.#parts.clock.monotonic())
  }
}

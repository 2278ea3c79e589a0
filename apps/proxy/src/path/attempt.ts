// One try at one endpoint of a backend: pick, send, wait for the head of the answer within the time there is, and tell
// the balancer how it went. Whether there is another try is outbound's question.
import type { Clock } from '@heddle/shared/clock'
import type { MeshErrorCode } from '@heddle/shared/errors'
import type { WireEndpoint } from '@heddle/shared/wire/config'
import type { AttemptResult } from '../balance/balancer.ts'
import type { EndpointUpstreams } from '../forward/meshUpstreams.ts'
import type { Answer, Outcome, OutgoingRequest, Switched } from '../forward/upstream.ts'
import type { Log, Telemetry } from '../interfaces.ts'
import { attemptDeadline } from '../resilience/deadline.ts'
import type { AttemptEnd } from '../resilience/retry.ts'
import { codeOf, endOf, resultOf } from './attemptResult.ts'
import type { Call } from './call.ts'
import type { BackendState } from './destinations.ts'
import { discard } from './discard.ts'
import { hintHeaders } from './headers.ts'
import { settle } from './settle.ts'

export interface AttemptParts {
  upstreams: EndpointUpstreams
  telemetry: Telemetry
  clock: Clock
  random: () => number
  log: Log
}

export interface AttemptTimes {
  backendRequestMs: number | null
  /** Monotonic. */
  deadlineMs: number | null
}

export interface Attempted {
  end: AttemptEnd
  /** The answer, or undefined where there is none. */
  answer: Answer | Switched | undefined
  /** The code of the mesh's own answer: our failure, or what the other side's proxy said. */
  code: MeshErrorCode | null
  key: string
  endpoint: WireEndpoint
  /** The body broke off after its head had come. */
  broke(): void
  /** The attempt is over before the call is: another one follows, and its time is its own. */
  release(): void
}

/** Why there was no attempt at all. */
export interface NotAttempted {
  code: 'no_endpoint' | 'circuit_open' | 'tls_failed'
  detail?: string
}

export async function attempt(
  backend: BackendState,
  request: OutgoingRequest,
  call: Call,
  times: AttemptTimes,
  tried: readonly string[],
  parts: AttemptParts,
): Promise<Attempted | NotAttempted> {
  const { clock, random, telemetry, upstreams } = parts
  const endedAtMs = upstreams.endedAtMs
  if (endedAtMs !== null) {
    // No endpoint can do anything about it, and none is to be left alone for it.
    request.body?.abort()
    const at = new Date(endedAtMs).toISOString()
    return { code: 'tls_failed', detail: `the certificate of the calling proxy ended at ${at} and was not renewed` }
  }
  const { balancer, service } = backend
  const picked = balancer.pick(clock.monotonic(), random, tried)
  if (picked === 'no_endpoint' || picked === 'circuit_open') {
    request.body?.abort()
    return { code: picked }
  }
  const { endpoint, key } = picked
  call.describe({ version: endpoint.version, upstream: endpoint.place })
  let ending: NodeJS.Timeout | undefined
  const release = (): void => {
    clearTimeout(ending)
    balancer.release(picked, clock.monotonic())
  }
  call.onOver(release)
  const at = { key, endpoint, release, broke: () => {} }

  const settled = (result: AttemptResult): void => settle(backend, picked, result, parts)

  const sending = upstreams
    .at(endpoint)
    .send(request, (status, headers) => call.exchange.inform(status, hintHeaders(headers)))
  call.onBreakOff(() => sending.abort())
  const limitMs = attemptDeadline(clock.monotonic(), times.backendRequestMs, times.deadlineMs)
  const outcome = await within(sending, limitMs, clock)
  if (call.isOver) {
    if (outcome !== 'late' && outcome.kind !== 'failed') discard(outcome)
    return { end: { kind: 'no_answer' }, answer: undefined, code: null, ...at }
  }

  if (outcome === 'late') {
    settled('failed')
    return { end: { kind: 'timed_out' }, answer: undefined, code: 'timeout', ...at }
  }
  const result = resultOf(outcome, call.isGrpc)
  if (result !== null) settled(result)
  const how = { end: endOf(outcome, call.isGrpc), code: codeOf(outcome) }
  if (outcome.kind === 'failed') {
    if (result !== null)
      telemetry.event('connection_failed', { service, instance: endpoint.instance, code: outcome.code })
    parts.log.warn('attempt failed', { service, instance: endpoint.instance, cause: outcome.cause.message })
    return { ...how, answer: undefined, ...at }
  }
  // The time of one attempt covers its body too, where that is passed on.
  if (limitMs !== null && outcome.kind === 'answered') ending = endAt(limitMs, call, clock)
  return {
    ...how,
    answer: outcome,
    ...at,
    broke: () => settled('failed'),
  }
}

function within(
  sending: { outcome: Promise<Outcome>; abort(): void },
  atMs: number | null,
  clock: Clock,
): Promise<Outcome | 'late'> {
  if (atMs === null) return sending.outcome
  return new Promise((resolve) => {
    const timer = setTimeout(
      () => {
        resolve('late')
        sending.abort()
      },
      Math.max(0, atMs - clock.monotonic()),
    )
    sending.outcome.then((outcome) => {
      clearTimeout(timer)
      resolve(outcome)
    })
  })
}

function endAt(atMs: number, call: Call, clock: Clock): NodeJS.Timeout {
  return setTimeout(
    () => call.timeOut('the answer took longer than the route allows'),
    Math.max(0, atMs - clock.monotonic()),
  )
}

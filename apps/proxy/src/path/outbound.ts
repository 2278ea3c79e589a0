// A call of our application on its way out, from top to bottom: decode (listen/ has done it) → locate → route → attempt
// { pick endpoint → forward } … retry → record → encode. The caller needs no identifying: whoever can open the loopback
// port is the service. Authorizing and limiting are the other side's, who can believe nothing that we say.
import type { WireBackend } from '@heddle/shared/wire/config'
import type { OutgoingRequest } from '../forward/upstream.ts'
import { grpcTimeoutMs, withTimeSpent } from '../grpc/call.ts'
import type { MeshView } from '../interfaces.ts'
import type { Exchange } from '../listen/exchange.ts'
import { earlier, requestDeadline } from '../resilience/deadline.ts'
import { decideRetry, MAX_KEPT_BODY_BYTES } from '../resilience/retry.ts'
import type { RouteCandidate } from '../route/compile.ts'
import { editHeaders, redirectTo, rewriteTarget } from '../route/filters.ts'
import { classifyHost } from '../route/hostName.ts'
import { matchRoute } from '../route/match.ts'
import { chooseBackend } from '../route/split.ts'
import type { Admission } from './admission.ts'
import { type Attempted, type AttemptParts, attempt, type NotAttempted } from './attempt.ts'
import type { Call } from './call.ts'
import type { DestinationState, Destinations } from './destinations.ts'
import { discard } from './discard.ts'
import { type EgressParts, serveEgress } from './egress.ts'
import { answerHeaders, countHops, toPeer } from './headers.ts'
import { type Destination, locate } from './locate.ts'
import { type MirrorParts, mirrorRequest } from './mirror.ts'
import { keepBody } from './replayBody.ts'
import { withTrace } from './trace.ts'

export interface OutboundParts extends AttemptParts, EgressParts, MirrorParts {
  view: MeshView
  destinations: Destinations
  admission: Admission
  service: string
}

export async function serveOutbound(exchange: Exchange, parts: OutboundParts): Promise<void> {
  const { head } = exchange
  const call = parts.admission.open(exchange, 'outbound', parts.service)
  if (call === undefined) return
  const hops = countHops(head.headers)
  if (hops === undefined) return call.refuse('loop', `passed ${parts.service}'s proxy`)

  const host = classifyHost(head.target.authority)
  if (host.kind === 'egress') return serveEgress(host.host, call, parts)
  if (host.kind === 'invalid') return call.refuse('no_such_service', host.host)
  const document = await locate(host.name, parts.view)
  if (typeof document === 'string') return call.refuse(document, host.name)
  call.describe({ destination: document.service, version: document.version ?? '-' })
  if (call.isOver) return
  if (document.settings.protocol === 'tcp')
    return call.refuse('protocol_mismatch', `${document.service} is protocol: tcp`)
  const destination = parts.destinations.state(document)

  const route =
    document.version === null ? matchRoute(destination.routes, { ...requestLine(head), headers: head.headers }) : null
  if (route !== null) call.describe({ route: route.rule.label })
  else if (document.version === null && destination.routes.hasRoutes) return call.refuse('no_route', document.name)
  const redirect = route?.rule.filters.redirect
  if (route !== null && redirect != null) return sendRedirect(call, route, redirect)

  const backend = backendFor(document, destination, route)
  if (backend === null || backend.service === null)
    return call.refuse('backend_unresolved', backend?.name ?? route?.rule.label)
  const body = keepBody(call, MAX_KEPT_BODY_BYTES)
  const request = outgoing(exchange, call, route, hops)
  if (route !== null) mirrorRequest(route, destination, request, body, parts)

  const times = {
    backendRequestMs: route?.rule.timeouts.backendRequestMs ?? null,
    deadlineMs: earlier(
      requestDeadline(exchange.receivedAtMs, route?.rule.timeouts.requestMs ?? null),
      call.isGrpc ? requestDeadline(exchange.receivedAtMs, grpcTimeoutMs(head.headers)) : null,
    ),
  }
  call.describe({ version: backend.version ?? '-' })
  const state = destination.backend({ service: backend.service, version: backend.version })
  const tried: string[] = []
  let safeRetryMade = false
  let attempted: Attempted | NotAttempted
  destination.budget.countRequest(parts.clock.monotonic())
  for (;;) {
    const headers = call.isGrpc
      ? withTimeSpent(request.headers, parts.clock.monotonic() - exchange.receivedAtMs)
      : request.headers
    attempted = await attempt(state, { ...request, headers, body: body?.open() ?? null }, call, times, tried, parts)
    if (!('end' in attempted) || call.isOver) break
    const decision = decideRetry(
      {
        end: attempted.end,
        method: head.method,
        body: body === null ? 'none' : body.isLost ? 'lost' : 'kept',
        policy: route?.rule.retry ?? null,
        retriesMade: call.retriesMade,
        safeRetryMade,
        deadlineMs: times.deadlineMs,
      },
      destination.budget,
      parts.clock.monotonic(),
      parts.random,
    )
    if (!decision.retry) {
      call.skippedRetry(decision.reason)
      break
    }
    tried.push(attempted.key)
    safeRetryMade ||= decision.because === 'safe'
    call.retried()
    // Now, not when the next attempt begins: until then the caller's body would still flow, and might become too large.
    body?.endAttempt()
    discard(attempted.answer)
    attempted.release()
    await pause(decision.afterMs, call)
    if (call.isOver) return
  }
  encode(call, attempted, route, request)
}

function backendFor(
  document: Destination,
  destination: DestinationState,
  route: RouteCandidate | null,
): WireBackend | null {
  if (route !== null && route.rule.backends.backends.length > 0)
    return chooseBackend(route.rule.backends, destination.split(route.rule.label))
  return { name: document.name, service: document.service, version: document.version, weight: 1 }
}

function outgoing(exchange: Exchange, call: Call, route: RouteCandidate | null, hops: number): OutgoingRequest {
  const { head } = exchange
  const filters = route?.rule.filters
  const rewritten = filters?.rewrite == null ? null : rewriteTarget(filters.rewrite, head.target, route?.prefix ?? null)
  const headers = withTrace(toPeer(head.headers, hops), call.trace)
  return {
    method: head.method,
    target: rewritten?.pathAndQuery ?? head.target.pathAndQuery,
    authority: rewritten?.authority ?? head.target.authority,
    headers: filters?.requestHeaders == null ? headers : editHeaders(filters.requestHeaders, headers),
    body: null,
    contentLength: head.contentLength,
    upgrade: head.upgrade,
  }
}

function sendRedirect(call: Call, route: RouteCandidate, redirect: Parameters<typeof redirectTo>[0]): void {
  const { status, location } = redirectTo(redirect, call.exchange.head.target, route.prefix)
  call.reply(status, ['location', location, 'content-length', '0'])
}

function encode(
  call: Call,
  attempted: Attempted | NotAttempted,
  route: RouteCandidate | null,
  request: OutgoingRequest,
): void {
  if (!('end' in attempted)) {
    call.refuse(attempted.code, attempted.detail)
    return
  }
  const { answer, code } = attempted
  if (answer === undefined) call.refuse(code ?? 'protocol_error', attempted.endpoint.instance)
  else if (answer.kind === 'switched') call.switch(answer, request.upgrade ?? '')
  else {
    const headers = answerHeaders(answer.headers, answer.status, true)
    const edits = route?.rule.filters.responseHeaders
    call.answer(answer, edits == null ? headers : editHeaders(edits, headers), code, attempted.broke)
  }
}

function requestLine(head: Exchange['head']): { method: string; path: string; query: string } {
  return { method: head.method, path: head.target.path, query: head.target.query }
}

function pause(afterMs: number, call: Call): Promise<void> {
  if (afterMs <= 0) return Promise.resolve()
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, afterMs)
    call.onBreakOff(() => {
      clearTimeout(timer)
      resolve()
    })
  })
}

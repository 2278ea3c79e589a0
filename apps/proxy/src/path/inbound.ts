// A call to our application on its way in, from top to bottom: decode (listen/ has done it) → identify caller → route →
// authorize → limit → attempt { forward } → record → encode. Routes are matched anew on what was received, for labels and
// rules only: nothing that a peer claims is believed.
import type { Clock } from '@heddle/shared/clock'
import { DEFAULT_ROUTE_LABEL, PUBLIC_SOURCE } from '@heddle/shared/names'
import { decideAccess } from '../access/decide.ts'
import type { Failure, OutgoingRequest, Upstream } from '../forward/upstream.ts'
import type { IdentitySource, Log, Telemetry } from '../interfaces.ts'
import type { Exchange, Origin } from '../listen/exchange.ts'
import { MAX_KEPT_BODY_BYTES } from '../resilience/retry.ts'
import { worstReading } from '../route/canonical.ts'
import { matchRoute, matchRouteWorst, type RoutedRequest } from '../route/match.ts'
import type { Admission } from './admission.ts'
import type { Call } from './call.ts'
import { clientCertificate } from './clientCertificate.ts'
import { DirectDelivery, type DirectDeliveryParts } from './directDelivery.ts'
import { toAppFromPeer, toAppFromPublic } from './headers.ts'
import type { InboundPolicy, Policy } from './inboundPolicy.ts'
import { keepBody } from './replayBody.ts'
import { withTrace } from './trace.ts'

/** The application, in clear on loopback. */
export interface App {
  port: number
  /** The same as the access log names it. */
  place: string
  http1: Upstream
  /** Taken where the service is declared to speak gRPC. */
  http2: Upstream
  webSockets: Upstream
}

export interface InboundParts extends DirectDeliveryParts {
  service: string
  version: string
  identity: IdentitySource
  telemetry: Telemetry
  policy: InboundPolicy
  admission: Admission
  app: App
  log: Log
  clock: Clock
}

type Caller = Exclude<Origin, { kind: 'app' }>

export function serveInbound(exchange: Exchange, parts: InboundParts) {
  const { head, origin } = exchange
  if (origin.kind === 'app') return exchange.abort()
  const source = origin.kind === 'peer' ? origin.peer.service : PUBLIC_SOURCE
  const call = parts.admission.open(exchange, 'inbound', source)
  if (call === undefined) return
  call.describe({ destination: parts.service, version: parts.version })
  const policy = parts.policy.current()
  // Without a policy nobody may call: the rules that would deny it are not here yet.
  if (policy === undefined) return call.refuse('destination_unknown', parts.service)
  if (policy.protocol === 'tcp') return call.refuse('protocol_mismatch', `${parts.service} is protocol: tcp`)

  const { method, target, headers } = head
  const routed: RoutedRequest = { method, path: target.path, query: target.query, headers }
  const route = matchRoute(policy.routes, routed)?.rule.label ?? DEFAULT_ROUTE_LABEL
  call.describe({ route })

  const worstPath = worstReading(target.path)
  const decision = decideAccess(policy.access, {
    caller: origin.kind === 'peer' ? { service: source } : 'public',
    method,
    path: target.path,
    worstPath,
    route,
    worstRoute:
      worstPath === target.path || !policy.access.hasRouteTargets
        ? route
        : (matchRouteWorst(policy.routes, { ...routed, path: worstPath })?.rule.label ?? DEFAULT_ROUTE_LABEL),
  })
  for (const hit of decision.hits) parts.telemetry.ruleHit(hit.rule, source, hit.verdict)
  if (!decision.allowed)
    return call.refuse('denied', decision.rule === null ? 'no rule allows it' : `rule "${decision.rule}"`)

  const reached = policy.limiter.take(origin.kind === 'peer' ? source : null, parts.clock.monotonic())
  if (reached !== null)
    return call.refuse(
      'rate_limited',
      reached === 'caller' ? `the limit for ${source}` : `the limit of ${parts.service}`,
      ['retry-after', '1'],
    )

  askApp(call, origin, policy.protocol, parts)
}

function askApp(call: Call, origin: Caller, protocol: Policy['protocol'], parts: InboundParts) {
  const { exchange } = call
  const { head } = exchange
  const body = keepBody(call, MAX_KEPT_BODY_BYTES)
  const request: OutgoingRequest = {
    method: head.method,
    target: head.target.pathAndQuery,
    authority: authorityOf(exchange),
    headers: withTrace(headersFor(exchange, origin, parts), call.trace),
    body: null,
    contentLength: head.contentLength,
    upgrade: head.upgrade,
  }
  call.describe({ upstream: parts.app.place })
  const parcel = {
    upstream: upstreamFor(head.upgrade, protocol, parts.app),
    request,
    body,
    refuse: (failure: Failure) => refuse(call, failure, parts),
  }
  new DirectDelivery(call, parcel, parts).begin()
}

function refuse(call: Call, { code, cause }: Failure, { app, log }: InboundParts): void {
  log.warn('the application did not answer', { port: app.port, cause: cause.message })
  call.refuse(code, code === 'app_unreachable' ? `nothing accepts connections on port ${app.port}` : undefined)
}

function upstreamFor(upgrade: string | null, protocol: Policy['protocol'], app: App): Upstream {
  if (upgrade?.toLowerCase() === 'websocket') return app.webSockets
  return protocol === 'grpc' && upgrade === null ? app.http2 : app.http1
}

function headersFor(exchange: Exchange, origin: Caller, { identity, service }: InboundParts): string[] {
  const { headers } = exchange.head
  if (origin.kind === 'public') return toAppFromPublic(headers, origin.address, authorityOf(exchange))
  const { trustDomain } = identity.current()
  return toAppFromPeer(headers, clientCertificate(origin.peer, trustDomain, service), origin.address)
}

function authorityOf({ head }: Exchange): string {
  const { authority, port } = head.target
  return port === null ? authority : `${authority}:${port}`
}

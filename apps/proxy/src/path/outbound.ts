// A call of our application on its way out, from top to bottom: decode (listen/ has done it) → locate → route → deliver
// (delivery.ts: attempt { pick endpoint → forward } … retry) → record → encode. The caller needs no identifying: whoever can
// open the loopback port is the service. Authorizing and limiting are the other side's, who can believe nothing that we say.
import type { WireBackend } from '@heddle/shared/wire/config'
import type { OutgoingRequest } from '../forward/upstream.ts'
import { grpcTimeoutMs } from '../grpc/call.ts'
import type { MeshView } from '../interfaces.ts'
import type { Exchange } from '../listen/exchange.ts'
import { earlier, requestDeadline } from '../resilience/deadline.ts'
import { MAX_KEPT_BODY_BYTES } from '../resilience/retry.ts'
import type { RouteCandidate } from '../route/compile.ts'
import { editHeaders, redirectTo, rewriteTarget } from '../route/filters.ts'
import { classifyHost } from '../route/hostName.ts'
import { matchRoute, type RoutedRequest } from '../route/match.ts'
import { chooseBackend } from '../route/split.ts'
import type { Admission } from './admission.ts'
import type { Call } from './call.ts'
import { Delivery, type DeliveryParts } from './delivery.ts'
import type { DestinationState, Destinations } from './destinations.ts'
import { type EgressParts, serveEgress } from './egress.ts'
import { countHops, toPeer } from './headers.ts'
import { type Destination, type Located, locate } from './locate.ts'
import { type MirrorParts, mirrorRequest } from './mirror.ts'
import { keepBody } from './replayBody.ts'
import { withTrace } from './trace.ts'

export interface OutboundParts extends DeliveryParts, EgressParts, MirrorParts {
  view: MeshView
  destinations: Destinations
  admission: Admission
  service: string
}

export function serveOutbound(exchange: Exchange, parts: OutboundParts): void | Promise<void> {
  const { head } = exchange
  const call = parts.admission.open(exchange, 'outbound', parts.service)
  if (call === undefined) return
  const hops = countHops(head.headers)
  if (hops === undefined) return call.refuse('loop', `passed ${parts.service}'s proxy`)

  const host = classifyHost(head.target.authority)
  if (host.kind === 'egress') return serveEgress(host.host, call, parts)
  if (host.kind === 'invalid') return call.refuse('no_such_service', host.host)
  const located = locate(host.name, parts.view)
  // Nearly always it is held, and nothing has to be waited for.
  if (located instanceof Promise)
    return located.then((document) => serveLocated(call, host.name, document, hops, parts))
  return serveLocated(call, host.name, located, hops, parts)
}

function serveLocated(call: Call, name: string, document: Located, hops: number, parts: OutboundParts) {
  if (typeof document === 'string') return call.refuse(document, name)
  call.describe({ destination: document.service, version: document.version ?? '-' })
  if (call.isOver) return
  if (document.settings.protocol === 'tcp')
    return call.refuse('protocol_mismatch', `${document.service} is protocol: tcp`)
  const destination = parts.destinations.state(document)

  const { head, receivedAtMs } = call.exchange
  const route = document.version === null ? matchRoute(destination.routes, routed(head)) : null
  if (route !== null) call.describe({ route: route.rule.label })
  else if (document.version === null && destination.routes.hasRoutes) return call.refuse('no_route', document.name)
  const redirect = route?.rule.filters.redirect
  if (route !== null && redirect != null) return sendRedirect(call, route, redirect)

  const backend = backendFor(document, destination, route)
  if (backend === null || backend.service === null)
    return call.refuse('backend_unresolved', backend?.name ?? route?.rule.label)
  const body = keepBody(call, MAX_KEPT_BODY_BYTES)
  const request = outgoing(call, route, hops)
  if (route !== null && route.rule.mirrors.length > 0) mirrorRequest(route, destination, request, body, parts)

  call.describe({ version: backend.version ?? '-' })
  const parcel = {
    destination,
    backend: destination.backend(backend.service, backend.version),
    route,
    request,
    body,
    deadlineMs: earlier(
      requestDeadline(receivedAtMs, route?.rule.timeouts.requestMs ?? null),
      call.isGrpc ? requestDeadline(receivedAtMs, grpcTimeoutMs(head.headers)) : null,
    ),
  }
  new Delivery(call, parcel, parts).begin()
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

function outgoing(call: Call, route: RouteCandidate | null, hops: number): OutgoingRequest {
  const { head } = call.exchange
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

function routed({ method, target, headers }: Exchange['head']): RoutedRequest {
  return { method, path: target.path, query: target.query, headers }
}

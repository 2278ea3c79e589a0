// RequestMirror: a copy of some requests to another backend. Nobody waits for it, its answer is dropped, and nothing
// that happens to it touches the request that it is a copy of: not the balancer's opinion, not the endpoints' probes.
import type { Clock } from '@heddle/shared/clock'
import type { EndpointUpstreams } from '../forward/meshUpstreams.ts'
import type { OutgoingRequest } from '../forward/upstream.ts'
import { wholeBody } from '../forward/wholeBody.ts'
import type { Telemetry } from '../interfaces.ts'
import type { RouteCandidate } from '../route/compile.ts'
import { chooseMirrored } from '../route/split.ts'
import type { DestinationState } from './destinations.ts'
import { discard } from './discard.ts'
import type { ReplayBody } from './replayBody.ts'

/** A copy that takes longer is of no use to anybody. */
const MIRROR_TIMEOUT_MS = 30_000
/** Copies under way for one destination; further ones are dropped, so that a hanging mirror costs little. */
const MAX_COPIES = 32

export interface MirrorParts {
  upstreams: EndpointUpstreams
  telemetry: Telemetry
  clock: Clock
  random: () => number
}

/** Bodies that are larger than what is kept for a repeat are not mirrored. */
export function mirrorRequest(
  route: RouteCandidate,
  destination: DestinationState,
  request: OutgoingRequest,
  body: ReplayBody | null,
  parts: MirrorParts,
): void {
  for (const [at, { backend, share }] of route.rule.mirrors.entries()) {
    const { service, version } = backend
    if (service === null || request.upgrade !== null) continue
    if (!chooseMirrored(share, destination.split(`${route.rule.label} mirror ${at}`))) continue
    const send = (whole: Buffer | null): void => sendCopy({ service, version }, destination, request, whole, parts)
    if (body === null) send(null)
    else body.onWhole(send)
  }
}

function sendCopy(
  backend: { service: string; version: string | null },
  destination: DestinationState,
  request: OutgoingRequest,
  whole: Buffer | null,
  parts: MirrorParts,
): void {
  const { clock, random, upstreams } = parts
  const { balancer, service } = destination.backend(backend.service, backend.version)
  if (destination.copies.underWay >= MAX_COPIES) {
    parts.telemetry.event('mirror_dropped', { service })
    return
  }
  if (upstreams.endedAtMs !== null) return
  // A copy's result is nobody's, so that it cannot say whether an endpoint is well again.
  const picked = balancer.pick(clock.monotonic(), random, [], false)
  if (typeof picked === 'string') return
  const copy = {
    ...request,
    body: whole === null ? null : wholeBody(whole),
    contentLength: whole?.length ?? null,
  }
  destination.copies.underWay++
  const over = (): void => {
    destination.copies.underWay--
    balancer.release(picked, clock.monotonic())
  }
  const endAtMs = clock.monotonic() + MIRROR_TIMEOUT_MS
  const sending = upstreams.at(picked.endpoint).send(copy, () => {})
  const timer = setTimeout(() => sending.abort(), MIRROR_TIMEOUT_MS)
  sending.outcome.then((outcome) => {
    clearTimeout(timer)
    if (outcome.kind === 'failed') over()
    else discard(outcome, Math.max(0, endAtMs - clock.monotonic()), over)
  })
}

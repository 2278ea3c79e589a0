// A TCP connection to our application, from top to bottom: identify caller (listen/ has done it) → authorize → limit →
// connect to the application → answer → carry → record. Only whole connections are judged: what is said inside is not ours.
import type { Clock } from '@heddle/shared/clock'
import { meshServerName } from '@heddle/shared/spiffe'
import { encodeOpaqueAnswer, type OpaqueRefusal } from '@heddle/shared/wire/opaque'
import { decideAccess } from '../access/decide.ts'
import { dialApp } from '../forward/dial.ts'
import { appSide, meshSide, type OpaqueSide } from '../forward/opaqueMesh.ts'
import type { PeerIdentity, Telemetry } from '../interfaces.ts'
import type { OpaqueArrival } from '../listen/opaqueArrival.ts'
import type { InboundPolicy } from './inboundPolicy.ts'
import type { OpaqueCall } from './opaqueCall.ts'
import type { OpaqueConnections } from './opaqueConnections.ts'

/** A caller that was refused may read why, and no longer. */
const REFUSED_MS = 2_000

export interface OpaqueInboundParts {
  policy: InboundPolicy
  opaque: OpaqueConnections
  telemetry: Telemetry
  clock: Clock
  service: string
  version: string
  appPort: number
}

interface Refused {
  readonly code: OpaqueRefusal
  readonly detail: string
}

export async function serveOpaqueInbound(arrival: OpaqueArrival, parts: OpaqueInboundParts): Promise<void> {
  const { socket, tcp, origin } = arrival
  if ('code' in origin || origin.kind !== 'peer') {
    const detail = 'code' in origin ? origin.detail : 'no peer'
    parts.telemetry.event('peer_refused', { reason: 'identity', detail })
    return refuse(arrival, 'tls_failed')
  }
  if (tcp === undefined) return void socket.destroy()
  const { service, version } = parts
  const facts = { side: 'inbound', source: origin.peer.service, destination: service, version, name: service } as const
  const { call, isFull, leave } = parts.opaque.enter(facts)
  try {
    const judged = judge(origin.peer, origin.servername, isFull, parts)
    const app = judged ?? (await connectApp(call, parts))
    if ('code' in app) {
      refuse(arrival, app.code)
      call.refused(app.code, app.detail)
      return
    }
    socket.write(encodeOpaqueAnswer('accepted'))
    await parts.opaque.carry('inbound', call, { caller: meshSide(socket, tcp), called: app, peer: origin.peer })
  } finally {
    leave()
  }
}

/** null: it may pass. */
function judge(peer: PeerIdentity, servername: string, isFull: boolean, parts: OpaqueInboundParts): Refused | null {
  const { service, telemetry, clock } = parts
  if (servername !== meshServerName(service)) return { code: 'misdirected', detail: `this proxy serves ${service}` }
  const policy = parts.policy.current()
  // Without a policy nobody may call: the rules that would deny it are not here yet.
  if (policy === undefined) return { code: 'destination_unknown', detail: service }
  if (policy.protocol !== 'tcp')
    return { code: 'protocol_mismatch', detail: `${service} is protocol: ${policy.protocol}` }

  const decision = decideAccess(policy.access, { caller: peer, method: null })
  for (const hit of decision.hits) telemetry.ruleHit(hit.rule, peer.service, hit.verdict)
  if (!decision.allowed)
    return { code: 'denied', detail: decision.rule === null ? 'no rule allows it' : `rule "${decision.rule}"` }

  const reached = policy.limiter.take(peer.service, clock.monotonic())
  if (reached !== null)
    return {
      code: 'rate_limited',
      detail: reached === 'caller' ? `the limit for ${peer.service}` : `the limit of ${service}`,
    }
  if (parts.opaque.isDraining) return { code: 'app_unreachable', detail: 'this instance is ending' }
  return isFull ? { code: 'overloaded', detail: 'too many connections are open' } : null
}

async function connectApp(call: OpaqueCall, { appPort }: OpaqueInboundParts): Promise<OpaqueSide | Refused> {
  call.describe({ upstream: `127.0.0.1:${appPort}` })
  try {
    return appSide(await dialApp(appPort))
  } catch {
    return { code: 'app_unreachable', detail: `nothing accepts connections on port ${appPort}` }
  }
}

/** Its caller hears why, and can go elsewhere: nothing of what it has to say was read. */
function refuse({ socket }: OpaqueArrival, code: OpaqueRefusal): void {
  socket.end(encodeOpaqueAnswer(code))
  socket.resume()
  setTimeout(() => socket.destroy(), REFUSED_MS).unref()
}

// A TCP connection of our application to a service of the mesh, from top to bottom: resolve → attempt { pick endpoint →
// dial } … retry → carry → record. Authorizing and limiting are the other side's.
import type { Socket } from 'node:net'
import type { Clock } from '@heddle/shared/clock'
import type { MeshErrorCode } from '@heddle/shared/errors'
import { appSide } from '../forward/opaqueMesh.ts'
import type { MeshView } from '../interfaces.ts'
import { decideRetry } from '../resilience/retry.ts'
import type { Destinations } from './destinations.ts'
import { locate } from './locate.ts'
import { attemptOpaque, type NotTaken, type OpaqueAttemptParts, type Taken } from './opaqueAttempt.ts'
import type { OpaqueCall } from './opaqueCall.ts'
import type { OpaqueConnections } from './opaqueConnections.ts'

export interface OpaqueOutboundParts extends OpaqueAttemptParts {
  view: MeshView
  destinations: Destinations
  opaque: OpaqueConnections
  clock: Clock
  service: string
}

/** `name`: what `--upstream` gave the local port to. The caller's socket is not read before the connection is taken. */
export async function serveOpaqueOutbound(socket: Socket, name: string, parts: OpaqueOutboundParts): Promise<void> {
  const facts = { side: 'outbound', source: parts.service, destination: '-', version: '-', name } as const
  const { call, isFull, leave } = parts.opaque.enter(facts)
  try {
    const caller = appSide(socket)
    const reached = isFull ? refusal('overloaded', 'too many connections are open') : await reach(name, call, parts)
    if (reached.kind === 'refused') {
      caller.reset()
      call.refused(reached.code, reached.detail)
      return
    }
    const { mesh, release } = reached
    try {
      await parts.opaque.carry('outbound', call, { caller, called: mesh, peer: mesh.peer })
    } finally {
      release()
    }
  } finally {
    leave()
  }
}

async function reach(name: string, call: OpaqueCall, parts: OpaqueOutboundParts): Promise<Taken | NotTaken> {
  const { view, destinations, clock, random } = parts
  const document = await locate(name, view)
  if (typeof document === 'string') return refusal(document, name)
  call.describe({ destination: document.service, version: document.version ?? '-' })
  if (document.settings.protocol !== 'tcp')
    return refusal('protocol_mismatch', `${document.service} is protocol: ${document.settings.protocol}`)

  const destination = destinations.state(document)
  const backend = destination.backend(document.service, document.version)
  const tried: string[] = []
  destination.budget.countRequest(clock.monotonic())
  for (;;) {
    const attempted = await attemptOpaque(backend, call, tried, parts)
    if (attempted.kind === 'taken' || attempted.tried === null) return attempted
    const question = {
      end: attempted.tried.end,
      method: 'CONNECT',
      body: 'none',
      policy: null,
      retriesMade: call.retriesMade,
      safeRetryMade: call.retriesMade > 0,
      deadlineMs: null,
    } as const
    const decision = decideRetry(question, destination.budget, clock.monotonic(), random)
    if (!decision.retry) {
      call.skippedRetry(decision.reason)
      return attempted
    }
    tried.push(attempted.tried.key)
    call.retried()
  }
}

function refusal(code: MeshErrorCode, detail: string): NotTaken {
  return { kind: 'refused', code, detail, tried: null }
}

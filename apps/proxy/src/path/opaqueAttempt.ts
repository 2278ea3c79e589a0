// One try at one endpoint of a TCP service: pick, dial, hear whether it is taken, and tell the balancer. Whether there is
// another try is opaqueOutbound's question: until a connection is taken nothing of it was sent.
import type { Clock } from '@heddle/shared/clock'
import { MESH_ERRORS, type MeshErrorCode } from '@heddle/shared/errors'
import type { AttemptResult } from '../balance/balancer.ts'
import { dialOpaque, type OpaqueMesh } from '../forward/opaqueMesh.ts'
import type { Failure } from '../forward/upstream.ts'
import type { IdentitySource, Log, Telemetry } from '../interfaces.ts'
import type { AttemptEnd } from '../resilience/retry.ts'
import type { BackendState } from './destinations.ts'
import type { OpaqueCall } from './opaqueCall.ts'
import { settle } from './settle.ts'

export interface OpaqueAttemptParts {
  identity: IdentitySource
  telemetry: Telemetry
  clock: Clock
  random: () => number
  log: Log
}

/** `release` is called when the connection is over, or at once where it was not taken. */
export interface Taken {
  readonly kind: 'taken'
  readonly mesh: OpaqueMesh
  release(): void
}

export interface NotTaken {
  readonly kind: 'refused'
  readonly code: MeshErrorCode
  readonly detail: string
  /** null: there was no endpoint to try. */
  readonly tried: { readonly key: string; readonly end: AttemptEnd } | null
}

export async function attemptOpaque(
  backend: BackendState,
  call: OpaqueCall,
  tried: readonly string[],
  parts: OpaqueAttemptParts,
): Promise<Taken | NotTaken> {
  const { identity, telemetry, clock, random, log } = parts
  const { balancer, service } = backend
  const { notAfter } = identity.current()
  // No endpoint can do anything about it, and none is to be left alone for it.
  if (clock.now() >= notAfter) {
    const detail = `the certificate of the calling proxy ended at ${new Date(notAfter).toISOString()} and was not renewed`
    return { kind: 'refused', code: 'tls_failed', detail, tried: null }
  }
  const picked = balancer.pick(clock.monotonic(), random, tried)
  if (picked === 'no_endpoint' || picked === 'circuit_open')
    return { kind: 'refused', code: picked, detail: service, tried: null }
  const { endpoint, key } = picked
  call.describe({ version: endpoint.version, upstream: endpoint.place })
  const release = (): void => balancer.release(picked, clock.monotonic())
  const dialled = await dialOpaque(endpoint, identity)

  const result = resultOf(dialled)
  if (result !== null) settle(backend, picked, result, parts)
  if (dialled.kind === 'answered' && dialled.answer === 'accepted') return { kind: 'taken', mesh: dialled, release }

  release()
  const code = codeOf(dialled)
  if (dialled.kind === 'failed') {
    telemetry.event('connection_failed', { service, instance: endpoint.instance, code })
    log.warn('attempt failed', { service, instance: endpoint.instance, cause: dialled.cause.message })
  } else dialled.stream.destroy()
  const detail = dialled.kind === 'failed' ? dialled.cause.message : `${endpoint.instance} says so`
  return { kind: 'refused', code, detail, tried: { key, end: endOf(code) } }
}

function codeOf(dialled: OpaqueMesh | Failure): MeshErrorCode {
  if (dialled.kind === 'failed') return dialled.code
  const { answer } = dialled
  // A newer proxy refused it for a reason that this one has no word for.
  return answer === null || answer === 'accepted' ? 'protocol_error' : answer
}

/** For the balancer, as for requests; null: it says nothing about the endpoint. */
function resultOf(dialled: OpaqueMesh | Failure): AttemptResult | null {
  if (dialled.kind === 'failed') return 'connect_failed'
  switch (dialled.answer) {
    case 'accepted':
    case 'denied':
    case 'rate_limited':
      return 'succeeded'
    case 'tls_failed':
      return 'refused_us'
    case 'app_unreachable':
    case 'misdirected':
      return 'connect_failed'
    case 'overloaded':
    case 'destination_unknown':
      return 'failed'
    case 'protocol_mismatch':
    case null:
      return null
  }
}

/** Whether another endpoint may well take it; what one proxy of a service refuses by config, the next one does too. */
function endOf(code: MeshErrorCode): AttemptEnd {
  const isElsewhere = code === 'connect_failed' || MESH_ERRORS[code].elsewhere === true
  return isElsewhere ? { kind: 'not_sent' } : { kind: 'answered', status: 200, grpcStatus: null }
}

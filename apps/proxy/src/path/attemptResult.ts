// What came of an attempt, read two ways: what it says about its endpoint, and how far the request had got. Decisions
// only; who acts on them is delivery's business.

import { MESH_ERROR_HEADER, MESH_ERRORS, type MeshErrorCode } from '@heddle/shared/errors'
import { isGrpcFailure } from '@heddle/shared/grpcStatus'
import type { AttemptResult } from '../balance/balancer.ts'
import type { Outcome } from '../forward/upstream.ts'
import { grpcStatusOf } from '../grpc/call.ts'
import type { AttemptEnd } from '../resilience/retry.ts'
import { headerOf } from './headers.ts'

/**
 * The code of the mesh's own answer: our failure, or what the other side's proxy said. Only a proxy can have written the
 * field: the proxy of the service takes it out of its application's answers.
 */
export function codeOf(outcome: Outcome): MeshErrorCode | null {
  if (outcome.kind === 'failed') return outcome.code
  const code = outcome.kind === 'answered' ? headerOf(outcome.headers, MESH_ERROR_HEADER) : undefined
  return code !== undefined && isMeshErrorCode(code) ? code : null
}

/** For the balancer; null: it says nothing about the endpoint. `code`: what `codeOf` says. */
export function resultOf(outcome: Outcome, code: MeshErrorCode | null, isGrpc: boolean): AttemptResult | null {
  if (outcome.kind === 'failed') {
    // Our own pool was full.
    if (code === 'overloaded') return null
    return code === 'connect_failed' || code === 'tls_failed' ? 'connect_failed' : 'failed'
  }
  if (code === 'tls_failed') return 'refused_us'
  if (code === 'app_unreachable' || code === 'misdirected') return 'connect_failed'
  if (outcome.kind === 'switched') return 'succeeded'
  const grpcStatus = isGrpc ? grpcStatusOf(outcome.headers) : null
  return (grpcStatus === null ? outcome.status >= 500 : isGrpcFailure(grpcStatus)) ? 'failed' : 'succeeded'
}

/** For the question whether there is another attempt. `code`: what `codeOf` says. */
export function endOf(outcome: Outcome, code: MeshErrorCode | null, isGrpc: boolean): AttemptEnd {
  if (outcome.kind === 'failed') return { kind: outcome.end }
  if (code !== null && MESH_ERRORS[code].elsewhere === true) return { kind: 'not_sent' }
  if (outcome.kind === 'switched') return { kind: 'answered', status: 101, grpcStatus: null }
  return { kind: 'answered', status: outcome.status, grpcStatus: isGrpc ? grpcStatusOf(outcome.headers) : null }
}

function isMeshErrorCode(text: string): text is MeshErrorCode {
  return Object.hasOwn(MESH_ERRORS, text)
}

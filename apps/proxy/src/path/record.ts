// The record that telemetry gets of a call, as it begins: with nothing known of how it goes.
import type { MeshErrorCode } from '@heddle/shared/errors'
import { DEFAULT_ROUTE_LABEL } from '@heddle/shared/names'
import type { FinishedRequest, OutcomeClass } from '../interfaces.ts'

/** What is known of a call when it begins. */
export type BegunRecord = Pick<
  FinishedRequest,
  'side' | 'source' | 'destination' | 'version' | 'method' | 'path' | 'authority' | 'requestId' | 'traceId'
>

/** One shape for all of them: it is written to for each request. Cancelled until there is an answer. */
export function beginRecord(begun: BegunRecord): FinishedRequest {
  return {
    side: begun.side,
    source: begun.source,
    destination: begun.destination,
    version: begun.version,
    route: DEFAULT_ROUTE_LABEL,
    outcome: 'cancelled',
    meshError: null,
    status: 0,
    retriesMade: 0,
    retrySkipped: null,
    recovered: false,
    latencyMs: 0,
    bytesIn: 0,
    bytesOut: 0,
    method: begun.method,
    path: begun.path,
    authority: begun.authority,
    upstream: '',
    requestId: begun.requestId,
    traceId: begun.traceId,
  }
}

/** How the mesh's own answer counts. */
export function outcomeOf(code: MeshErrorCode): OutcomeClass {
  switch (code) {
    case 'denied':
    case 'egress_denied':
      return 'denied'
    case 'rate_limited':
      return 'limited'
    default:
      return 'meshError'
  }
}

// The record of a request that was refused before it became one: malformed, too large, or for another service.
import { MESH_ERRORS, type MeshErrorCode } from '@heddle/shared/errors'
import { DEFAULT_ROUTE_LABEL, PUBLIC_SOURCE } from '@heddle/shared/names'
import type { Telemetry } from '../interfaces.ts'
import type { Origin } from '../listen/exchange.ts'

/** `own`: the service of this proxy and its version. */
export function recordRefusal(
  origin: Origin,
  code: MeshErrorCode,
  own: { service: string; version: string },
  telemetry: Telemetry,
): void {
  const isOutbound = origin.kind === 'app'
  telemetry.finished({
    side: isOutbound ? 'outbound' : 'inbound',
    source: isOutbound ? own.service : origin.kind === 'peer' ? origin.peer.service : PUBLIC_SOURCE,
    destination: isOutbound ? '-' : own.service,
    version: isOutbound ? '-' : own.version,
    route: DEFAULT_ROUTE_LABEL,
    outcome: 'meshError',
    meshError: code,
    status: MESH_ERRORS[code].status,
    retriesMade: 0,
    retrySkipped: null,
    recovered: false,
    latencyMs: 0,
    bytesIn: 0,
    bytesOut: 0,
    method: '-',
    path: '-',
    authority: '-',
    upstream: '',
    requestId: '-',
    traceId: '-',
  })
}

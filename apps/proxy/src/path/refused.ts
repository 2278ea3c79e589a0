// The record of a request that was refused before it became one: malformed, too large, or for another service.
import { MESH_ERRORS, type MeshErrorCode } from '@heddle/shared/errors'
import { PUBLIC_SOURCE } from '@heddle/shared/names'
import type { Telemetry } from '../interfaces.ts'
import type { Origin } from '../listen/exchange.ts'
import { beginRecord } from './record.ts'

/** `own`: the service of this proxy and its version. */
export function recordRefusal(
  origin: Origin,
  code: MeshErrorCode,
  own: { service: string; version: string },
  telemetry: Telemetry,
): void {
  const isOutbound = origin.kind === 'app'
  const record = beginRecord({
    side: isOutbound ? 'outbound' : 'inbound',
    source: isOutbound ? own.service : origin.kind === 'peer' ? origin.peer.service : PUBLIC_SOURCE,
    destination: isOutbound ? '-' : own.service,
    version: isOutbound ? '-' : own.version,
    method: '-',
    path: '-',
    authority: '-',
    requestId: '-',
    traceId: '-',
  })
  record.outcome = 'meshError'
  record.meshError = code
  record.status = MESH_ERRORS[code].status
  telemetry.finished(record)
}

// What makes a request a call of gRPC, and what its answer says, from the fields (gRPC over HTTP2:
// https://github.com/grpc/grpc/blob/master/doc/PROTOCOL-HTTP2.md).
import { GRPC_STATUS } from '@heddle/shared/grpcStatus'
import type { FieldList } from '../http1/requestHead.ts'

/** "application/grpc", with "+proto" and the like behind it; gRPC-Web is another protocol. */
const CONTENT_TYPE = /^application\/grpc(?:$|[+;])/i
/** At most eight digits. */
const TIMEOUT = /^([0-9]{1,8})([HMSmun])$/
const TIMEOUT_UNITS = ['u', 'm', 'S', 'M', 'H'] as const
const UNIT_MS: Readonly<Record<string, number>> = { H: 3_600_000, M: 60_000, S: 1_000, m: 1, u: 1e-3, n: 1e-6 }

export function isGrpcCall(method: string, headers: Readonly<FieldList>): boolean {
  return method === 'POST' && CONTENT_TYPE.test(fieldOf(headers, 'content-type') ?? '')
}

/** How long the caller waits, milliseconds; null: it does not say, or nothing that makes sense. */
export function grpcTimeoutMs(headers: Readonly<FieldList>): number | null {
  const [, digits, unit] = TIMEOUT.exec(fieldOf(headers, 'grpc-timeout') ?? '') ?? []
  return digits === undefined || unit === undefined ? null : Number(digits) * (UNIT_MS[unit] ?? 0)
}

/** The fields with a `grpc-timeout` that is shorter by what has passed of it; themselves where they have none. */
export function withTimeSpent(headers: Readonly<FieldList>, spentMs: number): Readonly<FieldList> {
  const timeoutMs = grpcTimeoutMs(headers)
  if (timeoutMs === null) return headers
  const left = headers.slice()
  left[indexOfField(headers, 'grpc-timeout') + 1] = grpcTimeoutOf(timeoutMs - spentMs)
  return left
}

/** In the finest unit for which eight digits are enough, rounded down, and never 0, which says that it is over already. */
function grpcTimeoutOf(ms: number): string {
  const unit = TIMEOUT_UNITS.find((one) => ms < 1e8 * (UNIT_MS[one] ?? 0)) ?? 'H'
  return `${Math.max(1, Math.floor(ms / (UNIT_MS[unit] ?? 1)))}${unit}`
}

/** Of the fields that end an answer: its trailers, or a head that is all of it; null: they say none. */
export function grpcStatusOf(fields: Readonly<FieldList>): number | null {
  const text = fieldOf(fields, 'grpc-status')
  if (text === undefined) return null
  return /^[0-9]{1,2}$/.test(text) ? Number(text) : GRPC_STATUS.unknown
}

/** What an answer without a status of gRPC means (http-grpc-status-mapping.md). */
export function grpcStatusOfHttp(status: number): number {
  switch (status) {
    case 400:
      return GRPC_STATUS.internal
    case 401:
      return GRPC_STATUS.unauthenticated
    case 403:
      return GRPC_STATUS['permission-denied']
    case 404:
      return GRPC_STATUS.unimplemented
    case 429:
    case 502:
    case 503:
    case 504:
      return GRPC_STATUS.unavailable
    default:
      return GRPC_STATUS.unknown
  }
}

/** A `grpc-message` as it is written: what is not visible, and "%", in percent-encoded UTF-8. */
export function grpcMessage(text: string): string {
  return text.replace(/[^\x20-\x24\x26-\x7e]+/gu, (part) =>
    [...Buffer.from(part)].map((byte) => `%${byte.toString(16).toUpperCase().padStart(2, '0')}`).join(''),
  )
}

function fieldOf(fields: Readonly<FieldList>, name: string): string | undefined {
  const at = indexOfField(fields, name)
  return at === -1 ? undefined : fields[at + 1]
}

function indexOfField(fields: Readonly<FieldList>, name: string): number {
  for (let i = 0; i < fields.length; i += 2) if (fields[i] === name) return i
  return -1
}

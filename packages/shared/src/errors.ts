// The errors that the mesh itself answers: one table, from which status, gRPC status, body and metrics follow.
// An answer carries `x-heddle-error: <code>` and a small RFC 9457 body; details stay in the log.

interface MeshError {
  /** HTTP status of the answer. */
  status: number
  /** gRPC status of the answer (https://grpc.io/docs/guides/status-codes/). */
  grpcStatus: number
  /** Whether a caller may safely send the same request again: nothing was processed, and later it may go better. */
  retryable: boolean
  /**
   * Of those: where the proxy of one instance says it, another instance may well take the request, so that the caller's
   * proxy sends it there at once. Not so for a limit, which repeats would make worse.
   */
  elsewhere?: true
  /** One plain sentence; says what to do where the caller can do something. */
  message: string
}

const table = {
  malformed: { status: 400, grpcStatus: 13, retryable: false, message: 'The request is not valid HTTP.' },
  denied: { status: 403, grpcStatus: 7, retryable: false, message: 'An access rule denies this call.' },
  egress_denied: {
    status: 403,
    grpcStatus: 7,
    retryable: false,
    message: 'The mesh does not let this host be called from inside.',
  },
  no_route: {
    status: 404,
    grpcStatus: 12,
    retryable: false,
    message: 'The service has routes and none of them matches this request.',
  },
  misdirected: {
    status: 421,
    grpcStatus: 13,
    retryable: true,
    elsewhere: true,
    message: 'This proxy does not serve that service.',
  },
  rate_limited: { status: 429, grpcStatus: 8, retryable: true, message: 'The rate limit of this service is reached.' },
  headers_too_large: {
    status: 431,
    grpcStatus: 8,
    retryable: false,
    message: 'The request head is larger than 16 KiB or has more than 100 fields.',
  },
  backend_unresolved: {
    status: 500,
    grpcStatus: 14,
    retryable: false,
    message: 'The route sends this request to a backend that does not exist.',
  },
  protocol_unsupported: {
    status: 501,
    grpcStatus: 12,
    retryable: false,
    message: 'This proxy does not speak that protocol here.',
  },
  connect_failed: {
    status: 502,
    grpcStatus: 14,
    retryable: true,
    message: 'No connection to the service could be made.',
  },
  tls_failed: {
    status: 502,
    grpcStatus: 14,
    retryable: true,
    elsewhere: true,
    message: 'The service could not prove that it is the one that was called, or refused our certificate.',
  },
  protocol_error: {
    status: 502,
    grpcStatus: 14,
    retryable: false,
    message: 'The service broke off or gave an answer that is not valid HTTP.',
  },
  no_such_service: { status: 502, grpcStatus: 14, retryable: false, message: 'The mesh has no service of that name.' },
  app_unreachable: {
    status: 502,
    grpcStatus: 14,
    retryable: true,
    elsewhere: true,
    message: 'The proxy of the service is up, but the application behind it does not accept connections.',
  },
  no_endpoint: { status: 503, grpcStatus: 14, retryable: true, message: 'The service has no ready instance.' },
  circuit_open: {
    status: 503,
    grpcStatus: 14,
    retryable: true,
    message: 'The instances of the service failed too often and are being left alone for a moment.',
  },
  overloaded: {
    status: 503,
    grpcStatus: 8,
    retryable: true,
    elsewhere: true,
    message: 'The proxy is at its limit of work in flight.',
  },
  destination_unknown: {
    status: 503,
    grpcStatus: 14,
    retryable: true,
    elsewhere: true,
    message: 'The control plane has not told this proxy about that service yet.',
  },
  timeout: { status: 504, grpcStatus: 4, retryable: false, message: 'The service did not answer in time.' },
  loop: {
    status: 508,
    grpcStatus: 13,
    retryable: false,
    message: 'The request came back to a proxy that it had passed before.',
  },
} as const satisfies Record<string, MeshError>

export type MeshErrorCode = keyof typeof table
export const MESH_ERRORS: Readonly<Record<MeshErrorCode, MeshError>> = table
export const MESH_ERROR_CODES = Object.keys(table) as readonly MeshErrorCode[]

/** Header that names the code of an error which the mesh itself answered. */
export const MESH_ERROR_HEADER = 'x-heddle-error'

/** RFC 9457 problem details. `detail` names what was concerned (a rule, a service, a limit), never a secret. */
export interface Problem {
  type: string
  title: string
  status: number
  code: MeshErrorCode
  detail?: string
}

export function problemOf(code: MeshErrorCode, detail?: string): Problem {
  const { status, message } = MESH_ERRORS[code]
  return { type: `urn:heddle:error:${code}`, title: message, status, code, ...(detail === undefined ? {} : { detail }) }
}

/** An error with a code of the table; thrown where an answer cannot be returned as a value. */
export class CodedError extends Error {
  readonly code: MeshErrorCode
  readonly detail: string | undefined
  constructor(code: MeshErrorCode, detail?: string, options?: ErrorOptions) {
    super(detail ?? MESH_ERRORS[code].message, options)
    this.name = 'CodedError'
    this.code = code
    this.detail = detail
  }
}

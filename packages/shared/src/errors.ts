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
  /** What is wrong, in one plain sentence. */
  message: string
  /** What to do about it, for whoever reads the answer; names nothing that only the inside of the mesh knows. */
  advice: string
}

const table = {
  malformed: {
    status: 400,
    grpcStatus: 13,
    retryable: false,
    message: 'The request is not valid HTTP.',
    advice: 'Send a request that follows RFC 9112; the detail says what does not.',
  },
  denied: {
    status: 403,
    grpcStatus: 7,
    retryable: false,
    message: 'An access rule denies this call.',
    advice: 'If the call should be allowed, ask the owner of the service for an access rule that names yours.',
  },
  egress_denied: {
    status: 403,
    grpcStatus: 7,
    retryable: false,
    message: 'The mesh does not let this host be called from inside.',
    advice: 'If the host should be reached, ask an admin to list it under `egress` in the mesh settings.',
  },
  no_route: {
    status: 404,
    grpcStatus: 12,
    retryable: false,
    message: 'The service has routes and none of them matches this request.',
    advice:
      'Check method, path and headers against the routes: `heddle get httproute -o yaml` and `heddle get grpcroute -o yaml` show them.',
  },
  misdirected: {
    status: 421,
    grpcStatus: 13,
    retryable: true,
    elsewhere: true,
    message: 'This proxy does not serve that service.',
    advice: 'Send it again: the list of instances is probably older than the instance that answered.',
  },
  rate_limited: {
    status: 429,
    grpcStatus: 8,
    retryable: true,
    message: 'The rate limit of this service is reached.',
    advice: 'Wait a second and send fewer requests; whoever owns the service can raise its limits.',
  },
  headers_too_large: {
    status: 431,
    grpcStatus: 8,
    retryable: false,
    message: 'The request head is larger than 16 KiB or has more than 100 fields.',
    advice: 'Send a smaller head: large cookies are the usual reason.',
  },
  backend_unresolved: {
    status: 500,
    grpcStatus: 14,
    retryable: false,
    message: 'The route sends this request to a backend that does not exist.',
    advice: "Name a service or version that exists in the route's backendRefs: `heddle get services` lists them.",
  },
  protocol_unsupported: {
    status: 501,
    grpcStatus: 12,
    retryable: false,
    message: 'This proxy does not speak that protocol here.',
    advice: 'Send HTTP/1.1 in clear text to the proxy; the mesh encrypts it on the way.',
  },
  protocol_mismatch: {
    status: 501,
    grpcStatus: 12,
    retryable: false,
    message: 'The service and this call do not speak the same protocol.',
    advice:
      'Reach a service of `protocol: tcp` by a local port, `heddle run --upstream SERVICE:PORT`, and any other over HTTP; `heddle get service NAME -o yaml` shows which it is.',
  },
  connect_failed: {
    status: 502,
    grpcStatus: 14,
    retryable: true,
    message: 'No connection to the service could be made.',
    advice: 'Send it again in a moment; if it stays so, check that the host is up and can be reached from here.',
  },
  tls_failed: {
    status: 502,
    grpcStatus: 14,
    retryable: true,
    elsewhere: true,
    message: 'The service could not prove that it is the one that was called, or refused our certificate.',
    advice: 'Send it again in a moment; if it stays so, `heddle status` shows whose certificate has ended.',
  },
  protocol_error: {
    status: 502,
    grpcStatus: 14,
    retryable: false,
    message: 'The service broke off or gave an answer that is not valid HTTP.',
    advice: 'Look into the log of the service; the request may have been processed, so think before repeating it.',
  },
  no_such_service: {
    status: 502,
    grpcStatus: 14,
    retryable: false,
    message: 'The mesh has no service of that name.',
    advice:
      'Check the spelling: `heddle get services` lists what there is. A host outside the mesh has a dot in its name.',
  },
  app_unreachable: {
    status: 502,
    grpcStatus: 14,
    retryable: true,
    elsewhere: true,
    message: 'The proxy of the service is up, but the application behind it does not accept connections.',
    advice: 'Check that the application runs and listens on the port that --app-port names.',
  },
  no_endpoint: {
    status: 503,
    grpcStatus: 14,
    retryable: true,
    message: 'The service has no ready instance.',
    advice: 'Check that an instance runs and is ready: `heddle status` shows each.',
  },
  circuit_open: {
    status: 503,
    grpcStatus: 14,
    retryable: true,
    message: 'The instances of the service failed too often and are being left alone for a moment.',
    advice: 'Wait some seconds and send it again; the log of the service says why it fails.',
  },
  overloaded: {
    status: 503,
    grpcStatus: 8,
    retryable: true,
    elsewhere: true,
    message: 'The proxy is at its limit of work in flight.',
    advice: 'Send it again in a moment; more instances take more load.',
  },
  destination_unknown: {
    status: 503,
    grpcStatus: 14,
    retryable: true,
    elsewhere: true,
    message: 'The control plane has not told this proxy about that service yet.',
    advice: 'Send it again in a moment; if it stays so, check that the control plane runs: `heddle status`.',
  },
  timeout: {
    status: 504,
    grpcStatus: 4,
    retryable: false,
    message: 'The service did not answer in time.',
    advice:
      "Find out what took so long before repeating it: it may have been processed. The time is the route's `timeouts`.",
  },
  loop: {
    status: 508,
    grpcStatus: 13,
    retryable: false,
    message: 'The request came back to a proxy that it had passed before.',
    advice: 'Let the service call another name than its own: a route or a proxy setting sends its calls back to it.',
  },
} as const satisfies Record<string, MeshError>

export type MeshErrorCode = keyof typeof table
export const MESH_ERRORS: Readonly<Record<MeshErrorCode, MeshError>> = table
export const MESH_ERROR_CODES = Object.keys(table) as readonly MeshErrorCode[]

/** Header that names the code of an error which the mesh itself answered. */
export const MESH_ERROR_HEADER = 'x-heddle-error'

/**
 * RFC 9457 problem details, with `code` and `advice` as extensions. `detail` names what was concerned (a rule, a
 * service, a limit), never a secret.
 */
export interface Problem {
  type: string
  title: string
  status: number
  code: MeshErrorCode
  detail?: string
  advice: string
}

export function problemOf(code: MeshErrorCode, detail?: string): Problem {
  const { status, message, advice } = MESH_ERRORS[code]
  const type = `urn:heddle:error:${code}`
  return { type, title: message, status, code, ...(detail === undefined ? {} : { detail }), advice }
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

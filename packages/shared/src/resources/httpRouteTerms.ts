// Words of a route that pages show too: apart from its schema, so that these need not load a validator.

/** Methods that the Gateway API can match (HTTPMethod). */
export const HTTP_METHODS = ['GET', 'HEAD', 'POST', 'PUT', 'DELETE', 'CONNECT', 'OPTIONS', 'TRACE', 'PATCH'] as const

/** Lets a route repeat POST and PATCH, which are not idempotent (RFC 9110, 9.2.2). */
export const RETRY_NON_IDEMPOTENT_ANNOTATION = 'heddle.dev/retry-non-idempotent'

/**
 * Statuses of gRPC that are repeated, by name and separated by commas ("unavailable, resource-exhausted"): of answers that
 * say nothing else, so before the first message. On an HTTPRoute for its rules with `retry`, on a GRPCRoute, which has no
 * such stanza, for all of its rules. The Gateway API has no word for it.
 */
export const RETRY_GRPC_ANNOTATION = 'heddle.dev/retry-grpc'

/** On a GRPCRoute with RETRY_GRPC_ANNOTATION: repeats after the first try, "0" to "10"; "1" where it is not given. */
export const RETRY_ATTEMPTS_ANNOTATION = 'heddle.dev/retry-attempts'

// Words of an HTTPRoute that pages show too: apart from its schema, so that these need not load a validator.

/** Methods that the Gateway API can match (HTTPMethod). */
export const HTTP_METHODS = ['GET', 'HEAD', 'POST', 'PUT', 'DELETE', 'CONNECT', 'OPTIONS', 'TRACE', 'PATCH'] as const

/** Lets a route repeat POST and PATCH, which are not idempotent (RFC 9110, 9.2.2). */
export const RETRY_NON_IDEMPOTENT_ANNOTATION = 'heddle.dev/retry-non-idempotent'

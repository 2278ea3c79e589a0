// Which requests may be sent twice.

const IDEMPOTENT: ReadonlySet<string> = new Set(['GET', 'HEAD', 'OPTIONS', 'TRACE', 'PUT', 'DELETE'])

/** RFC 9110, 9.2.2. Methods that are not known there are not. */
export function isIdempotent(method: string): boolean {
  return IDEMPOTENT.has(method)
}

export interface CanonicalTarget {
  readonly malformed: null
  /** `asterisk` is `OPTIONS *` (RFC 9112, 3.2.4): path and pathAndQuery are then `*`. */
  readonly form: 'origin' | 'absolute' | 'asterisk'
  /** Host in lower case without port and trailing dot; IPv6 in brackets. */
  readonly authority: string
  /** Port that was written, null where none was. */
  readonly port: number | null
  readonly path: string
  /** Without the question mark, as it came; empty where there is none. */
  readonly query: string
  /** What to forward as the request target (origin-form or `*`). */
  readonly pathAndQuery: string
}
export interface MalformedTarget {
  /** One plain sentence for the log and the problem's detail. */
  readonly malformed: string
}
export interface Authority {
  readonly malformed: null
  readonly host: string
  readonly port: number | null
}

/** `headers` is flat: name, value, name, value. Host is looked up there; none, two or a list are malformed. */
export function canonicalTarget(
  method: string,
  target: string,
  headers: readonly string[],
): CanonicalTarget | MalformedTarget {
  throw new Error(`pending ${method} ${target} ${headers.length}`)
}
/** `host[:port]` of a Host field or of CONNECT's authority-form. */
export function canonicalAuthority(text: string): Authority | MalformedTarget {
  throw new Error(`pending ${text}`)
}
/** Canonical form of a path alone (rules, rewrites); undefined where it is malformed. */
export function canonicalPath(path: string): string | undefined {
  throw new Error(`pending ${path}`)
}
/** The worst reading of a canonical path; the same string where there is nothing to read worse. */
export function worstReading(path: string): string {
  throw new Error(`pending ${path}`)
}

// The one form in which a request is routed, judged and forwarded: made once, here, from the request target and Host
// (RFC 9112, 3.2). Anything that two readers could read differently is malformed. CONNECT's authority-form is the
// listener's, which asks `canonicalAuthority`.
import { readPath } from './path.ts'

export { worstReading } from './path.ts'

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

/** Without a port, `http` means this one (RFC 9110, 4.2.1). */
const DEFAULT_PORT = 80
/** RFC 1035, 2.3.4. */
const MAX_HOST_LENGTH = 253
/** Names as DNS carries them, "_" included, which real hosts have; IPv4 addresses are of this form too. */
const HOST_NAME = /^(?:[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?)(?:\.[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?)*$/
const IP_LITERAL = /^\[[0-9a-f:.]{2,45}\]$/

/** `headers` is flat: name, value, name, value. Host is looked up there; none, two or a list are malformed. */
export function canonicalTarget(
  method: string,
  target: string,
  headers: readonly string[],
): CanonicalTarget | MalformedTarget {
  const field = findHost(headers)
  if (typeof field !== 'string') return field
  const host = canonicalAuthority(field)
  if (host.malformed !== null) return host
  if (target.charCodeAt(0) === 0x2f) return finish('origin', host, target)
  if (target === '*') {
    if (method !== 'OPTIONS') return { malformed: 'only OPTIONS may ask for "*"' }
    return asterisk(host)
  }
  return absolute(method, target, host)
}

/** The one Host field, or why there is not one (RFC 9112, 3.2: a server MUST answer 400). */
function findHost(headers: readonly string[]): string | MalformedTarget {
  let found: string | undefined
  for (let i = 0; i < headers.length; i += 2) {
    const name = headers[i]
    if (name === undefined || name.length !== 4) continue
    if (name !== 'host' && name.toLowerCase() !== 'host') continue
    if (found !== undefined) return { malformed: 'there are two Host fields' }
    found = headers[i + 1] ?? ''
  }
  return found ?? { malformed: 'there is no Host field' }
}

/** A proxy's form of a target (RFC 9112, 3.2.2), which clients that know of the proxy send. */
function absolute(method: string, target: string, host: Authority): CanonicalTarget | MalformedTarget {
  if (target.slice(0, 7).toLowerCase() !== 'http://')
    return { malformed: 'the request target is neither a path nor an http:// URL' }
  const end = authorityEnd(target, 7)
  const named = canonicalAuthority(target.slice(7, end))
  if (named.malformed !== null) return named
  if (named.host !== host.host || (named.port ?? DEFAULT_PORT) !== (host.port ?? DEFAULT_PORT))
    return { malformed: 'the request target and the Host field name different authorities' }
  const rest = target.slice(end)
  if (rest === '') return method === 'OPTIONS' ? asterisk(named) : finish('absolute', named, '/')
  return finish('absolute', named, rest.charCodeAt(0) === 0x2f ? rest : `/${rest}`)
}

function authorityEnd(target: string, from: number): number {
  for (let i = from; i < target.length; i++) {
    const code = target.charCodeAt(i)
    if (code === 0x2f || code === 0x3f) return i
  }
  return target.length
}

function asterisk(host: Authority): CanonicalTarget {
  return {
    malformed: null,
    form: 'asterisk',
    authority: host.host,
    port: host.port,
    path: '*',
    query: '',
    pathAndQuery: '*',
  }
}

/** `pathAndQuery` begins with "/": whatever follows, `//evil/x` too, is a path and never an authority. */
function finish(form: 'origin' | 'absolute', host: Authority, pathAndQuery: string): CanonicalTarget | MalformedTarget {
  const mark = pathAndQuery.indexOf('?')
  const rawPath = mark === -1 ? pathAndQuery : pathAndQuery.slice(0, mark)
  const path = readPath(rawPath)
  if (typeof path !== 'string') return path
  const query = mark === -1 ? '' : pathAndQuery.slice(mark + 1)
  if (!isQuery(query)) return { malformed: 'the query has a character that is not allowed there' }
  return {
    malformed: null,
    form,
    authority: host.host,
    port: host.port,
    path,
    query,
    pathAndQuery: mark === -1 ? path : `${path}?${query}`,
  }
}

/** A query is the application's: only what would end it, or the line it stands in, is refused. */
function isQuery(query: string): boolean {
  for (let i = 0; i < query.length; i++) {
    const code = query.charCodeAt(i)
    if (code <= 0x20 || code === 0x7f || code === 0x23 || code > 0xff) return false
  }
  return true
}

/** `host[:port]` of a Host field or of CONNECT's authority-form. */
export function canonicalAuthority(text: string): Authority | MalformedTarget {
  const colon = text.charCodeAt(0) === 0x5b ? text.indexOf(':', text.indexOf(']') + 1) : text.indexOf(':')
  const port = colon === -1 ? null : readPort(text, colon + 1)
  if (port === undefined) return { malformed: 'the port of the authority is not a number from 1 to 65535' }
  let host = (colon === -1 ? text : text.slice(0, colon)).toLowerCase()
  if (host.endsWith('.')) host = host.slice(0, -1)
  if (host.length > MAX_HOST_LENGTH || !(HOST_NAME.test(host) || IP_LITERAL.test(host)))
    return { malformed: 'the authority is not one host name or address' }
  return { malformed: null, host, port }
}

/** null for an empty port, which RFC 3986, 3.2.3 allows; undefined where it is none. */
function readPort(text: string, from: number): number | null | undefined {
  if (from === text.length) return null
  if (text.length - from > 5) return undefined
  let port = 0
  for (let i = from; i < text.length; i++) {
    const digit = text.charCodeAt(i) - 0x30
    if (digit < 0 || digit > 9) return undefined
    port = port * 10 + digit
  }
  return port >= 1 && port <= 65535 ? port : undefined
}

/** Canonical form of a path alone (rules, rewrites); undefined where it is malformed. */
export function canonicalPath(path: string): string | undefined {
  const reading = readPath(path)
  return typeof reading === 'string' ? reading : undefined
}

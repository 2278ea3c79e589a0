// Names of fields from octets to strings in lower case. The names that most messages carry are found by their octets, so
// that they cost no allocation, and compare by reference wherever they are looked for later.
import { TOKEN_LOWER } from './octets.ts'

export const KNOWN_NAMES: readonly string[] = [
  ...['accept', 'accept-charset', 'accept-encoding', 'accept-language', 'accept-ranges', 'age', 'allow', 'alt-svc'],
  ...['authorization', 'baggage', 'cache-control', 'connection', 'content-disposition', 'content-encoding'],
  ...['content-language', 'content-length', 'content-location', 'content-range', 'content-type', 'cookie', 'date'],
  ...['dnt', 'etag', 'expect', 'expires', 'forwarded', 'from', 'grpc-accept-encoding', 'grpc-encoding', 'grpc-message'],
  ...['grpc-status', 'grpc-timeout', 'host', 'http2-settings', 'if-match', 'if-modified-since', 'if-none-match'],
  ...['if-range', 'if-unmodified-since', 'keep-alive', 'last-modified', 'link', 'location', 'max-forwards', 'origin'],
  ...['pragma', 'priority', 'proxy-authenticate', 'proxy-authorization', 'proxy-connection', 'range', 'referer'],
  ...['retry-after', 'sec-fetch-dest', 'sec-fetch-mode', 'sec-fetch-site', 'sec-websocket-accept'],
  ...['sec-websocket-extensions', 'sec-websocket-key', 'sec-websocket-protocol', 'sec-websocket-version', 'server'],
  ...['set-cookie', 'strict-transport-security', 'te', 'trailer', 'transfer-encoding', 'traceparent', 'tracestate'],
  ...['upgrade', 'upgrade-insecure-requests', 'user-agent', 'vary', 'via', 'warning', 'www-authenticate'],
  ...['x-content-type-options', 'x-forwarded-client-cert', 'x-forwarded-for', 'x-forwarded-host'],
  ...['x-forwarded-port', 'x-forwarded-proto', 'x-frame-options', 'x-heddle-error', 'x-heddle-hops', 'x-powered-by'],
  ...['x-real-ip', 'x-request-id', 'x-requested-with'],
]

const SLOTS = 512
const table: string[][] = Array.from({ length: SLOTS }, () => [])
const known = new Set(KNOWN_NAMES)
for (const name of KNOWN_NAMES)
  table[
    slotOf(name.length, name.charCodeAt(0), name.charCodeAt(name.length >> 1), name.charCodeAt(name.length - 1))
  ]?.push(name)

function slotOf(length: number, first: number, middle: number, last: number): number {
  return (length * 61 + first * 7 + middle * 29 + last * 3) & (SLOTS - 1)
}

/** Of other names the latest in each slot: those that a program makes up come with each of its messages. */
const others: string[] = Array.from({ length: SLOTS }, () => '')
/** Longer ones are not kept. */
const MAX_KEPT_BYTES = 64

/** Whether `name` is one of those that are known to be well-formed. */
export function isKnownName(name: string): boolean {
  return known.has(name)
}

/** The name in bytes[from, to), a token that is not empty, in lower case. */
export function fieldName(bytes: Buffer, from: number, to: number): string {
  const length = to - from
  const slot = slotOf(length, lower(bytes, from), lower(bytes, from + (length >> 1)), lower(bytes, to - 1))
  for (const name of table[slot] ?? []) if (isAt(name, bytes, from, length)) return name
  const other = others[slot] ?? ''
  if (isAt(other, bytes, from, length)) return other
  const name = bytes.toString('latin1', from, to).toLowerCase()
  if (length <= MAX_KEPT_BYTES) others[slot] = name
  return name
}

function isAt(name: string, bytes: Buffer, from: number, length: number): boolean {
  if (name.length !== length) return false
  for (let i = 0; i < length; i++) if (lower(bytes, from + i) !== name.charCodeAt(i)) return false
  return true
}

function lower(bytes: Buffer, at: number): number {
  return TOKEN_LOWER[bytes[at] ?? 0] ?? 0
}

// Which header fields go on from one hop to the next, and which ones the mesh writes itself. First everything that is
// not end-to-end or not to be believed is taken away, then ours is added: a field named in Connection cannot remove it.
import { MESH_ERROR_HEADER } from '@heddle/shared/errors'
import { KNOWN_NAMES } from '../http1/fieldNames.ts'
import type { HeaderList } from '../listen/exchange.ts'

/** RFC 9110, 7.6.1, and what older proxies treat alike. */
const HOP_BY_HOP: ReadonlySet<string> = new Set([
  'connection',
  'keep-alive',
  'proxy-connection',
  'proxy-authenticate',
  'proxy-authorization',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
  'http2-settings',
])

/** Counts the proxies of the mesh on a request's way, so that a circle is found. */
const HOPS = 'x-heddle-hops'
/** More than any chain of services that copies headers blindly is deep. */
const MAX_HOPS = 16
export const CLIENT_CERTIFICATE = 'x-forwarded-client-cert'

type Reach =
  | 'end_to_end'
  | 'hop_by_hop'
  /** By which somebody could claim to be a service, or the mesh itself. */
  | 'identity'

function judgeReach(name: string): Reach {
  if (HOP_BY_HOP.has(name)) return 'hop_by_hop'
  return name === CLIENT_CERTIFICATE || name.startsWith('x-heddle-') || name.startsWith('l5d-')
    ? 'identity'
    : 'end_to_end'
}

/** Of the names that most messages carry. */
const knownReach: ReadonlyMap<string, Reach> = new Map(KNOWN_NAMES.map((name) => [name, judgeReach(name)]))

function reachOf(name: string): Reach {
  return knownReach.get(name) ?? judgeReach(name)
}

/** What a stranger may not tell the application about where it comes from. */
const FORWARDED: ReadonlySet<string> = new Set([
  'forwarded',
  'x-forwarded-for',
  'x-forwarded-host',
  'x-forwarded-port',
  'x-forwarded-proto',
  'x-real-ip',
])

/** Trailers may carry results, not framing, routing, credentials or what a server already acted on (RFC 9110, 6.5.1). */
const NOT_IN_TRAILERS: ReadonlySet<string> = new Set([
  'authorization',
  'cache-control',
  'content-encoding',
  'content-length',
  'content-range',
  'content-type',
  'cookie',
  'expect',
  'host',
  'max-forwards',
  'pragma',
  'range',
  'set-cookie',
  'www-authenticate',
])

function namedInConnection(headers: HeaderList): ReadonlySet<string> | null {
  let named: Set<string> | null = null
  for (let i = 0; i < headers.length; i += 2) {
    if (headers[i] !== 'connection') continue
    for (const option of (headers[i + 1] ?? '').split(',')) {
      const name = option.trim().toLowerCase()
      if (name !== '' && name !== 'close' && name !== 'keep-alive') {
        named ??= new Set()
        named.add(name)
      }
    }
  }
  return named
}

/** `believed`: the field of identity that is kept; `isDropped`: what goes no further beside. */
function endToEnd(
  headers: HeaderList,
  believed: string | null = null,
  isDropped: ((name: string) => boolean) | null = null,
): string[] {
  const named = namedInConnection(headers)
  const kept: string[] = []
  for (let i = 0; i < headers.length; i += 2) {
    const name = headers[i] ?? ''
    const value = headers[i + 1] ?? ''
    const reach = reachOf(name)
    // "TE: trailers" is said anew by each hop that can take them, though Connection must name it (RFC 9110, 10.1.4).
    if (name === 'te' && /(?:^|,)\s*trailers\s*(?:,|$)/i.test(value)) kept.push('te', 'trailers')
    if (reach === 'hop_by_hop' || (reach === 'identity' && name !== believed)) continue
    if (named?.has(name) === true || isDropped?.(name) === true) continue
    kept.push(name, value)
  }
  return kept
}

/** How many proxies of the mesh a request has passed; undefined: too many, it goes in a circle. */
export function countHops(headers: HeaderList): number | undefined {
  const hops = Number(headerOf(headers, HOPS) ?? '0')
  if (!Number.isSafeInteger(hops) || hops < 0) return 0
  return hops < MAX_HOPS ? hops : undefined
}

/** From our application to another proxy. */
export function toPeer(headers: HeaderList, hops: number): string[] {
  const kept = endToEnd(headers)
  kept.push(HOPS, String(hops + 1))
  return kept
}

/** From our application to a host outside the mesh, which learns nothing of the mesh. */
export function toOutside(headers: HeaderList): string[] {
  return endToEnd(headers)
}

/** From another proxy to our application, with the caller's verified identity: `certificate` as it is to say it. */
export function toAppFromPeer(headers: HeaderList, certificate: string, address: string): string[] {
  const kept = endToEnd(headers)
  const hops = headerOf(headers, HOPS)
  if (hops !== undefined) kept.push(HOPS, hops)
  appendLast(kept, 'x-forwarded-for', address)
  if (headerOf(kept, 'x-forwarded-proto') === undefined) kept.push('x-forwarded-proto', 'http')
  kept.push(CLIENT_CERTIFICATE, certificate)
  return kept
}

/** From somebody outside the mesh to our application. */
export function toAppFromPublic(headers: HeaderList, address: string, authority: string): string[] {
  const kept = endToEnd(headers, null, (name) => FORWARDED.has(name))
  kept.push('x-forwarded-for', address, 'x-forwarded-proto', 'http', 'x-forwarded-host', authority)
  return kept
}

/**
 * Of an answer. `believesMesh`: it comes from a proxy of the mesh, whose own error codes pass. From an application only
 * `loop` does: it is what an application that is itself a way back into the mesh hands on.
 */
export function answerHeaders(headers: HeaderList, status: number, believesMesh: boolean): string[] {
  const keepsCode = believesMesh || headerOf(headers, MESH_ERROR_HEADER) === 'loop'
  // These statuses have no body and no length (RFC 9110, 8.6).
  const hasNoLength = status === 204 || status < 200
  return endToEnd(headers, keepsCode ? MESH_ERROR_HEADER : null, hasNoLength ? isLength : null)
}

function isLength(name: string): boolean {
  return name === 'content-length'
}

/** Of an informational answer (1xx), which nobody in the mesh makes. */
export function hintHeaders(headers: HeaderList): string[] {
  return endToEnd(headers)
}

/** Of an answer's or request's end; fields that could change how the message is read are dropped. */
export function trailersOf(trailers: HeaderList): string[] {
  const kept: string[] = []
  for (let i = 0; i < trailers.length; i += 2) {
    const name = trailers[i] ?? ''
    if (reachOf(name) !== 'end_to_end' || NOT_IN_TRAILERS.has(name) || FORWARDED.has(name)) continue
    kept.push(name, trailers[i + 1] ?? '')
  }
  return kept
}

/** 101: the two fields that make the switch, and what belongs to the new protocol. */
export function switchHeaders(headers: HeaderList, upgrade: string): string[] {
  return ['connection', 'Upgrade', 'upgrade', upgrade, ...answerHeaders(headers, 101, false)]
}

/** Value of the first field of that name (in lower case). */
export function headerOf(headers: HeaderList, name: string): string | undefined {
  for (let i = 0; i < headers.length; i += 2) if (headers[i] === name) return headers[i + 1]
  return undefined
}

/** Makes `value` the last of a list field, all lines of which become one (RFC 9110, 5.3). */
function appendLast(headers: string[], name: string, value: string): void {
  if (headerOf(headers, name) === undefined) {
    headers.push(name, value)
    return
  }
  const values: string[] = []
  for (let i = headers.length - 2; i >= 0; i -= 2)
    if (headers[i] === name) values.unshift(...headers.splice(i, 2).slice(1))
  headers.push(name, [...values.filter((line) => line.trim() !== ''), value].join(', '))
}

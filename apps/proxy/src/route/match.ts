// Which route rule a request belongs to. Both sides ask: the caller's to send it, the server's for labels and rules.
import type { RouteCandidate, RouteTable } from './compile.ts'
import { matchesPath } from './pathMatch.ts'
import { headerValue, matchesValue, queryValue } from './valueMatch.ts'

export interface RoutedRequest {
  readonly method: string
  /** Canonical path. */
  readonly path: string
  /** Query without the question mark. */
  readonly query: string
  /** Flat: name, value, name, value; any case of names. */
  readonly headers: readonly string[]
}

/** The winner, or null: 404 no_route where `table.hasRoutes` (outbound), label `default` (inbound). */
export function matchRoute(table: RouteTable, request: RoutedRequest): RouteCandidate | null {
  const exact = table.exact.get(request.path)
  if (exact !== undefined) for (const candidate of exact) if (hasRest(candidate, request)) return candidate
  for (const candidate of table.others)
    if (matchesPath(candidate.path, request.path) && hasRest(candidate, request)) return candidate
  return null
}

/** The winner for `worstReading(path)`, the paths of the routes read in the worst way too. For access rules alone. */
export function matchRouteWorst(table: RouteTable, request: RoutedRequest): RouteCandidate | null {
  for (const candidate of table.candidates)
    if (matchesPath(candidate.worstPath, request.path) && hasRest(candidate, request)) return candidate
  return null
}

/** Everything but the path. Methods are case-sensitive (RFC 9110, 9.1): `get` is not GET. */
function hasRest(candidate: RouteCandidate, request: RoutedRequest): boolean {
  if (candidate.match.method !== null && candidate.match.method !== request.method) return false
  for (const header of candidate.headers)
    if (!matchesValue(header, headerValue(request.headers, header.name))) return false
  for (const param of candidate.queryParams)
    if (!matchesValue(param, queryValue(request.query, param.name))) return false
  return true
}

import type { RouteCandidate, RouteTable } from './compile.ts'
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
  throw new Error(`pending ${table.hasRoutes} ${request.path}`)
}

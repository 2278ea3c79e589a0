// Which rows are a service's calls as its callers saw them: outbound rows, after retries. Calls from outside the mesh
// have no caller's proxy, so there the server's own rows stand in, as source `public`. Pure.
import { PUBLIC_SOURCE } from '@heddle/shared/names'
import type { EdgeRow, RouteRow } from '@heddle/shared/wire/metrics'

/** Edges as they are shown: each call once. */
export function isShownEdge(edge: EdgeRow): boolean {
  return edge.side === 'outbound' || edge.source === PUBLIC_SOURCE
}

/**
 * Services that nobody in the mesh has called in these rows: their routes and versions are read from the server's side,
 * since a route row does not tell its callers apart.
 */
export function serverSideOnly(routes: Iterable<RouteRow>): ReadonlySet<string> {
  const called = new Set<string>()
  const served = new Set<string>()
  for (const row of routes) (row.side === 'outbound' ? called : served).add(row.destination)
  return new Set([...served].filter((service) => !called.has(service)))
}

/** Route rows as they are shown: each call once. */
export function shownRoutes<Row extends RouteRow>(rows: readonly Row[]): Row[] {
  const onServer = serverSideOnly(rows)
  return rows.filter((row) => (row.side === 'outbound') !== onServer.has(row.destination))
}

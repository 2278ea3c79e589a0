// Calls of services around given moments, minute by minute: for many moments one query, each of which is a few steps into
// the primary key.
import type { Database } from '../connection/database.ts'
import { tableName } from './tables.ts'

const MINUTE_MS = 60_000

/** A service over a stretch of time, milliseconds since the epoch; `to` is exclusive. */
export interface Window {
  service: string
  from: number
  to: number
}

/** What decides on success, of one minute of a window. */
export interface WindowMinute {
  /** Place of its window in the list. */
  window: number
  /** Start of the minute. */
  at: number
  requests: number
  cancelled: number
  serverError: number
  meshErrors: Record<string, number>
}

/** Callers' side; calls from outside the mesh (source `outside`) as the server saw them. Minutes without calls are missing. */
export async function readAround(
  db: Database,
  { windows, outside }: { windows: readonly Window[]; outside: string },
): Promise<WindowMinute[]> {
  if (windows.length === 0) return []
  type Row = Omit<WindowMinute, 'meshErrors'> & { meshErrors: Record<string, number>[] | null }
  const { rows } = await db.pool.query<Row>(
    `SELECT given.place - 1 AS window, extract(epoch FROM edge."at")::float8 * 1000 AS at,
       sum(edge.requests)::float8 AS requests, sum(edge.cancelled)::float8 AS cancelled,
       sum(edge.server_error)::float8 AS "serverError",
       jsonb_agg(edge.mesh_errors) FILTER (WHERE edge.mesh_errors <> '{}') AS "meshErrors"
     FROM unnest($1::text[], $2::float8[], $3::float8[]) WITH ORDINALITY AS given (service, from_ms, to_ms, place)
     CROSS JOIN (VALUES ('outbound'), ('inbound')) AS sides (side)
     CROSS JOIN LATERAL (
       SELECT * FROM "metrics"."${tableName('edge', MINUTE_MS)}" AS one
       WHERE one."side" = sides.side AND one."destination" = given.service
         AND one."at" >= to_timestamp(given.from_ms / 1000.0) AND one."at" < to_timestamp(given.to_ms / 1000.0)
         AND (sides.side = 'outbound' OR one."source" = $4)
     ) AS edge
     GROUP BY 1, 2 ORDER BY 1, 2`,
    [windows.map(({ service }) => service), windows.map(({ from }) => from), windows.map(({ to }) => to), outside],
  )
  return rows.map((row) => ({ ...row, window: Number(row.window), meshErrors: sumOf(row.meshErrors ?? []) }))
}

function sumOf(parts: readonly Record<string, number>[]): Record<string, number> {
  const sum: Record<string, number> = {}
  for (const part of parts) for (const [name, count] of Object.entries(part)) sum[name] = (sum[name] ?? 0) + count
  return sum
}

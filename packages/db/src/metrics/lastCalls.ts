// When services were last called: one step into the primary key for each, however much the table holds.
import type { Database } from '../connection/database.ts'
import { type ResolutionMs, tableName } from './tables.ts'

/**
 * Start of the newest bucket with a call, by destination, from `from` on (milliseconds since the epoch); those without
 * are missing.
 */
export async function readLastCalls(
  db: Database,
  { resolution, from, destinations }: { resolution: ResolutionMs; from: number; destinations: readonly string[] },
): Promise<Map<string, number>> {
  const { rows } = await db.pool.query<{ destination: string; at: number }>(
    `SELECT called.destination, extract(epoch FROM max(last."at"))::float8 * 1000 AS at
     FROM unnest($1::text[]) AS called (destination)
     CROSS JOIN (VALUES ('outbound'), ('inbound')) AS sides (side)
     CROSS JOIN LATERAL (
       SELECT "at" FROM "metrics"."${tableName('edge', resolution)}" AS edge
       WHERE edge."side" = sides.side AND edge."destination" = called.destination AND edge."at" >= to_timestamp($2 / 1000.0)
       ORDER BY "at" DESC LIMIT 1
     ) AS last
     GROUP BY 1`,
    [destinations, from],
  )
  return new Map(rows.map(({ destination, at }) => [destination, at]))
}

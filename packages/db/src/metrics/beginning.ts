// When the metrics begin: rates over a window longer than the mesh has lived are of the time since then.
import { EGRESS_DESTINATION } from '@heddle/shared/names'
import type { Database } from '../connection/database.ts'
import { KEPT_MS, RESOLUTIONS_MS, type ResolutionMs, tableName } from './tables.ts'

const COARSEST: ResolutionMs = 3_600_000

/** One step into the primary key for each service and side: no table is read through, however much it holds. */
async function firstBucket(db: Database, resolution: ResolutionMs): Promise<number | null> {
  const { rows } = await db.pool.query<{ at: number | null }>(
    `SELECT extract(epoch FROM min(first."at"))::float8 * 1000 AS at
     FROM (SELECT DISTINCT "service" AS destination FROM "name" UNION SELECT $1) AS called
     CROSS JOIN (VALUES ('outbound'), ('inbound')) AS sides (side)
     CROSS JOIN LATERAL (
       SELECT "at" FROM "metrics"."${tableName('edge', resolution)}" AS edge
       WHERE edge."side" = sides.side AND edge."destination" = called.destination
       ORDER BY "at" LIMIT 1
     ) AS first`,
    [EGRESS_DESTINATION],
  )
  return rows[0]?.at ?? null
}

/**
 * Start of the first bucket with a call to a service that is still known, or out of the mesh, as exact as it is kept at
 * `now` (milliseconds since the epoch). null: nothing was ever called.
 */
export async function metricsBeginning(db: Database, now: number): Promise<number | null> {
  const hour = await firstBucket(db, COARSEST)
  if (hour === null) return null
  const finest = RESOLUTIONS_MS.find((resolution) => now - hour < KEPT_MS[resolution]) ?? COARSEST
  return finest === COARSEST ? hour : ((await firstBucket(db, finest)) ?? hour)
}

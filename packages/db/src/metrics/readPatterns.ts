// What a service is called with, for previews of access rules.
import type { PatternRow } from '@heddle/shared/wire/metrics'
import type { Database } from '../connection/database.ts'
import { OTHER_PATTERN_PATH, PATTERNS_KEPT } from './insert.ts'
import { PATTERN_TABLE } from './tables.ts'

export interface RecordedPattern extends PatternRow {
  /** Calls of each hour that has some, oldest first; `at` is its start, milliseconds since the epoch. */
  hours: { at: number; calls: number }[]
}

/**
 * Call patterns that the service's own side saw in the hours of the range (milliseconds since the epoch), most called
 * first: at most 500, and the rest as one with the path OTHER_PATTERN_PATH, last.
 */
export async function readPatterns(
  db: Database,
  { service, from, to }: { service: string; from: number; to: number },
): Promise<RecordedPattern[]> {
  // What a proxy folded still has its caller and its route; what the control plane folded has neither.
  const isOther = `source = '*'`
  const other = `'*', '*', '${OTHER_PATTERN_PATH}', '${OTHER_PATTERN_PATH}'`
  const { rows } = await db.pool.query<RecordedPattern>(
    `WITH hourly AS (
       SELECT source, method, path, route, at, sum(calls) AS calls
       FROM "metrics"."${PATTERN_TABLE}"
       WHERE "service" = $1 AND "at" >= date_trunc('hour', to_timestamp($2 / 1000.0)) AND "at" < to_timestamp($3 / 1000.0)
       GROUP BY 1, 2, 3, 4, 5
     ), ranked AS (
       SELECT source, method, path, route, ${isOther} OR row_number() OVER (
         ORDER BY ${isOther}, sum(calls) DESC, path, method, source, route) > ${PATTERNS_KEPT} AS is_other
       FROM hourly GROUP BY 1, 2, 3, 4
     ), kept AS (
       SELECT source, method, path, route, at, calls, false AS is_other
       FROM hourly JOIN ranked USING (source, method, path, route) WHERE NOT is_other
       UNION ALL
       SELECT ${other}, at, sum(calls), true
       FROM hourly JOIN ranked USING (source, method, path, route) WHERE is_other GROUP BY at
     )
     SELECT source, method, path, route, sum(calls)::float8 AS calls,
       jsonb_agg(jsonb_build_object('at', (extract(epoch FROM at) * 1000)::bigint, 'calls', calls) ORDER BY at) AS hours
     FROM kept GROUP BY source, method, path, route, is_other ORDER BY is_other, 5 DESC, path, method, source, route`,
    [service, from, to],
  )
  return rows
}

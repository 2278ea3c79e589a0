// What a service is called with, for previews of access rules.
import type { PatternRow } from '@heddle/shared/wire/metrics'
import type { Database } from '../connection/database.ts'
import { OTHER_PATTERN_PATH, PATTERNS_KEPT } from './insert.ts'
import { PATTERN_TABLE } from './tables.ts'

/**
 * Call patterns that the service's own side saw, summed over the hours of the range (milliseconds since the epoch),
 * most called first: at most 500, and the rest as one with the path OTHER_PATTERN_PATH, last.
 */
export async function readPatterns(
  db: Database,
  { service, from, to }: { service: string; from: number; to: number },
): Promise<PatternRow[]> {
  const isOther = `path = '${OTHER_PATTERN_PATH}'`
  const { rows } = await db.pool.query<PatternRow>(
    `WITH sums AS (
       SELECT source, method, path, route, sum(calls)::float8 AS calls
       FROM "metrics"."${PATTERN_TABLE}"
       WHERE "service" = $1 AND "at" >= date_trunc('hour', to_timestamp($2 / 1000.0)) AND "at" < to_timestamp($3 / 1000.0)
       GROUP BY 1, 2, 3, 4
     ), ranked AS (
       SELECT *, ${isOther} OR row_number() OVER (
         ORDER BY ${isOther}, calls DESC, path, method, source, route) > ${PATTERNS_KEPT} AS is_other
       FROM sums
     )
     SELECT source, method, path, route, calls FROM (
       SELECT source, method, path, route, calls, is_other FROM ranked WHERE NOT is_other
       UNION ALL
       SELECT '*', '*', '${OTHER_PATTERN_PATH}', '${OTHER_PATTERN_PATH}', sum(calls), true FROM ranked WHERE is_other
       HAVING count(*) > 0
     ) AS listed ORDER BY is_other, calls DESC, path, method, source, route`,
    [service, from, to],
  )
  return rows
}

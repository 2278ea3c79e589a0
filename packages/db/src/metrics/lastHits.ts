// When access rules were last hit: one step into the primary key for each, however much the table holds.
import type { Database } from '../connection/database.ts'
import type { RuleSince } from './selection.ts'
import { type ResolutionMs, tableName } from './tables.ts'

/**
 * Start of the newest bucket with a hit from `from` on (milliseconds since the epoch), by rule; those without are missing.
 * Of a rule only buckets count that end after the time beside it: one of the same name may have been deleted.
 */
export async function readLastHits(
  db: Database,
  { resolution, from, rules }: { resolution: ResolutionMs; from: number; rules: readonly RuleSince[] },
): Promise<Map<string, number>> {
  if (rules.length === 0) return new Map()
  const { rows } = await db.pool.query<{ rule: string; at: number }>(
    `SELECT asked.rule, extract(epoch FROM last."at")::float8 * 1000 AS at
     FROM unnest($1::text[], $2::float8[]) AS asked (rule, since_ms)
     CROSS JOIN LATERAL (
       SELECT "at" FROM "metrics"."${tableName('rule', resolution)}" AS hit
       WHERE hit."rule" = asked.rule AND hit."at" >= to_timestamp($3 / 1000.0)
         AND hit."at" > to_timestamp((asked.since_ms - ${resolution}) / 1000.0) AND hit.hits > 0
       ORDER BY "at" DESC LIMIT 1
     ) AS last`,
    [rules.map(([rule]) => rule), rules.map(([, sinceMs]) => sinceMs), from],
  )
  return new Map(rows.map(({ rule, at }) => [rule, at]))
}

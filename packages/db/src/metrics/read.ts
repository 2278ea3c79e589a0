// Metrics from Postgres for charts and tables: rows of the control planes are summed, buckets merged by adding.
import {
  type EdgeRow,
  type Outcomes,
  type PatternRow,
  RETRY_SKIPPED,
  type RouteRow,
  type RuleRow,
} from '@heddle/shared/wire/metrics'
import type { Database } from '../connection/database.ts'
import { OTHER_PATTERN_PATH, PATTERNS_KEPT } from './insert.ts'
import { type Family, KEPT_MS, PATTERN_TABLE, RESOLUTIONS_MS, type ResolutionMs, tableName } from './tables.ts'

export interface MetricsRange {
  /** Milliseconds since the epoch; widened to whole buckets. `to` is exclusive. */
  from: number
  to: number
  /** Width of the answer's buckets; a multiple of 10,000. null: one bucket for the whole range. */
  stepMs: number | null
}

/** A row of one step. `at`: its start, milliseconds since the epoch. */
export type At<Row> = Row & { at: number }

export interface RouteFilter {
  side?: 'outbound' | 'inbound' | undefined
  destinations?: readonly string[] | undefined
  routes?: readonly string[] | undefined
}
export interface EdgeFilter {
  side?: 'outbound' | 'inbound' | undefined
  /** Either end. */
  service?: string | undefined
  sources?: readonly string[] | undefined
  destinations?: readonly string[] | undefined
}

/** Longest range that one bucket for everything is summed up from, in each table. */
const WHOLE_RANGE_MS: readonly [ResolutionMs, number][] = [
  [10_000, 3_600_000],
  [60_000, 48 * 3_600_000],
]

/**
 * The table that answers a range: the coarsest that fits the step. Where it does not hold `from` any more at `now`, a
 * coarser one: then the answer's buckets are as wide as that one's.
 */
export function resolutionFor({ from, to, stepMs }: MetricsRange, now: number): ResolutionMs {
  const fitting =
    stepMs === null
      ? (WHOLE_RANGE_MS.find(([, longest]) => to - from <= longest)?.[0] ?? 3_600_000)
      : (RESOLUTIONS_MS.findLast((resolution) => stepMs % resolution === 0) ?? 10_000)
  return RESOLUTIONS_MS.find((resolution) => resolution >= fitting && from >= now - KEPT_MS[resolution]) ?? 3_600_000
}

interface Query {
  family: Family
  range: MetricsRange
  labels: readonly string[]
  /** Column and accepted values; undefined: any. */
  filters: readonly (readonly [string, readonly string[] | undefined])[]
  /** Source or destination. */
  either?: string | undefined
}

/** The rows of a range, with `bucket` (milliseconds) in place of their time, as a subquery with its parameters. */
function selection(
  { family, range, filters, either }: Query,
  columns: readonly string[],
): { sql: string; values: unknown[] } {
  const resolution = resolutionFor(range, Date.now())
  const from = Math.floor(range.from / resolution) * resolution
  const to = Math.ceil(range.to / resolution) * resolution
  const step = range.stepMs === null ? null : Math.max(range.stepMs, resolution)
  const values: unknown[] = [from, to]
  const conditions = ['"at" >= to_timestamp($1 / 1000.0)', '"at" < to_timestamp($2 / 1000.0)']
  for (const [column, accepted] of filters) {
    if (accepted === undefined) continue
    values.push(accepted)
    conditions.push(`"${column}" = ANY($${values.length}::text[])`)
  }
  if (either !== undefined) {
    values.push(either)
    conditions.push(`("source" = $${values.length} OR "destination" = $${values.length})`)
  }
  const bucket =
    step === null ? `${from}::float8` : `(floor(extract(epoch FROM "at") * 1000 / ${step}) * ${step})::float8`
  const sql = `SELECT ${bucket} AS bucket, ${columns.join(', ')} FROM "metrics"."${tableName(family, resolution)}"
     WHERE ${conditions.join(' AND ')}`
  return { sql, values }
}

const COUNTERS = {
  requests: 'requests',
  ok: 'ok',
  client_error: 'clientError',
  server_error: 'serverError',
  denied: 'denied',
  limited: 'limited',
  cancelled: 'cancelled',
  recovered: 'recovered',
  retries_made: 'retriesMade',
  bytes_in: 'bytesIn',
  bytes_out: 'bytesOut',
} as const

interface OutcomeResult extends Omit<Outcomes, 'meshErrors' | 'retriesSkipped' | 'latency'> {
  bucket: number
  mesh_errors: Record<string, number>[] | null
  retries_skipped: Record<string, number>[] | null
  latency_index: number[] | null
  latency_count: number[] | null
}

function addUp(parts: Record<string, number>[] | null): Record<string, number> {
  const sum: Record<string, number> = {}
  for (const part of parts ?? []) for (const [key, count] of Object.entries(part)) sum[key] = (sum[key] ?? 0) + count
  return sum
}

function toOutcomes(row: OutcomeResult): Outcomes {
  const { bucket: _, mesh_errors, retries_skipped, latency_index, latency_count, ...rest } = row
  const skipped = addUp(retries_skipped)
  return {
    ...rest,
    meshErrors: addUp(mesh_errors),
    retriesSkipped: Object.fromEntries(RETRY_SKIPPED.flatMap((why) => (skipped[why] ? [[why, skipped[why]]] : []))),
    latency: { index: latency_index ?? [], count: latency_count ?? [] },
  }
}

/** The sums are Postgres': of a month of rows only what is drawn travels. */
async function readOutcomes<Labels extends object>(db: Database, query: Query): Promise<(OutcomeResult & Labels)[]> {
  const labels = query.labels.join(', ')
  const keys = `bucket, ${labels}`
  const counters = Object.keys(COUNTERS)
  const columns = [labels, ...counters, 'mesh_errors', 'retries_skipped', 'latency_index', 'latency_count']
  const { sql, values } = selection(query, columns)
  const { rows } = await db.pool.query<OutcomeResult & Labels>(
    `WITH selected AS MATERIALIZED (${sql}),
     sums AS (
       SELECT ${keys},
              ${Object.entries(COUNTERS)
                .map(([column, field]) => `sum(${column})::float8 AS "${field}"`)
                .join(', ')},
              jsonb_agg(mesh_errors) FILTER (WHERE mesh_errors <> '{}') AS mesh_errors,
              jsonb_agg(retries_skipped) FILTER (WHERE retries_skipped <> '{}') AS retries_skipped
       FROM selected GROUP BY ${keys}
     ),
     counts AS (
       SELECT ${keys}, index, sum(count)::float8 AS total
       FROM selected, unnest(latency_index, latency_count) AS latency (index, count) GROUP BY ${keys}, index
     ),
     latencies AS (
       SELECT ${keys}, array_agg(index ORDER BY index) AS latency_index, array_agg(total ORDER BY index) AS latency_count
       FROM counts GROUP BY ${keys}
     )
     SELECT * FROM sums LEFT JOIN latencies USING (${keys}) ORDER BY ${keys}`,
    values,
  )
  return rows
}

export async function readRoutes(db: Database, range: MetricsRange & RouteFilter): Promise<At<RouteRow>[]> {
  const rows = await readOutcomes<Pick<RouteRow, 'side' | 'destination' | 'version' | 'route'>>(db, {
    family: 'route',
    range,
    labels: ['side', 'destination', 'version', 'route'],
    filters: [
      ['side', range.side && [range.side]],
      ['destination', range.destinations],
      ['route', range.routes],
    ],
  })
  return rows.map((row) => ({
    at: row.bucket,
    ...toOutcomes(row),
    side: row.side,
    destination: row.destination,
    version: row.version,
    route: row.route,
  }))
}

export async function readEdges(db: Database, range: MetricsRange & EdgeFilter): Promise<At<EdgeRow>[]> {
  const rows = await readOutcomes<Pick<EdgeRow, 'side' | 'source' | 'destination'>>(db, {
    family: 'edge',
    range,
    labels: ['side', 'source', 'destination'],
    filters: [
      ['side', range.side && [range.side]],
      ['source', range.sources],
      ['destination', range.destinations],
    ],
    either: range.service,
  })
  return rows.map((row) => ({
    at: row.bucket,
    ...toOutcomes(row),
    side: row.side,
    source: row.source,
    destination: row.destination,
  }))
}

export async function readRules(
  db: Database,
  range: MetricsRange & { rules?: readonly string[] | undefined },
): Promise<At<RuleRow>[]> {
  const labels = ['rule', 'source', 'verdict']
  const query: Query = { family: 'rule', range, labels, filters: [['rule', range.rules]] }
  const { sql, values } = selection(query, [...labels, 'hits'])
  const { rows } = await db.pool.query<RuleRow & { bucket: number }>(
    `SELECT bucket, rule, source, verdict, sum(hits)::float8 AS hits FROM (${sql}) AS selected
     GROUP BY 1, 2, 3, 4 ORDER BY 1, 2, 3, 4`,
    values,
  )
  return rows.map(({ bucket, ...row }) => ({ at: bucket, ...row }))
}

/**
 * Call patterns that the service's own side saw, summed over the hours of the range, most called first: at most 500,
 * and the rest as one with the path OTHER_PATTERN_PATH, last.
 */
export async function readPatterns(
  db: Database,
  { service, from, to }: { service: string; from: number; to: number },
): Promise<PatternRow[]> {
  const { rows } = await db.pool.query<PatternRow>(
    `WITH sums AS (
       SELECT source, method, path, route, sum(calls)::float8 AS calls
       FROM "metrics"."${PATTERN_TABLE}"
       WHERE "service" = $1 AND "at" >= date_trunc('hour', to_timestamp($2 / 1000.0)) AND "at" < to_timestamp($3 / 1000.0)
       GROUP BY 1, 2, 3, 4
     ), ranked AS (
       SELECT *, path = '${OTHER_PATTERN_PATH}' OR row_number() OVER (
         ORDER BY path = '${OTHER_PATTERN_PATH}', calls DESC, path, method, source, route) > ${PATTERNS_KEPT} AS is_other
       FROM sums
     )
     SELECT source, method, path, route, calls FROM (
       SELECT source, method, path, route, calls, is_other FROM ranked WHERE NOT is_other
       UNION ALL
       SELECT '*', '*', '${OTHER_PATTERN_PATH}', '${OTHER_PATTERN_PATH}', sum(calls), true FROM ranked WHERE is_other HAVING count(*) > 0
     ) AS listed ORDER BY is_other, calls DESC, path, method, source, route`,
    [service, from, to],
  )
  return rows
}

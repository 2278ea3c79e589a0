// Metrics from Postgres for charts and tables: rows of the control planes are summed, buckets merged by adding.
// Postgres adds the counters, so that an answer has one row for each series and step; histograms it only puts one after
// the other, since taking them apart and together again in SQL is ten times slower than adding them here.
import { Histogram, type SparseHistogram } from '@heddle/shared'
import { type EdgeRow, type Outcomes, RETRY_SKIPPED, type RouteRow, type RuleRow } from '@heddle/shared/wire/metrics'
import type { Database } from '../connection/database.ts'
import { type MetricsRange, piecesOf } from './pieces.ts'
import { type Family, tableName } from './tables.ts'

export type { MetricsRange } from './pieces.ts'

/** A row of one step. `at`: its start, milliseconds since the epoch. */
export type At<Row> = Row & { at: number }

type Side = 'outbound' | 'inbound'

export interface RouteFilter {
  side?: Side | undefined
  destinations?: readonly string[] | undefined
  routes?: readonly string[] | undefined
}
export interface EdgeFilter {
  side?: Side | undefined
  /** Either end. */
  service?: string | undefined
  sources?: readonly string[] | undefined
  destinations?: readonly string[] | undefined
  /** All callers of a destination in one row, with ANY_SOURCE as its source: where nobody asks who called. */
  by?: 'destination' | undefined
}

/** A rule, and from when on its hits count (milliseconds since the epoch): one of the same name may have been deleted. */
export type RuleSince = readonly [rule: string, sinceMs: number]

/** Stands for all sources together. No label: the wire refuses it. */
export const ANY_SOURCE = '*'

interface Query {
  family: Family
  range: MetricsRange
  columns: readonly string[]
  /** Column and accepted values; undefined: any. */
  filters: readonly (readonly [string, readonly string[] | undefined])[]
  /** Source or destination. */
  either?: string | undefined
  /** Of these rules only buckets that end after this time. */
  since?: readonly RuleSince[] | undefined
}

/** The rows of a range, each with the start of its step as `bucket` (milliseconds). */
function selection({ family, range, columns, filters, either, since = [] }: Query): { sql: string; values: unknown[] } {
  const { pieces, stepMs } = piecesOf(range, Date.now())
  const values: unknown[] = []
  const placeOf = (value: unknown): string => `$${values.push(value)}`
  const conditions = filters.flatMap(([column, accepted]) =>
    accepted === undefined ? [] : [`AND "${column}" = ANY(${placeOf(accepted)}::text[])`],
  )
  if (either !== undefined) {
    const place = placeOf(either)
    conditions.push(`AND ("source" = ${place} OR "destination" = ${place})`)
  }
  const young =
    since.length === 0
      ? null
      : `${placeOf(since.map(([rule]) => rule))}::text[], ${placeOf(since.map(([, ms]) => ms))}::float8[]`
  const notBeforeTheirTime = (resolution: number): string =>
    young === null
      ? ''
      : `AND NOT EXISTS (SELECT FROM unnest(${young}) AS young (name, since_ms)
         WHERE young.name = "rule" AND "at" <= to_timestamp((young.since_ms - ${resolution}) / 1000.0))`
  const bucket =
    stepMs === null
      ? `${Math.min(...pieces.map((piece) => piece.from))}::float8`
      : `floor(extract(epoch FROM "at")::float8 * 1000 / ${stepMs}) * ${stepMs}`
  const selects = pieces.map(
    (piece) =>
      `SELECT ${bucket} AS bucket, ${columns.join(', ')} FROM "metrics"."${tableName(family, piece.resolution)}"
       WHERE "at" >= to_timestamp(${piece.from} / 1000.0) AND "at" < to_timestamp(${piece.to} / 1000.0)
       ${conditions.join(' ')} ${notBeforeTheirTime(piece.resolution)}`,
  )
  return { sql: selects.join(' UNION ALL '), values }
}

/** Column in the tables by field. */
const COUNTERS = {
  requests: 'requests',
  ok: 'ok',
  clientError: 'client_error',
  serverError: 'server_error',
  denied: 'denied',
  limited: 'limited',
  cancelled: 'cancelled',
  recovered: 'recovered',
  retriesMade: 'retries_made',
  bytesIn: 'bytes_in',
  bytesOut: 'bytes_out',
} as const
type Counters = Record<keyof typeof COUNTERS, number>
const COUNTER_FIELDS = Object.keys(COUNTERS) as (keyof typeof COUNTERS)[]

interface OutcomeColumns extends Counters {
  bucket: number
  /** Of each row that has some; null: none. */
  meshErrors: Record<string, number>[] | null
  retriesSkipped: Record<string, number>[] | null
  /** As Postgres writes arrays, indices and counts of each row: "{1,2}{10,20}". */
  latency: string | null
}

const OUTCOME_COLUMNS = [
  ...Object.entries(COUNTERS).map(([field, column]) => `sum(${column}::float8) AS "${field}"`),
  `jsonb_agg(mesh_errors) FILTER (WHERE mesh_errors <> '{}') AS "meshErrors"`,
  `jsonb_agg(retries_skipped) FILTER (WHERE retries_skipped <> '{}') AS "retriesSkipped"`,
  `string_agg(latency_index::text || latency_count::text, '') FILTER (WHERE latency_index <> '{}') AS latency`,
]

/** Merging goes one row at a time: one growing histogram serves all of them. */
const merged = new Histogram()

/** `{1,2}{10,20}{3}{30}`: indices and counts of one histogram after the other. */
function mergedLatency(text: string | null): SparseHistogram {
  merged.reset()
  const lists = text === null ? [] : text.slice(1, -1).split('}{')
  for (let i = 0; i + 1 < lists.length; i += 2)
    merged.add({ index: numbersOf(lists[i] ?? ''), count: numbersOf(lists[i + 1] ?? '') })
  return merged.toSparse()
}

const numbersOf = (text: string): number[] => (text === '' ? [] : text.split(',').map(Number))

/** Counts by name, of several rows. */
function addedCounts(parts: readonly Record<string, number>[] | null): Record<string, number> {
  const sum: Record<string, number> = {}
  for (const part of parts ?? []) for (const [name, count] of Object.entries(part)) sum[name] = (sum[name] ?? 0) + count
  return sum
}

/** In the order of bucket and labels. `labelsOf`: the columns that make the key, as fields. */
async function readOutcomes<Labels extends Record<string, string>>(
  db: Database,
  query: Query,
  labelsOf: (row: Labels) => Labels,
): Promise<At<Labels & Outcomes>[]> {
  const raw = [...Object.values(COUNTERS), 'mesh_errors', 'retries_skipped', 'latency_index', 'latency_count']
  const { sql, values } = selection({ ...query, columns: [...query.columns, ...raw] })
  const labels = query.columns.map((column) => column.split(' AS ').at(-1)).join(', ')
  const { rows } = await db.pool.query<OutcomeColumns & Labels>(
    `SELECT bucket, ${labels}, ${OUTCOME_COLUMNS.join(', ')} FROM (${sql}) AS selected
     GROUP BY bucket, ${labels} ORDER BY bucket, ${labels}`,
    values,
  )
  return rows.map((row) => {
    const counters = Object.fromEntries(COUNTER_FIELDS.map((field) => [field, row[field]])) as Counters
    const skipped = addedCounts(row.retriesSkipped)
    return {
      at: row.bucket,
      ...labelsOf(row),
      ...counters,
      meshErrors: addedCounts(row.meshErrors),
      retriesSkipped: Object.fromEntries(
        RETRY_SKIPPED.flatMap((reason) => (skipped[reason] ? [[reason, skipped[reason]]] : [])),
      ),
      latency: mergedLatency(row.latency),
    }
  })
}

export function readRoutes(db: Database, range: MetricsRange & RouteFilter): Promise<At<RouteRow>[]> {
  const query: Query = {
    family: 'route',
    range,
    columns: ['side', 'destination', 'version', 'route'],
    filters: [
      ['side', range.side && [range.side]],
      ['destination', range.destinations],
      ['route', range.routes],
    ],
  }
  type Labels = { side: Side; destination: string; version: string; route: string }
  return readOutcomes(db, query, ({ side, destination, version, route }: Labels) => ({
    side,
    destination,
    version,
    route,
  }))
}

export function readEdges(db: Database, range: MetricsRange & EdgeFilter): Promise<At<EdgeRow>[]> {
  const query: Query = {
    family: 'edge',
    range,
    columns: ['side', range.by === 'destination' ? `'${ANY_SOURCE}' AS source` : 'source', 'destination'],
    filters: [
      ['side', range.side && [range.side]],
      ['source', range.sources],
      ['destination', range.destinations],
    ],
    either: range.service,
  }
  type Labels = { side: Side; source: string; destination: string }
  return readOutcomes(db, query, ({ side, source, destination }: Labels) => ({ side, source, destination }))
}

export async function readRules(
  db: Database,
  range: MetricsRange & { rules?: readonly string[] | undefined; since?: readonly RuleSince[] | undefined },
): Promise<At<RuleRow>[]> {
  const columns = ['rule', 'source', 'verdict', 'hits']
  const { sql, values } = selection({
    family: 'rule',
    range,
    columns,
    filters: [['rule', range.rules]],
    since: range.since,
  })
  const { rows } = await db.pool.query<RuleRow & { bucket: number }>(
    `SELECT bucket, rule, source, verdict, sum(hits)::float8 AS hits FROM (${sql}) AS selected
     GROUP BY 1, 2, 3, 4 ORDER BY 1, 2, 3, 4`,
    values,
  )
  return rows.map(({ bucket, ...row }) => ({ at: bucket, ...row }))
}

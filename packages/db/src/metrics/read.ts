// Metrics from Postgres for charts and tables: rows of the control planes are summed, buckets merged by adding.
// Postgres selects and this process adds: taking histograms apart and together again in SQL is ten times slower.
import { Histogram } from '@heddle/shared'
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
}

/** A rule, and from when on its hits count (milliseconds since the epoch): one of the same name may have been deleted. */
export type RuleSince = readonly [rule: string, sinceMs: number]

interface Query {
  family: Family
  range: MetricsRange
  columns: readonly string[]
  /** Column and accepted values; undefined: any. */
  filters: readonly (readonly [string, readonly string[] | undefined])[]
  /** Source or destination. */
  either?: string | undefined
  /** Of these rules only buckets that begin at this time or later. */
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
  if (since.length > 0) {
    const lists = `${placeOf(since.map(([rule]) => rule))}::text[], ${placeOf(since.map(([, ms]) => ms))}::float8[]`
    conditions.push(`AND NOT EXISTS (SELECT FROM unnest(${lists}) AS young (name, since_ms)
       WHERE young.name = "rule" AND "at" < to_timestamp(young.since_ms / 1000.0))`)
  }
  const bucket =
    stepMs === null
      ? `${Math.min(...pieces.map((piece) => piece.from))}::float8`
      : `floor(extract(epoch FROM "at")::float8 * 1000 / ${stepMs}) * ${stepMs}`
  const selects = pieces.map(
    (piece) =>
      `SELECT ${bucket} AS bucket, ${columns.join(', ')} FROM "metrics"."${tableName(family, piece.resolution)}"
       WHERE "at" >= to_timestamp(${piece.from} / 1000.0) AND "at" < to_timestamp(${piece.to} / 1000.0)
       ${conditions.join(' ')}`,
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
  /** null: none. */
  meshErrors: Record<string, number> | null
  retriesSkipped: Record<string, number> | null
  /** As Postgres writes arrays: "{1,2}". */
  latencyIndex: string
  latencyCount: string
}

const OUTCOME_COLUMNS = [
  ...Object.entries(COUNTERS).map(([field, column]) => `${column}::float8 AS "${field}"`),
  `nullif(mesh_errors, '{}') AS "meshErrors"`,
  `nullif(retries_skipped, '{}') AS "retriesSkipped"`,
  'latency_index::text AS "latencyIndex"',
  'latency_count::text AS "latencyCount"',
]

const numbersOf = (text: string): number[] => (text === '{}' ? [] : text.slice(1, -1).split(',').map(Number))

/** One row of the answer while it is being added up. */
class OutcomeSum {
  readonly #counters: Counters
  readonly #meshErrors: Record<string, number> = {}
  readonly #retriesSkipped: Partial<Record<string, number>> = {}
  readonly #latency = new Histogram()

  constructor() {
    this.#counters = Object.fromEntries(COUNTER_FIELDS.map((field) => [field, 0])) as Counters
  }

  add(row: OutcomeColumns): void {
    for (const field of COUNTER_FIELDS) this.#counters[field] += row[field]
    for (const [code, count] of Object.entries(row.meshErrors ?? {}))
      this.#meshErrors[code] = (this.#meshErrors[code] ?? 0) + count
    for (const [reason, count] of Object.entries(row.retriesSkipped ?? {}))
      this.#retriesSkipped[reason] = (this.#retriesSkipped[reason] ?? 0) + count
    this.#latency.add({ index: numbersOf(row.latencyIndex), count: numbersOf(row.latencyCount) })
  }

  result(): Outcomes {
    const skipped = RETRY_SKIPPED.map((reason) => [reason, this.#retriesSkipped[reason]]).filter(([, count]) => count)
    return {
      ...this.#counters,
      meshErrors: this.#meshErrors,
      retriesSkipped: Object.fromEntries(skipped),
      latency: this.#latency.toSparse(),
    }
  }
}

/** In the order of bucket and labels. `labelsOf`: the columns that make the key, as fields. */
async function readOutcomes<Labels extends Record<string, string>>(
  db: Database,
  query: Query,
  labelsOf: (row: Labels) => Labels,
): Promise<At<Labels & Outcomes>[]> {
  const { sql, values } = selection({ ...query, columns: [...query.columns, ...OUTCOME_COLUMNS] })
  const { rows } = await db.pool.query<OutcomeColumns & Labels>(sql, values)
  const sums = new Map<string, { at: number; labels: Labels; sum: OutcomeSum }>()
  for (const row of rows) {
    const labels = labelsOf(row)
    const key = JSON.stringify([row.bucket, labels])
    let known = sums.get(key)
    if (known === undefined) {
      known = { at: row.bucket, labels, sum: new OutcomeSum() }
      sums.set(key, known)
    }
    known.sum.add(row)
  }
  const ordered = [...sums].sort(([a, x], [b, y]) => x.at - y.at || (a < b ? -1 : 1))
  return ordered.map(([, { at, labels, sum }]) => ({ at, ...labels, ...sum.result() }))
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
    columns: ['side', 'source', 'destination'],
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

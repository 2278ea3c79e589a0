// Metrics from Postgres for charts and tables: rows of the control planes are summed, buckets merged by adding.
// Postgres adds the counters, so that an answer has one row for each series and step; histograms it only puts one after
// the other, since taking them apart and together again in SQL is ten times slower than adding them here.
import { EGRESS_DESTINATION } from '@heddle/shared/names'
import { type EdgeRow, type Outcomes, RETRY_SKIPPED, type RouteRow, type RuleRow } from '@heddle/shared/wire/metrics'
import type { Database } from '../connection/database.ts'
import { mergeLatencyText } from './latencyText.ts'
import type { MetricsRange } from './pieces.ts'
import { type Query, type RuleSince, selection } from './selection.ts'

export type { MetricsRange } from './pieces.ts'
export type { RuleSince } from './selection.ts'

/** A row of one step. `at`: its start, milliseconds since the epoch. */
export type At<Row> = Row & { at: number }

type Side = 'outbound' | 'inbound'

/** What of the rows is read. */
interface Wanted {
  /** Without latencies: a histogram is most of a row, and of no use where nobody asks for percentiles. */
  counts?: boolean | undefined
}

export interface RouteFilter extends Wanted {
  side?: Side | undefined
  destinations?: readonly string[] | undefined
  routes?: readonly string[] | undefined
  /** All routes of a version in one row, with ANY as its route. */
  by?: 'version' | undefined
}
export interface EdgeFilter extends Wanted {
  side?: Side | undefined
  /** Either end. */
  service?: string | undefined
  sources?: readonly string[] | undefined
  destinations?: readonly string[] | undefined
  /** All callers of a destination in one row, with ANY as its source; or everything in one, with ANY at both ends. */
  by?: 'destination' | 'mesh' | undefined
  /** Without calls that leave the mesh. */
  inside?: boolean | undefined
  /** Only rows with a call that was denied. */
  denied?: boolean | undefined
}

/** Stands for all sources, destinations or routes together. No label: the wire refuses it. */
const ANY = '*'

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

interface OutcomeColumns extends Counters {
  bucket: number
  /** Of each row that has some; null: none. */
  meshErrors: Record<string, number>[] | null
  retriesSkipped: Record<string, number>[] | null
  /** As Postgres writes arrays, indices and counts of each row: "{1,2}{10,20}". */
  latency?: string | null
}

const OUTCOME_COLUMNS = [
  ...Object.entries(COUNTERS).map(([field, column]) => `sum(${column}::float8) AS "${field}"`),
  `jsonb_agg(mesh_errors) FILTER (WHERE mesh_errors <> '{}') AS "meshErrors"`,
  `jsonb_agg(retries_skipped) FILTER (WHERE retries_skipped <> '{}') AS "retriesSkipped"`,
]
const LATENCY = `string_agg(latency_index::text || latency_count::text, '') FILTER (WHERE latency_index <> '{}') AS latency`

/** Counts by name, of several rows. */
function addedCounts(parts: readonly Record<string, number>[] | null): Record<string, number> {
  const sum: Record<string, number> = {}
  for (const part of parts ?? []) for (const [name, count] of Object.entries(part)) sum[name] = (sum[name] ?? 0) + count
  return sum
}

/** In the order of bucket and labels. `labelsOf`: the columns that make the key, as fields. */
async function readOutcomes<Labels extends Record<string, string>>(
  db: Database,
  { counts = false, ...query }: Query & Wanted,
  labelsOf: (row: Labels) => Labels,
): Promise<At<Labels & Outcomes>[]> {
  const latency = counts ? [] : ['latency_index', 'latency_count']
  const raw = [...Object.values(COUNTERS), 'mesh_errors', 'retries_skipped', ...latency]
  const { sql, values } = selection({ ...query, columns: [...query.columns, ...raw] })
  const labels = query.columns.map((column) => column.split(' AS ').at(-1)).join(', ')
  const { rows } = await db.pool.query<OutcomeColumns & Labels>(
    `SELECT bucket, ${labels}, ${[...OUTCOME_COLUMNS, ...(counts ? [] : [LATENCY])].join(', ')} FROM (${sql}) AS selected
     GROUP BY bucket, ${labels} ORDER BY bucket, ${labels}`,
    values,
  )
  return rows.map((row) => ({
    at: row.bucket,
    ...labelsOf(row),
    requests: row.requests,
    ok: row.ok,
    clientError: row.clientError,
    serverError: row.serverError,
    denied: row.denied,
    limited: row.limited,
    cancelled: row.cancelled,
    recovered: row.recovered,
    retriesMade: row.retriesMade,
    bytesIn: row.bytesIn,
    bytesOut: row.bytesOut,
    meshErrors: addedCounts(row.meshErrors),
    retriesSkipped: knownReasons(addedCounts(row.retriesSkipped)),
    latency: mergeLatencyText(row.latency ?? null),
  }))
}

function knownReasons(skipped: Record<string, number>): Outcomes['retriesSkipped'] {
  const known: Outcomes['retriesSkipped'] = {}
  for (const reason of RETRY_SKIPPED) if (skipped[reason]) known[reason] = skipped[reason]
  return known
}

export function readRoutes(db: Database, range: MetricsRange & RouteFilter): Promise<At<RouteRow>[]> {
  const query = {
    family: 'route' as const,
    range,
    counts: range.counts,
    columns: ['side', 'destination', 'version', range.by === 'version' ? `'${ANY}' AS route` : 'route'],
    filters: [
      ['side', range.side && [range.side]],
      ['destination', range.destinations],
      ['route', range.routes],
    ] as const,
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
  const query = {
    family: 'edge' as const,
    range,
    counts: range.counts,
    columns: [
      'side',
      range.by === undefined ? 'source' : `'${ANY}' AS source`,
      range.by === 'mesh' ? `'${ANY}' AS destination` : 'destination',
    ],
    filters: [
      ['side', range.side && [range.side]],
      ['source', range.sources],
      ['destination', range.destinations],
    ] as const,
    either: range.service,
    except: range.inside === true ? EGRESS_DESTINATION : undefined,
    counted: range.denied === true ? ('denied' as const) : undefined,
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

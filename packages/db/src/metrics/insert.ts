// Adds merged rows to a table, set-based: one statement for all rows, as one JSON parameter.
import type { EdgeRow, Outcomes, PatternRow, RouteRow, RuleRow } from '@heddle/shared/wire/metrics'
import type { PoolClient } from 'pg'
import { PATTERN_TABLE, type ResolutionMs, tableName } from './tables.ts'

interface Timed<Row> {
  at: number
  row: Row
}

const COUNTERS = [
  'requests',
  'ok',
  'client_error',
  'server_error',
  'denied',
  'limited',
  'cancelled',
  'recovered',
  'retries_made',
  'bytes_in',
  'bytes_out',
] as const

function outcomeColumns(row: Outcomes): Record<string, unknown> {
  return {
    requests: row.requests,
    ok: row.ok,
    client_error: row.clientError,
    server_error: row.serverError,
    mesh_errors: row.meshErrors,
    denied: row.denied,
    limited: row.limited,
    cancelled: row.cancelled,
    recovered: row.recovered,
    retries_made: row.retriesMade,
    retries_skipped: row.retriesSkipped,
    bytes_in: row.bytesIn,
    bytes_out: row.bytesOut,
    latency_index: row.latency.index,
    latency_count: row.latency.count,
  }
}

/** `labels`: the columns that, with time and control plane, make the key. */
async function addOutcomeRows(
  client: PoolClient,
  table: string,
  labels: readonly string[],
  controlId: string,
  rows: readonly Record<string, unknown>[],
): Promise<void> {
  if (rows.length === 0) return
  const columns = [...labels, ...COUNTERS, 'mesh_errors', 'retries_skipped', 'latency_index', 'latency_count']
  const types = [
    ...labels.map((label) => `${label} text`),
    ...COUNTERS.map((counter) => `${counter} bigint`),
    'mesh_errors jsonb',
    'retries_skipped jsonb',
    'latency_index integer[]',
    'latency_count bigint[]',
  ]
  await client.query(
    `INSERT INTO "metrics"."${table}" AS stored ("at", "control_id", ${columns.join(', ')})
     SELECT to_timestamp(at_ms / 1000.0), $2, ${columns.join(', ')}
     FROM jsonb_to_recordset($1::jsonb) AS given (at_ms bigint, ${types.join(', ')})
     ON CONFLICT ("at", "control_id", ${labels.join(', ')}) DO UPDATE SET
       ${COUNTERS.map((counter) => `${counter} = stored.${counter} + EXCLUDED.${counter}`).join(', ')},
       mesh_errors = "metrics".add_counts(stored.mesh_errors, EXCLUDED.mesh_errors),
       retries_skipped = "metrics".add_counts(stored.retries_skipped, EXCLUDED.retries_skipped),
       (latency_index, latency_count) = (
         SELECT coalesce(array_agg(bucket ORDER BY bucket), '{}'), coalesce(array_agg(total ORDER BY bucket), '{}')
         FROM (
           SELECT bucket, sum(count)::bigint AS total
           FROM (SELECT * FROM unnest(stored.latency_index, stored.latency_count)
                 UNION ALL SELECT * FROM unnest(EXCLUDED.latency_index, EXCLUDED.latency_count)) AS both_sides (bucket, count)
           GROUP BY bucket
         ) AS sums
       )`,
    [JSON.stringify(rows), controlId],
  )
}

export function addRoutes(
  client: PoolClient,
  resolution: ResolutionMs,
  controlId: string,
  rows: readonly Timed<RouteRow>[],
): Promise<void> {
  const values = rows.map(({ at, row }) => ({
    at_ms: at,
    side: row.side,
    destination: row.destination,
    version: row.version,
    route: row.route,
    ...outcomeColumns(row),
  }))
  const labels = ['side', 'destination', 'version', 'route']
  return addOutcomeRows(client, tableName('route', resolution), labels, controlId, values)
}

export function addEdges(
  client: PoolClient,
  resolution: ResolutionMs,
  controlId: string,
  rows: readonly Timed<EdgeRow>[],
): Promise<void> {
  const values = rows.map(({ at, row }) => ({
    at_ms: at,
    side: row.side,
    source: row.source,
    destination: row.destination,
    ...outcomeColumns(row),
  }))
  const labels = ['side', 'source', 'destination']
  return addOutcomeRows(client, tableName('edge', resolution), labels, controlId, values)
}

export async function addRules(
  client: PoolClient,
  resolution: ResolutionMs,
  controlId: string,
  rows: readonly Timed<RuleRow>[],
): Promise<void> {
  if (rows.length === 0) return
  await client.query(
    `INSERT INTO "metrics"."${tableName('rule', resolution)}" AS stored ("at", "control_id", "rule", "source", "verdict", "hits")
     SELECT to_timestamp(at_ms / 1000.0), $2, rule, source, verdict, hits
     FROM jsonb_to_recordset($1::jsonb) AS given (at_ms bigint, rule text, source text, verdict text, hits bigint)
     ON CONFLICT ("at", "control_id", "rule", "source", "verdict") DO UPDATE SET "hits" = stored."hits" + EXCLUDED."hits"`,
    [JSON.stringify(rows.map(({ at, row }) => ({ at_ms: at, ...row }))), controlId],
  )
}

/** Patterns that a service's own side reports are bounded per hour: the rest is one row with this path. */
export const OTHER_PATTERN_PATH = 'other'
export const PATTERNS_KEPT = 500
/** Folded down to PATTERNS_KEPT only when there are so many, so that it does not happen at every report. */
const PATTERNS_CROWDED = 2 * PATTERNS_KEPT

export async function addPatterns(
  client: PoolClient,
  controlId: string,
  rows: readonly Timed<PatternRow & { service: string }>[],
): Promise<void> {
  if (rows.length === 0) return
  await client.query(
    `INSERT INTO "metrics"."${PATTERN_TABLE}" AS stored
       ("at", "control_id", "service", "source", "method", "path", "route", "calls")
     SELECT to_timestamp(at_ms / 1000.0), $2, service, source, method, path, route, calls
     FROM jsonb_to_recordset($1::jsonb)
       AS given (at_ms bigint, service text, source text, method text, path text, route text, calls bigint)
     ON CONFLICT ("at", "control_id", "service", "source", "method", "path", "route")
     DO UPDATE SET "calls" = stored."calls" + EXCLUDED."calls"`,
    [JSON.stringify(rows.map(({ at, row }) => ({ at_ms: at, ...row }))), controlId],
  )
  await client.query(
    `WITH touched AS (
       SELECT DISTINCT service, to_timestamp(at_ms / 1000.0) AS at
       FROM jsonb_to_recordset($1::jsonb) AS given (at_ms bigint, service text)
     ), ranked AS (
       SELECT p.*, count(*) OVER hour AS size, row_number() OVER (hour ORDER BY p.calls DESC, p.path, p.method, p.source) AS place
       FROM "metrics"."${PATTERN_TABLE}" AS p JOIN touched USING (service, at)
       WHERE p.control_id = $2 AND p.path <> '${OTHER_PATTERN_PATH}'
       WINDOW hour AS (PARTITION BY p.service, p.at)
     ), gone AS (
       DELETE FROM "metrics"."${PATTERN_TABLE}" AS p USING ranked AS r
       WHERE r.size > ${PATTERNS_CROWDED} AND r.place > ${PATTERNS_KEPT}
         AND (p.at, p.control_id, p.service, p.source, p.method, p.path, p.route)
           = (r.at, r.control_id, r.service, r.source, r.method, r.path, r.route)
       RETURNING p.at, p.service, p.calls
     )
     INSERT INTO "metrics"."${PATTERN_TABLE}" AS stored
       ("at", "control_id", "service", "source", "method", "path", "route", "calls")
     SELECT at, $2, service, '*', '*', '${OTHER_PATTERN_PATH}', '${OTHER_PATTERN_PATH}', sum(calls) FROM gone GROUP BY at, service
     ON CONFLICT ("at", "control_id", "service", "source", "method", "path", "route")
     DO UPDATE SET "calls" = stored."calls" + EXCLUDED."calls"`,
    [JSON.stringify(rows.map(({ at, row }) => ({ at_ms: at, service: row.service }))), controlId],
  )
}

// Rows of many deltas into one row for each series and bucket. Merging is adding. Pure.
import type { SparseHistogram } from '@heddle/shared'
import type { EdgeRow, Outcomes, RouteRow, RuleRow } from '@heddle/shared/wire/metrics'

type Counts = Partial<Record<string, number>>

function addCounts(to: Counts, from: Counts): Counts {
  const sum = { ...to }
  for (const [key, count] of Object.entries(from)) sum[key] = (sum[key] ?? 0) + (count ?? 0)
  return sum
}

/** Of two ascending lists one ascending list. */
export function addHistograms(a: SparseHistogram, b: SparseHistogram): SparseHistogram {
  const counts = new Map<number, number>()
  for (const { index, count } of [a, b])
    for (const [i, bucket] of index.entries()) counts.set(bucket, (counts.get(bucket) ?? 0) + (count[i] ?? 0))
  const sorted = [...counts].sort(([x], [y]) => x - y)
  return { index: sorted.map(([bucket]) => bucket), count: sorted.map(([, count]) => count) }
}

export function addOutcomes<Row extends Outcomes>(a: Row, b: Outcomes): Row {
  return {
    ...a,
    requests: a.requests + b.requests,
    ok: a.ok + b.ok,
    clientError: a.clientError + b.clientError,
    serverError: a.serverError + b.serverError,
    meshErrors: addCounts(a.meshErrors, b.meshErrors),
    denied: a.denied + b.denied,
    limited: a.limited + b.limited,
    cancelled: a.cancelled + b.cancelled,
    recovered: a.recovered + b.recovered,
    retriesMade: a.retriesMade + b.retriesMade,
    retriesSkipped: addCounts(a.retriesSkipped, b.retriesSkipped),
    bytesIn: a.bytesIn + b.bytesIn,
    bytesOut: a.bytesOut + b.bytesOut,
    latency: addHistograms(a.latency, b.latency),
  }
}

export const routeKey = (row: RouteRow): string => JSON.stringify([row.side, row.destination, row.version, row.route])
export const edgeKey = (row: EdgeRow): string => JSON.stringify([row.side, row.source, row.destination])
export const ruleKey = (row: RuleRow): string => JSON.stringify([row.rule, row.source, row.verdict])

export const addRules = (a: RuleRow, b: RuleRow): RuleRow => ({ ...a, hits: a.hits + b.hits })

/** One row per bucket and key, in the order of the keys, so that two writers lock rows in one order. */
export function mergeRows<Row>(
  rows: Iterable<{ at: number; row: Row }>,
  keyOf: (row: Row) => string,
  add: (a: Row, b: Row) => Row,
): { at: number; row: Row }[] {
  const merged = new Map<string, { at: number; row: Row }>()
  for (const { at, row } of rows) {
    const key = `${at} ${keyOf(row)}`
    const known = merged.get(key)
    merged.set(key, { at, row: known === undefined ? row : add(known.row, row) })
  }
  return [...merged].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, value]) => value)
}

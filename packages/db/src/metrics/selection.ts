// The rows of a range in SQL: from which tables, under which conditions, in which buckets.
import { type MetricsRange, piecesOf } from './pieces.ts'
import { type Family, tableName } from './tables.ts'

/** A rule, and from when on its hits count (milliseconds since the epoch): one of the same name may have been deleted. */
export type RuleSince = readonly [rule: string, sinceMs: number]

export interface Query {
  family: Family
  range: MetricsRange
  columns: readonly string[]
  /** Column and accepted values; undefined: any. */
  filters: readonly (readonly [string, readonly string[] | undefined])[]
  /** Source or destination. */
  either?: string | undefined
  /** Not this destination. */
  except?: string | undefined
  /** Only rows in which this counter is above zero. */
  counted?: 'denied' | undefined
  /** Of these rules only buckets that end after this time. */
  since?: readonly RuleSince[] | undefined
}

/** The rows of a range, each with the start of its step as `bucket` (milliseconds). */
export function selection({ family, range, columns, filters, either, except, counted, since = [] }: Query): {
  sql: string
  values: unknown[]
} {
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
  if (except !== undefined) conditions.push(`AND "destination" <> ${placeOf(except)}`)
  if (counted !== undefined) conditions.push(`AND "${counted}" > 0`)
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

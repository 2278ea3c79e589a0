// Metrics from Postgres for charts and tables: rows of the control planes are summed, buckets merged by adding.
import type { EdgeRow, PatternRow, RouteRow, RuleRow } from '@heddle/shared/wire/metrics'
import type { Database } from '../connection/database.ts'
import type { ResolutionMs } from './partitions.ts'

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
  side?: 'outbound' | 'inbound'
  destinations?: readonly string[]
  routes?: readonly string[]
}
export interface EdgeFilter {
  side?: 'outbound' | 'inbound'
  /** Either end. */
  service?: string
  sources?: readonly string[]
  destinations?: readonly string[]
}

/** The table that answers a range: the coarsest that fits the step and still holds `from` at `now`. */
export function resolutionFor(_range: MetricsRange, _now: number): ResolutionMs {
  throw new Error('not written yet')
}

export function readRoutes(_db: Database, _range: MetricsRange & RouteFilter): Promise<At<RouteRow>[]> {
  throw new Error('not written yet')
}

export function readEdges(_db: Database, _range: MetricsRange & EdgeFilter): Promise<At<EdgeRow>[]> {
  throw new Error('not written yet')
}

export function readRules(_db: Database, _range: MetricsRange & { rules?: readonly string[] }): Promise<At<RuleRow>[]> {
  throw new Error('not written yet')
}

/** Call patterns that the service's own side saw, summed over the hours of the range, most called first. */
export function readPatterns(
  _db: Database,
  _input: { service: string; from: number; to: number },
): Promise<PatternRow[]> {
  throw new Error('not written yet')
}

// One way to read metrics: the last minutes from the control planes' live streams, what is older from Postgres, cut
// between two whole steps, so that nobody sees a seam. Without a complete stream all of it comes from Postgres, which
// holds the same rows; without Postgres what the streams hold is shown as partial.
import { type Database, type EdgeFilter, type RouteFilter, readEdges, readRoutes, readRules } from '@heddle/db'
import type { EdgeRow, RouteRow, RuleRow } from '@heddle/shared/wire/metrics'
import { isDatabaseAway } from '../databaseErrors.ts'
import type { DataState } from '../schemas/numbers.ts'
import type { At, LiveWindow } from './liveWindow.ts'
import type { ReadRange } from './range.ts'

export interface Read<Row> {
  rows: At<Row>[]
  data: DataState
}

export interface RuleFilter {
  rules?: readonly string[]
}

/** What the reader wants to know of the streams. */
export interface LiveSource {
  readonly window: LiveWindow
  /** Every control plane streams, so that the window misses nothing. */
  isComplete(): boolean
  /** Why numbers may be missing, in a plain sentence; null: they are not. */
  partialReason(): string | null
}

export interface MetricsReader {
  routes(range: ReadRange, filter?: RouteFilter): Promise<Read<RouteRow>>
  edges(range: ReadRange, filter?: EdgeFilter): Promise<Read<EdgeRow>>
  rules(range: ReadRange, filter?: RuleFilter): Promise<Read<RuleRow>>
}

export function createMetricsReader(db: Database, live: LiveSource): MetricsReader {
  async function read<Row>(
    range: ReadRange,
    stored: (range: ReadRange) => Promise<At<Row>[]>,
    streamed: (from: number, to: number) => At<Row>[],
  ): Promise<Read<Row>> {
    const cut = cutOf(range, live.isComplete() ? live.window.coveredFrom() : null)
    try {
      const older = cut > range.from ? await stored({ ...range, to: cut }) : []
      const rows = cut < range.to ? older.concat(streamed(cut, range.to)) : older
      return { rows, data: stateOf(rows, range, live) }
    } catch (error) {
      const covered = live.window.coveredFrom()
      if (!isDatabaseAway(error) || covered === null || covered >= range.to) throw error
      const rows = streamed(Math.max(covered, range.from), range.to)
      const reason = 'The database does not answer: only the last minutes are shown.'
      return { rows, data: { ...stateOf(rows, range, live), partial: true, reason } }
    }
  }

  return {
    routes: (range, filter = {}) =>
      read(
        range,
        (part) => readRoutes(db, { ...part, ...filter }),
        (from, to) => live.window.routes(from, to).filter((row) => isWantedRoute(row, filter)),
      ),
    edges: (range, filter = {}) =>
      read(
        range,
        (part) => readEdges(db, { ...part, ...filter }),
        (from, to) => live.window.edges(from, to).filter((row) => isWantedEdge(row, filter)),
      ),
    rules: (range, filter = {}) =>
      read(
        range,
        (part) => readRules(db, { ...part, ...filter }),
        (from, to) => live.window.rules(from, to).filter((row) => filter.rules?.includes(row.rule) ?? true),
      ),
  }
}

/** Where the live part begins: the first step that the streams cover whole; `range.to` where they cover none. */
export function cutOf(range: ReadRange, coveredFrom: number | null): number {
  if (coveredFrom === null) return range.to
  const steps = Math.ceil((coveredFrom - range.from) / range.stepMs)
  return Math.min(range.to, range.from + Math.max(0, steps) * range.stepMs)
}

function stateOf(rows: readonly { at: number }[], range: ReadRange, live: LiveSource): DataState {
  const newestRow = rows.reduce<number | null>((max, { at }) => (max === null || at > max ? at : max), null)
  const newestRead = newestRow === null ? null : Math.min(range.to, newestRow + range.stepMs)
  // A stream that is complete has told of everything up to its newest bucket, also where this query has no row.
  const at = live.isComplete() ? Math.max(newestRead ?? 0, Math.min(range.to, live.window.dataAt ?? 0)) : newestRead
  const reason = live.partialReason()
  return { at: at === 0 ? null : at, partial: reason !== null, reason }
}

export function isWantedRoute(row: RouteRow, filter: RouteFilter): boolean {
  return (
    (filter.side === undefined || row.side === filter.side) &&
    (filter.destinations?.includes(row.destination) ?? true) &&
    (filter.routes?.includes(row.route) ?? true)
  )
}

export function isWantedEdge(row: EdgeRow, filter: EdgeFilter): boolean {
  return (
    (filter.side === undefined || row.side === filter.side) &&
    (filter.service === undefined || row.source === filter.service || row.destination === filter.service) &&
    (filter.sources?.includes(row.source) ?? true) &&
    (filter.destinations?.includes(row.destination) ?? true)
  )
}

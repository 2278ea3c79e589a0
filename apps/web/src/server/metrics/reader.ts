// One way to read metrics: the last minutes from the control planes' live streams, what is older from Postgres, cut
// between two whole steps, so that nobody sees a seam. Without a complete stream all of it comes from Postgres, which
// holds the same rows; without Postgres what the streams hold is shown as partial.
import {
  type Database,
  type EdgeFilter,
  type MetricsRange,
  metricsBeginning,
  type RouteFilter,
  type RuleSince,
  readEdges,
  readLastCalls,
  readLastHits,
  readRoutes,
  readRules,
} from '@heddle/db'
import type { Clock } from '@heddle/shared/clock'
import { EGRESS_DESTINATION } from '@heddle/shared/names'
import type { EdgeRow, RouteRow, RuleRow } from '@heddle/shared/wire/metrics'
import { isDatabaseAway } from '../databaseErrors.ts'
import type { DatabasePulse } from '../databasePulse.ts'
import type { DataState } from '../schemas/numbers.ts'
import type { At, LiveWindow } from './liveWindow.ts'
import { partsOf, stepParts } from './parts.ts'
import { BUCKET_MS, keptResolution, type ReadRange } from './range.ts'
import { FINAL_MS, StoredReads } from './storedReads.ts'

export interface Read<Row> {
  rows: At<Row>[]
  /** Start of what could be read, milliseconds since the epoch: from here on silence means zero, before it nothing is known. */
  knownFrom: number
  data: DataState
}

export interface RuleFilter {
  rules?: readonly string[]
  /** From when on hits of these rules count: a deleted one of the same name may have left some. */
  since?: readonly RuleSince[]
}

/** What the reader wants to know of the streams. */
export interface LiveSource {
  readonly window: LiveWindow
  /** Every control plane streams, so that the window misses nothing. */
  isComplete(): boolean
  /** Why numbers may be missing, in a plain sentence; null: they are not. */
  partialReason(): string | null
}

export interface ReadOptions {
  /** Rows with any `at` in the range, as few as there can be; else rows of the range's steps. */
  total?: boolean
}

export interface MetricsReader {
  routes(range: ReadRange, filter?: RouteFilter, options?: ReadOptions): Promise<Read<RouteRow>>
  edges(range: ReadRange, filter?: EdgeFilter, options?: ReadOptions): Promise<Read<EdgeRow>>
  rules(range: ReadRange, filter?: RuleFilter, options?: ReadOptions): Promise<Read<RuleRow>>
  /** Start of the last minute with a call since `from`, by service; those without are missing. */
  lastCalls(services: readonly string[], from: number): Promise<ReadonlyMap<string, number>>
  /** Start of the last bucket with a hit since `from`, by rule, in minutes or hours; those without are missing. */
  lastHits(
    rules: readonly RuleSince[],
    from: number,
    resolution: 60_000 | 3_600_000,
  ): Promise<ReadonlyMap<string, number>>
  /** Start of the first data there is, milliseconds since the epoch (see spanOf); null: none, or nobody can say. */
  since(): Promise<number | null>
}

interface Family<Row, Filter> {
  name: string
  stored: (db: Database, query: MetricsRange & Filter) => Promise<At<Row>[]>
  streamed: (window: LiveWindow, from: number, to: number, isWanted: (row: At<Row>) => boolean) => At<Row>[]
  isWanted: (row: At<Row>, filter: Filter) => boolean
}

const ROUTES: Family<RouteRow, RouteFilter> = {
  name: 'routes',
  stored: readRoutes,
  streamed: (window, from, to, isWanted) => window.routes(from, to, isWanted),
  isWanted: isWantedRoute,
}
const EDGES: Family<EdgeRow, EdgeFilter> = {
  name: 'edges',
  stored: readEdges,
  streamed: (window, from, to, isWanted) => window.edges(from, to, isWanted),
  isWanted: isWantedEdge,
}
const RULES: Family<RuleRow, RuleFilter> = {
  name: 'rules',
  stored: readRules,
  streamed: (window, from, to, isWanted) => window.rules(from, to, isWanted),
  isWanted: (row, { rules, since }) =>
    (rules?.includes(row.rule) ?? true) &&
    !since?.some(([rule, sinceMs]) => rule === row.rule && row.at + BUCKET_MS <= sinceMs),
}

/** The beginning moves only as old metrics are dropped, or by a report that comes late. */
const BEGINNING_KEPT_MS = 60_000

/** How a read finds out that the database does not answer at all. */
export type Patience = Pick<DatabasePulse, 'read'>

export function createMetricsReader(db: Database, live: LiveSource, clock: Clock, pulse: Patience): MetricsReader {
  const reads = new StoredReads(clock)
  let beginning: { at: number; readAt: number } | null = null

  async function since(): Promise<number | null> {
    if (beginning !== null && clock.monotonic() - beginning.readAt < BEGINNING_KEPT_MS) return beginning.at
    try {
      const at = await pulse.read(() => metricsBeginning(db, clock.now()))
      beginning = at === null ? null : { at, readAt: clock.monotonic() }
    } catch (error) {
      if (!isDatabaseAway(error)) throw error
    }
    return beginning?.at ?? null
  }

  async function storedRows<Row, Filter>(
    family: Family<Row, Filter>,
    query: MetricsRange,
    filter: Filter,
  ): Promise<At<Row>[]> {
    const key = JSON.stringify([family.name, query, filter])
    return pulse.read(() => reads.read(key, query, () => family.stored(db, { ...query, ...filter })))
  }

  /** In parts, most of which were read before. `stepMs` null: a total. */
  async function storedParts<Row, Filter>(
    family: Family<Row, Filter>,
    { from, to, stepMs }: MetricsRange,
    filter: Filter,
  ): Promise<At<Row>[]> {
    const finalAt = clock.now() - FINAL_MS
    const parts = stepMs === null ? partsOf(from, to, finalAt) : stepParts({ from, to, stepMs }, finalAt)
    const rows = await Promise.all(parts.map((part) => storedRows(family, { ...part, stepMs }, filter)))
    return rows.flat()
  }

  async function read<Row, Filter>(
    family: Family<Row, Filter>,
    range: ReadRange,
    filter: Filter,
    { total = false }: ReadOptions,
  ): Promise<Read<Row>> {
    const streamed = (from: number, to: number) =>
      family.streamed(live.window, from, to, (row) => family.isWanted(row, filter))
    // A total is read from several tables; its ends are whole buckets of the finest that still holds its beginning.
    const unit = total ? keptResolution(clock.now() - range.from) : range.stepMs
    const cut = cutOf(range, unit, live.isComplete() ? live.window.coveredFrom() : null)
    const storedPart = async (): Promise<At<Row>[]> => {
      if (cut <= range.from) return []
      return storedParts(family, { from: range.from, to: cut, stepMs: total ? null : range.stepMs }, filter)
    }
    try {
      const [older, begun] = await Promise.all([storedPart(), since()])
      const rows = cut < range.to ? older.concat(streamed(cut, range.to)) : older
      return { rows, knownFrom: Math.max(range.from, begun ?? range.from), data: stateOf(rows, range, live) }
    } catch (error) {
      const covered = live.window.coveredFrom()
      if (!isDatabaseAway(error) || covered === null) throw error
      const knownFrom = Math.max(covered, range.from)
      const rows = streamed(knownFrom, range.to)
      const reason = 'The database does not answer: only the last minutes are shown.'
      return { rows, knownFrom, data: { ...stateOf(rows, range, live), partial: true, reason } }
    }
  }

  async function lastCalls(services: readonly string[], from: number): Promise<ReadonlyMap<string, number>> {
    try {
      return await pulse.read(() => readLastCalls(db, { resolution: 60_000, from, destinations: services }))
    } catch (error) {
      const covered = live.window.coveredFrom()
      if (!isDatabaseAway(error) || covered === null) throw error
      const wanted = new Set(services)
      const rows = live.window.edges(covered, clock.now(), ({ destination }) => wanted.has(destination))
      return new Map(rows.map(({ destination, at }) => [destination, Math.floor(at / 60_000) * 60_000]))
    }
  }

  async function lastHits(
    rules: readonly RuleSince[],
    from: number,
    resolution: 60_000 | 3_600_000,
  ): Promise<ReadonlyMap<string, number>> {
    try {
      return await pulse.read(() => readLastHits(db, { resolution, from, rules }))
    } catch (error) {
      const covered = live.window.coveredFrom()
      if (!isDatabaseAway(error) || covered === null) throw error
      const filter: RuleFilter = { rules: rules.map(([rule]) => rule), since: rules }
      const rows = live.window.rules(covered, clock.now(), (row) => row.hits > 0 && RULES.isWanted(row, filter))
      const last = new Map<string, number>()
      for (const { rule, at } of rows)
        last.set(rule, Math.max(last.get(rule) ?? 0, Math.floor(at / resolution) * resolution))
      return last
    }
  }

  return {
    lastCalls,
    lastHits,
    routes: (range, filter = {}, options = {}) => read(ROUTES, range, filter, options),
    edges: (range, filter = {}, options = {}) => read(EDGES, range, filter, options),
    rules: (range, filter = {}, options = {}) => read(RULES, range, filter, options),
    since,
  }
}

/** Where the live part begins: the first whole unit that the streams cover; `range.to` where they cover none. */
export function cutOf(range: ReadRange, unitMs: number, coveredFrom: number | null): number {
  if (coveredFrom === null) return range.to
  const units = Math.ceil((coveredFrom - range.from) / unitMs)
  return Math.min(range.to, range.from + Math.max(0, units) * unitMs)
}

function stateOf(rows: readonly { at: number }[], range: ReadRange, live: LiveSource): DataState {
  const newestRow = rows.reduce<number | null>((max, { at }) => (max === null || at > max ? at : max), null)
  const newestRead = newestRow === null ? 0 : Math.min(range.to, newestRow + range.stepMs)
  // A stream that is complete has told of everything up to its newest bucket, also where this query has no row.
  const told = live.isComplete() ? Math.min(range.to, live.window.dataAt ?? 0) : 0
  const at = Math.max(newestRead, told)
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
    (filter.denied !== true || row.denied > 0) &&
    (filter.inside !== true || row.destination !== EGRESS_DESTINATION) &&
    (filter.sources?.includes(row.source) ?? true) &&
    (filter.destinations?.includes(row.destination) ?? true)
  )
}

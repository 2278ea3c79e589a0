// The series that requests are counted in: one for each (side, source, destination, version, route), of which the
// families on the wire and in /metrics are sums. Their number is bounded, and idle ones leave.
import { type EdgeRow, NO_LABEL, type RouteRow, routeRowSchema } from '@heddle/shared/wire/metrics'
import type { FinishedRequest, SeriesLabels } from '../interfaces.ts'
import { OTHER } from './callPatterns.ts'
import type { Counted } from './counted.ts'
import { below, type Nested } from './nested.ts'
import { Tally } from './tally.ts'

/** Beyond this, new routes are counted as `other`. */
export const MOST_SERIES = 2_000
/** A series that counted nothing for this long leaves; its counters begin anew if it comes back. */
export const IDLE_MS = 10 * 60_000

export class Series {
  readonly labels: SeriesLabels
  /** Since the last report. */
  readonly delta = new Tally()
  /** Before that. */
  readonly #before = new Tally()
  lastCountedAt: number

  constructor(labels: SeriesLabels, now: number) {
    this.labels = labels
    this.lastCountedAt = now
  }

  /** Since the series began. */
  total(): Tally {
    return new Tally().add(this.#before).add(this.delta)
  }

  /** Ends the interval of a report. */
  fold(now: number): void {
    if (this.delta.isEmpty) return
    this.lastCountedAt = now
    this.#before.add(this.delta)
    this.delta.reset()
  }
}

export class SeriesTable {
  readonly #sides: Record<SeriesLabels['side'], Nested<Nested<Nested<Nested<Series>>>>> = {
    outbound: new Map(),
    inbound: new Map(),
  }
  readonly #all = new Set<Series>()
  #folded = 0
  #foldedTaken = 0

  get size(): number {
    return this.#all.size
  }

  /** Requests counted as `other` because there were too many series. */
  get folded(): number {
    return this.#folded
  }

  [Symbol.iterator](): IterableIterator<Series> {
    return this.#all.values()
  }

  record(request: FinishedRequest, now: number): void {
    this.#of(request, now).delta.record(request)
  }

  moved(labels: SeriesLabels, bytesIn: number, bytesOut: number, now: number): void {
    this.#of(labels, now).delta.moved(bytesIn, bytesOut)
  }

  /** Rows of what was counted since the last report, per family; ends the interval. */
  drain(now: number): { routes: RouteRow[]; edges: EdgeRow[] } {
    const routes = new Map<string, { labels: SeriesLabels; tally: Tally }>()
    const edges = new Map<string, { labels: SeriesLabels; tally: Tally }>()
    for (const series of this.#all) {
      if (series.delta.isEmpty) {
        if (now - series.lastCountedAt > IDLE_MS) this.#remove(series)
        continue
      }
      const { side, source, destination, version, route } = series.labels
      addTo(routes, `${side}\n${destination}\n${version}\n${route}`, series)
      addTo(edges, `${side}\n${source}\n${destination}`, series)
      series.fold(now)
    }
    return {
      routes: Array.from(routes.values(), ({ labels: { side, destination, version, route }, tally }) => ({
        side,
        destination,
        version,
        route,
        ...tally.toOutcomes(),
      })),
      edges: Array.from(edges.values(), ({ labels: { side, source, destination }, tally }) => ({
        side,
        source,
        destination,
        ...tally.toOutcomes(),
      })),
    }
  }

  /** What was counted since the last time, for another process of this proxy; a table that is drained is not taken from. */
  take(now: number): Pick<Counted, 'series' | 'folded'> {
    const series: Counted['series'] = []
    for (const one of this.#all) {
      if (!one.delta.isEmpty) series.push({ labels: one.labels, counts: one.delta.toCounts() })
      else if (now - one.lastCountedAt > IDLE_MS) this.#remove(one)
      one.fold(now)
    }
    const folded = this.#folded - this.#foldedTaken
    this.#foldedTaken = this.#folded
    return { series, folded }
  }

  /** Adds what another process has taken from its table. */
  merge({ series, folded }: Pick<Counted, 'series' | 'folded'>, now: number): void {
    for (const { labels, counts } of series) this.#of(labels, now).delta.addCounts(counts)
    this.#folded += folded
  }

  #of({ side, source, destination, version, route }: SeriesLabels, now: number): Series {
    const known = this.#sides[side].get(destination)?.get(version)?.get(route)?.get(source)
    return known ?? this.#newSeries({ side, source, destination, version, route }, now)
  }

  #newSeries(labels: SeriesLabels, now: number): Series {
    const isFull = this.#all.size >= MOST_SERIES
    if (isFull) this.#folded++
    const { side, source, destination, version, route } = wireable(isFull ? foldLabels(labels, this.#all.size) : labels)
    const byRoute = below(below(below(this.#sides[side], destination), version), route)
    const known = byRoute.get(source)
    if (known !== undefined) return known
    const series = new Series({ side, source, destination, version, route }, now)
    byRoute.set(source, series)
    this.#all.add(series)
    return series
  }

  #remove(series: Series): void {
    const { side, source, destination, version, route } = series.labels
    this.#all.delete(series)
    const byDestination = this.#sides[side]
    const byVersion = byDestination.get(destination)
    const byRoute = byVersion?.get(version)
    const bySource = byRoute?.get(route)
    bySource?.delete(source)
    if (bySource?.size === 0) byRoute?.delete(route)
    if (byRoute?.size === 0) byVersion?.delete(version)
    if (byVersion?.size === 0) byDestination.delete(destination)
  }
}

/** One label that the wire's schema refuses would hold up every report. */
function wireable({ side, source, destination, version, route }: SeriesLabels): SeriesLabels {
  const { destination: aName, route: aRoute } = routeRowSchema.shape
  const name = (text: string) => (text === '' ? NO_LABEL : aName.safeParse(text).success ? text : OTHER)
  return {
    side,
    source: name(source),
    destination: name(destination),
    version: name(version),
    route: aRoute.safeParse(route).success ? route : OTHER,
  }
}

/** First routes are folded; when that does not bound them either, so is everything. */
function foldLabels(labels: SeriesLabels, size: number): SeriesLabels {
  if (size < 2 * MOST_SERIES) return { ...labels, route: OTHER }
  return { side: labels.side, source: OTHER, destination: OTHER, version: '-', route: OTHER }
}

function addTo(
  rows: Map<string, { labels: SeriesLabels; tally: Tally }>,
  key: string,
  { labels, delta }: Series,
): void {
  const row = rows.get(key)
  if (row === undefined) rows.set(key, { labels, tally: new Tally().add(delta) })
  else row.tally.add(delta)
}

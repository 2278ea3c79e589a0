// Keeps the number of series bounded, whatever proxies report: beyond the cap a new series' route becomes `other`.
import type { EdgeRow, MetricsPayload, RouteRow, RuleRow } from '@heddle/shared/wire/metrics'
import { edgeKey, routeKey, ruleKey } from './merge.ts'

export const MAX_SERIES = 20_000
/** Series without traffic for this long no longer count. */
export const IDLE_MS = 10 * 60_000
export const FOLDED_LABEL = 'other'

export class SeriesCap {
  /** Series → when it last had traffic, milliseconds of a clock that never goes back. */
  readonly #seen = new Map<string, number>()
  readonly #max: number
  #folded = 0

  constructor(max = MAX_SERIES) {
    this.#max = max
  }

  get size(): number {
    return this.#seen.size
  }
  /** Rows folded since the start. */
  get folded(): number {
    return this.#folded
  }

  /** The payload with rows of series beyond the cap folded; their sums stay right, their labels are coarser. */
  fold(payload: MetricsPayload, now: number): MetricsPayload {
    return {
      ...payload,
      routes: payload.routes.map((row) => this.#row(row, routeKey, foldRoute, now)),
      edges: payload.edges.map((row) => this.#row(row, edgeKey, foldEdge, now)),
      rules: payload.rules.map((row) => this.#row(row, ruleKey, foldRule, now)),
    }
  }

  /** Forgets idle series; called every minute or so. */
  forgetIdle(now: number): void {
    for (const [key, at] of this.#seen) {
      // Kept in the order of last use: the first that is not idle ends the walk.
      if (now - at < IDLE_MS) break
      this.#seen.delete(key)
    }
  }

  #row<Row>(row: Row, keyOf: (row: Row) => string, fold: (row: Row) => Row, now: number): Row {
    const key = keyOf(row)
    if (this.#seen.delete(key) || this.#seen.size < this.#max) {
      this.#seen.set(key, now)
      return row
    }
    this.#folded++
    return fold(row)
  }
}

const foldRoute = (row: RouteRow): RouteRow => ({ ...row, version: FOLDED_LABEL, route: FOLDED_LABEL })
const foldEdge = (row: EdgeRow): EdgeRow =>
  row.side === 'outbound' ? { ...row, destination: FOLDED_LABEL } : { ...row, source: FOLDED_LABEL }
const foldRule = (row: RuleRow): RuleRow => ({ ...row, source: FOLDED_LABEL })

// Keeps the number of series bounded, whatever proxies report: beyond the cap a new series' route becomes `other`, and
// beyond twice the cap its destination and everything else as well.
import { edgeKey, routeKey, ruleKey } from '@heddle/shared/metrics/mergeOutcomes'
import type { EdgeRow, MetricsPayload, RouteRow, RuleRow } from '@heddle/shared/wire/metrics'

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
      routes: payload.routes.map((row) => this.#row(row, routeKey, ROUTE_FOLDS, now)),
      edges: payload.edges.map((row) => this.#row(row, edgeKey, EDGE_FOLDS, now)),
      rules: payload.rules.map((row) => this.#row(row, ruleKey, RULE_FOLDS, now)),
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

  #row<Row>(row: Row, keyOf: (row: Row) => string, folds: Folds<Row>, now: number): Row {
    if (this.#admit(keyOf(row), this.#max, now)) return row
    this.#folded++
    const coarse = folds.coarse(row)
    return this.#admit(keyOf(coarse), 2 * this.#max, now) ? coarse : folds.coarsest(row)
  }

  #admit(key: string, max: number, now: number): boolean {
    if (!this.#seen.delete(key) && this.#seen.size >= max) return false
    this.#seen.set(key, now)
    return true
  }
}

interface Folds<Row> {
  coarse: (row: Row) => Row
  /** No label is left that a report could choose freely. */
  coarsest: (row: Row) => Row
}

const other = FOLDED_LABEL
const ROUTE_FOLDS: Folds<RouteRow> = {
  coarse: (row) => ({ ...row, version: other, route: other }),
  coarsest: (row) => ({ ...row, destination: other, version: other, route: other }),
}
const EDGE_FOLDS: Folds<EdgeRow> = {
  coarse: (row) => (row.side === 'outbound' ? { ...row, destination: other } : { ...row, source: other }),
  coarsest: (row) => ({ ...row, source: other, destination: other }),
}
const RULE_FOLDS: Folds<RuleRow> = {
  coarse: (row) => ({ ...row, source: other }),
  coarsest: (row) => ({ ...row, rule: other, source: other }),
}

// The last 15 minutes of committed rows in memory, in buckets of 10 s, for the console's live views.
// It is filled with what the database has just taken and with nothing else, so both always tell the same.
import { addOutcomes, addRuleHits, edgeKey, routeKey, ruleKey } from '@heddle/shared/metrics/mergeOutcomes'
import type { LiveBucket } from '@heddle/shared/wire/console'
import type { EdgeRow, MetricsPayload, RouteRow, RuleRow } from '@heddle/shared/wire/metrics'

export const BUCKET_MS = 10_000
export const WINDOW_MS = 15 * 60_000
/** Rows of all buckets together; beyond it the window gets shorter, oldest first. About 0.5 KiB each. */
const MAX_ROWS = 300_000

type Rows = Pick<MetricsPayload, 'routes' | 'edges' | 'rules'>

class Bucket {
  readonly #routes = new Map<string, RouteRow>()
  readonly #edges = new Map<string, EdgeRow>()
  readonly #rules = new Map<string, RuleRow>()

  add(rows: Rows): void {
    for (const row of rows.routes) put(this.#routes, routeKey(row), row, addOutcomes)
    for (const row of rows.edges) put(this.#edges, edgeKey(row), row, addOutcomes)
    for (const row of rows.rules) put(this.#rules, ruleKey(row), row, addRuleHits)
  }

  get size(): number {
    return this.#routes.size + this.#edges.size + this.#rules.size
  }

  at(at: number): LiveBucket {
    return {
      at,
      routes: [...this.#routes.values()],
      edges: [...this.#edges.values()],
      rules: [...this.#rules.values()],
    }
  }
}

function put<Row>(rows: Map<string, Row>, key: string, row: Row, add: (a: Row, b: Row) => Row): void {
  const before = rows.get(key)
  rows.set(key, before === undefined ? row : add(before, row))
}

export class LiveWindow {
  readonly #buckets = new Map<number, Bucket>()
  #fresh = new Map<number, Bucket>()
  #rows = 0

  /** `at`: start of the bucket that the rows were committed to; `now` in milliseconds since the epoch. */
  add(at: number, rows: Rows, now: number): void {
    if (at <= now - WINDOW_MS) return
    const bucket = bucketOf(this.#buckets, at)
    const before = bucket.size
    bucket.add(rows)
    this.#rows += bucket.size - before
    bucketOf(this.#fresh, at).add(rows)
    this.#forget(now)
  }

  /** Everything that is kept, oldest first. */
  all(now: number): LiveBucket[] {
    this.#forget(now)
    return publish(this.#buckets)
  }

  /** What was added since this was last asked. */
  takeFresh(): LiveBucket[] {
    const fresh = this.#fresh
    this.#fresh = new Map()
    return publish(fresh)
  }

  get rows(): number {
    return this.#rows
  }

  #forget(now: number): void {
    for (const at of [...this.#buckets.keys()].sort((a, b) => a - b)) {
      if (at > now - WINDOW_MS && this.#rows <= MAX_ROWS) return
      this.#rows -= this.#buckets.get(at)?.size ?? 0
      this.#buckets.delete(at)
      this.#fresh.delete(at)
    }
  }
}

function bucketOf(buckets: Map<number, Bucket>, at: number): Bucket {
  let bucket = buckets.get(at)
  if (bucket === undefined) {
    bucket = new Bucket()
    buckets.set(at, bucket)
  }
  return bucket
}

function publish(buckets: ReadonlyMap<number, Bucket>): LiveBucket[] {
  return [...buckets].map(([at, bucket]) => bucket.at(at)).sort((a, b) => a.at - b.at)
}

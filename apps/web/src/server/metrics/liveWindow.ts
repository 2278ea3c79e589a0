// The last 15 minutes as the control planes stream them: committed rows only, so that memory and Postgres say the same.
// Pure but for what it keeps: times come in with the messages. The sockets are in ../control.
import { addOutcomes, edgeKey, routeKey, ruleKey } from '@heddle/shared/metrics/mergeOutcomes'
import type { LiveBucket } from '@heddle/shared/wire/console'
import type { EdgeRow, RouteRow, RuleRow } from '@heddle/shared/wire/metrics'
import { BUCKET_MS } from './range.ts'

/** What control planes keep, and half a minute more, so that the last 15 minutes are here whole. */
export const LIVE_WINDOW_MS = 15 * 60_000 + 30_000

export type At<Row> = Row & { at: number }

interface Bucket {
  routes: Map<string, At<RouteRow>>
  edges: Map<string, At<EdgeRow>>
  rules: Map<string, At<RuleRow>>
}

interface ControlWindow {
  /** Everything that this control plane committed from here on is held. Milliseconds since the epoch. */
  from: number
  /** Of the last message, by the control plane's clock: up to here it has told of everything. */
  heardAt: number
  buckets: Map<number, Bucket>
}

export class LiveWindow {
  readonly #controls = new Map<string, ControlWindow>()
  /** By control plane that went: what it may have committed unseen lies before this. */
  readonly #floors = new Map<string, number>()
  #newestAt: number | null = null
  #heardAt: number | null = null

  /** Everything that a control plane holds: replaces what was known of it. */
  setState(controlId: string, now: number, buckets: readonly LiveBucket[]): void {
    // Its oldest bucket may be one it holds in part (it started within it), so the next is the first to rely on.
    const oldest = buckets.reduce((min, { at }) => Math.min(min, at), floorToBucket(now))
    this.#floors.delete(controlId)
    this.#controls.set(controlId, { from: oldest + BUCKET_MS, heardAt: now, buckets: new Map() })
    this.add(controlId, now, buckets)
  }

  /** More rows: buckets that were known grow. Without any, that there are none: an idle mesh is not a silent one. */
  add(controlId: string, now: number, buckets: readonly LiveBucket[]): void {
    const window = this.#controls.get(controlId)
    if (window === undefined) return
    window.heardAt = now
    if (this.#heardAt === null || now > this.#heardAt) this.#heardAt = now
    for (const { at, routes, edges, rules } of buckets) {
      if (this.#newestAt === null || at > this.#newestAt) this.#newestAt = at
      let bucket = window.buckets.get(at)
      if (bucket === undefined) {
        bucket = { routes: new Map(), edges: new Map(), rules: new Map() }
        window.buckets.set(at, bucket)
      }
      for (const row of routes) put(bucket.routes, routeKey(row), { ...row, at }, addOutcomes)
      for (const row of edges) put(bucket.edges, edgeKey(row), { ...row, at }, addOutcomes)
      for (const row of rules) put(bucket.rules, ruleKey(row), { ...row, at }, addHits)
    }
    const oldestKept = floorToBucket(now - LIVE_WINDOW_MS)
    for (const at of window.buckets.keys()) if (at < oldestKept) window.buckets.delete(at)
    window.from = Math.max(window.from, oldestKept)
  }

  /** The stream ended: what it told and what it may commit unseen are Postgres' until it comes back. */
  drop(controlId: string, now: number): void {
    if (!this.#controls.delete(controlId)) return
    for (const [id, floor] of this.#floors) if (floor < now - LIVE_WINDOW_MS) this.#floors.delete(id)
    this.#floors.set(controlId, floorToBucket(now) + BUCKET_MS)
  }

  /** From when on every control plane's rows are held; null where none has told anything. */
  coveredFrom(): number | null {
    if (this.#controls.size === 0) return null
    let from = Math.max(0, ...this.#floors.values())
    for (const window of this.#controls.values()) from = Math.max(from, window.from)
    return from
  }

  /**
   * Up to when everything is told of: the end of the newest bucket or, where that is newer, the whole steps before the
   * last word of the control plane that was silent for longest. It stays when all streams end; null: nothing was told.
   */
  get dataAt(): number | null {
    const heard = [...this.#controls.values()].map(({ heardAt }) => heardAt)
    const told = heard.length === 0 ? this.#heardAt : Math.min(...heard)
    if (told === null) return null
    return Math.max(floorToBucket(told), this.#newestAt === null ? 0 : this.#newestAt + BUCKET_MS)
  }

  /** Rows with `from <= at < to` that are wanted; not to be changed. Read them at once: more come with each message. */
  routes(from: number, to: number, isWanted?: (row: At<RouteRow>) => boolean): At<RouteRow>[] {
    return this.#rows(from, to, (bucket) => bucket.routes, isWanted)
  }
  edges(from: number, to: number, isWanted?: (row: At<EdgeRow>) => boolean): At<EdgeRow>[] {
    return this.#rows(from, to, (bucket) => bucket.edges, isWanted)
  }
  rules(from: number, to: number, isWanted?: (row: At<RuleRow>) => boolean): At<RuleRow>[] {
    return this.#rows(from, to, (bucket) => bucket.rules, isWanted)
  }

  #rows<Row>(
    from: number,
    to: number,
    pick: (bucket: Bucket) => Map<string, At<Row>>,
    isWanted: (row: At<Row>) => boolean = () => true,
  ): At<Row>[] {
    const rows: At<Row>[] = []
    for (const { buckets } of this.#controls.values())
      for (const [at, bucket] of buckets)
        if (at >= from && at < to) for (const row of pick(bucket).values()) if (isWanted(row)) rows.push(row)
    return rows
  }
}

const addHits = (a: At<RuleRow>, b: RuleRow): At<RuleRow> => ({ ...a, hits: a.hits + b.hits })

function floorToBucket(ms: number): number {
  return Math.floor(ms / BUCKET_MS) * BUCKET_MS
}

function put<Row>(rows: Map<string, Row>, key: string, row: Row, add: (a: Row, b: Row) => Row): void {
  const known = rows.get(key)
  rows.set(key, known === undefined ? row : add(known, row))
}

// Outcomes of made calls while they are being added up, and their lines for COPY. Pure.
import { bucketOf, HISTOGRAM_SIZE } from '@heddle/shared/histogram'

/** What a call that ran into its route's timeout took. */
const TIMEOUT_BUCKET = bucketOf(2_000)
/** The server sees less of a call than its caller: one bucket, 4 %. */
const SERVER_SIDE_SHIFT = 1

export class Sum {
  requests = 0
  ok = 0
  clientError = 0
  serverError = 0
  /** The caller's proxy gave up; the server saw the caller go. */
  timeouts = 0
  denied = 0
  cancelled = 0
  recovered = 0
  retriesMade = 0
  bytesIn = 0
  bytesOut = 0
  /** Latencies of all but the timeouts and the cancelled, by bucket of the histogram. */
  readonly latencies = new Float64Array(HISTOGRAM_SIZE)
  /** Only buckets from `low` to `high` can hold something: most are empty. */
  #low = HISTOGRAM_SIZE
  #high = -1

  record(bucket: number, count: number): void {
    this.latencies[bucket] = (this.latencies[bucket] ?? 0) + count
    if (bucket < this.#low) this.#low = bucket
    if (bucket > this.#high) this.#high = bucket
  }

  add(other: Sum): void {
    this.requests += other.requests
    this.ok += other.ok
    this.clientError += other.clientError
    this.serverError += other.serverError
    this.timeouts += other.timeouts
    this.denied += other.denied
    this.cancelled += other.cancelled
    this.recovered += other.recovered
    this.retriesMade += other.retriesMade
    this.bytesIn += other.bytesIn
    this.bytesOut += other.bytesOut
    for (let i = other.#low; i <= other.#high; i++)
      this.latencies[i] = (this.latencies[i] ?? 0) + (other.latencies[i] ?? 0)
    this.#low = Math.min(this.#low, other.#low)
    this.#high = Math.max(this.#high, other.#high)
  }

  reset(): void {
    this.requests = this.ok = this.clientError = this.serverError = this.timeouts = this.denied = 0
    this.cancelled = this.recovered = this.retriesMade = this.bytesIn = this.bytesOut = 0
    for (let i = this.#low; i <= this.#high; i++) this.latencies[i] = 0
    this.#low = HISTOGRAM_SIZE
    this.#high = -1
  }

  /** The columns after the labels, in the tables' order, as the calls' callers or their server saw them. */
  columns(side: 'outbound' | 'inbound'): string {
    const isServer = side === 'inbound'
    const index: number[] = []
    const count: number[] = []
    const timedOut = !isServer && this.timeouts > 0
    const last = timedOut ? Math.max(this.#high, TIMEOUT_BUCKET) : this.#high
    for (let i = timedOut ? Math.min(this.#low, TIMEOUT_BUCKET) : this.#low; i <= last; i++) {
      const n = (this.latencies[i] ?? 0) + (timedOut && i === TIMEOUT_BUCKET ? this.timeouts : 0)
      if (n === 0) continue
      const shown = isServer ? Math.max(0, i - SERVER_SIDE_SHIFT) : i
      if (index.at(-1) === shown) count[count.length - 1] = (count.at(-1) ?? 0) + n
      else {
        index.push(shown)
        count.push(n)
      }
    }
    const timeouts = isServer ? 0 : this.timeouts
    return [
      this.requests,
      this.ok,
      this.clientError,
      this.serverError,
      timeouts === 0 ? '{}' : `{"timeout": ${timeouts}}`,
      this.denied,
      0,
      this.cancelled + (isServer ? this.timeouts : 0),
      isServer ? 0 : this.recovered,
      isServer ? 0 : this.retriesMade,
      '{}',
      this.bytesIn,
      this.bytesOut,
      `{${index.join(',')}}`,
      `{${count.join(',')}}`,
    ].join('\t')
  }
}

/** Sums by a series' number, made at its first use and kept: only those touched since `clear` count. */
export class Sums {
  readonly #sums: (Sum | undefined)[] = []
  #touched: number[] = []

  of(series: number): Sum {
    let sum = this.#sums[series]
    if (sum === undefined) {
      sum = new Sum()
      this.#sums[series] = sum
    }
    if (sum.requests === 0) this.#touched.push(series)
    return sum
  }

  /** Each with something in it. */
  *entries(): Iterable<readonly [number, Sum]> {
    for (const series of this.#touched) {
      const sum = this.#sums[series]
      if (sum !== undefined) yield [series, sum]
    }
  }

  addTo(others: Sums): void {
    for (const [series, sum] of this.entries()) others.of(series).add(sum)
  }

  clear(): void {
    for (const [, sum] of this.entries()) sum.reset()
    this.#touched = []
  }
}

// Latency histogram with base-2 exponential buckets at scale 4 (as OpenTelemetry's and Prometheus' native ones):
// bucket i holds (2^(i/16), 2^((i+1)/16)] microseconds, so a quantile is off by at most 2.2 %.
// Merging is adding, over proxies, versions, minutes and hours; percentiles are computed last and never stored.

/** 2^SCALE buckets per doubling. */
export const HISTOGRAM_SCALE = 4
const BUCKETS_PER_DOUBLING = 2 ** HISTOGRAM_SCALE
/** 0.1 ms: everything faster counts in the first bucket. */
const LOWEST_US = 100
/** 60 s: everything slower counts in the last bucket. */
const HIGHEST_US = 60_000_000

const indexOf = (us: number): number => Math.ceil(Math.log2(us) * BUCKETS_PER_DOUBLING) - 1

export const HISTOGRAM_INDEX_MIN = indexOf(LOWEST_US)
export const HISTOGRAM_INDEX_MAX = indexOf(HIGHEST_US)
/** Number of buckets between 0.1 ms and 60 s. */
export const HISTOGRAM_SIZE = HISTOGRAM_INDEX_MAX - HISTOGRAM_INDEX_MIN + 1

/** Bucket of a latency in milliseconds, as an index from 0; what lies outside 0.1 ms – 60 s goes to the ends. */
export function bucketOf(latencyMs: number): number {
  const us = latencyMs * 1_000
  if (!(us > LOWEST_US)) return 0
  if (us >= HIGHEST_US) return HISTOGRAM_SIZE - 1
  return indexOf(us) - HISTOGRAM_INDEX_MIN
}

/** Upper bound of a bucket in milliseconds. */
export function upperBoundMs(bucket: number): number {
  return 2 ** ((bucket + HISTOGRAM_INDEX_MIN + 1) / BUCKETS_PER_DOUBLING) / 1_000
}

/** Sparse form for the wire and the database: `index` ascending, `count` beside it, counts above zero. */
export interface SparseHistogram {
  index: number[]
  count: number[]
}

/** The growing form. One per series; `record` allocates nothing. */
export class Histogram {
  readonly #counts = new Float64Array(HISTOGRAM_SIZE)
  #total = 0

  get total(): number {
    return this.#total
  }

  record(latencyMs: number): void {
    const bucket = bucketOf(latencyMs)
    this.#counts[bucket] = (this.#counts[bucket] ?? 0) + 1
    this.#total++
  }

  add(sparse: SparseHistogram): this {
    for (let i = 0; i < sparse.index.length; i++) {
      const bucket = sparse.index[i] ?? 0
      const count = sparse.count[i] ?? 0
      this.#counts[bucket] = (this.#counts[bucket] ?? 0) + count
      this.#total += count
    }
    return this
  }

  toSparse(): SparseHistogram {
    const index: number[] = []
    const count: number[] = []
    if (this.#total === 0) return { index, count }
    for (let i = 0; i < HISTOGRAM_SIZE; i++) {
      const n = this.#counts[i] ?? 0
      if (n > 0) {
        index.push(i)
        count.push(n)
      }
    }
    return { index, count }
  }

  reset(): void {
    if (this.#total === 0) return
    this.#counts.fill(0)
    this.#total = 0
  }

  /** Latency in milliseconds below which the share `q` (0–1) lies; null where nothing was recorded. */
  quantile(q: number): number | null {
    if (this.#total === 0) return null
    const rank = Math.max(1, Math.ceil(q * this.#total))
    let seen = 0
    for (let i = 0; i < HISTOGRAM_SIZE; i++) {
      seen += this.#counts[i] ?? 0
      // The harmonic middle of the bucket keeps the relative error equal on both sides: (g-1)/(g+1).
      if (seen >= rank) return (2 * upperBoundMs(i)) / (1 + 2 ** (1 / BUCKETS_PER_DOUBLING))
    }
    return upperBoundMs(HISTOGRAM_SIZE - 1)
  }
}

export function mergeHistograms(parts: Iterable<SparseHistogram>): Histogram {
  const merged = new Histogram()
  for (const part of parts) merged.add(part)
  return merged
}

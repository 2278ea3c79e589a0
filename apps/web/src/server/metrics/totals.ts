// Adding outcomes up, and reading golden numbers off the sum. Pure. Percentiles are read last, from merged histograms.
import { MESH_ERRORS, type MeshErrorCode } from '@heddle/shared/errors'
import { Histogram, type SparseHistogram } from '@heddle/shared/histogram'
import type { Outcomes, RetrySkipped } from '@heddle/shared/wire/metrics'
import type { BytesPerSecond, Golden } from '../schemas/numbers.ts'

/** Whether a code of the mesh's own errors is a failure: a status of 500 and more. A code not known here is one. */
export function isFailure(code: string): boolean {
  return !isMeshErrorCode(code) || MESH_ERRORS[code].status >= 500
}

function isMeshErrorCode(code: string): code is MeshErrorCode {
  return Object.hasOwn(MESH_ERRORS, code)
}

/** Requests of these outcomes that did not succeed: 5xx of the app, and the mesh's own answers of 500 and more. */
export function failuresOf(outcomes: Pick<Outcomes, 'serverError' | 'meshErrors'>): number {
  let failures = outcomes.serverError
  for (const code of Object.keys(outcomes.meshErrors)) if (isFailure(code)) failures += outcomes.meshErrors[code] ?? 0
  return failures
}

/** Percentiles are read one sum at a time: one growing histogram serves all of them, a thousand would be megabytes. */
const scratch = new Histogram()

/** A growing sum of outcomes. */
export class Totals {
  requests = 0
  ok = 0
  clientError = 0
  serverError = 0
  /** All of the mesh's own answers but denied and limited, failures or not. */
  meshError = 0
  denied = 0
  limited = 0
  cancelled = 0
  recovered = 0
  retriesMade = 0
  failures = 0
  bytesIn = 0
  bytesOut = 0
  readonly meshErrors = new Map<string, number>()
  readonly retriesSkipped = new Map<RetrySkipped, number>()
  readonly #latencies: SparseHistogram[] = []

  add(outcomes: Outcomes): this {
    this.requests += outcomes.requests
    this.ok += outcomes.ok
    this.clientError += outcomes.clientError
    this.serverError += outcomes.serverError
    this.denied += outcomes.denied
    this.limited += outcomes.limited
    this.cancelled += outcomes.cancelled
    this.recovered += outcomes.recovered
    this.retriesMade += outcomes.retriesMade
    this.failures += failuresOf(outcomes)
    this.bytesIn += outcomes.bytesIn
    this.bytesOut += outcomes.bytesOut
    for (const [code, count] of Object.entries(outcomes.meshErrors)) {
      this.meshError += count
      this.meshErrors.set(code, (this.meshErrors.get(code) ?? 0) + count)
    }
    for (const [reason, count] of Object.entries(outcomes.retriesSkipped) as [RetrySkipped, number][])
      this.retriesSkipped.set(reason, (this.retriesSkipped.get(reason) ?? 0) + count)
    if (outcomes.latency.index.length > 0) this.#latencies.push(outcomes.latency)
    return this
  }

  /** Milliseconds below which the share `q` (0–1) of latencies lies; null without any. */
  latencyMs(q: number): number | null {
    return this.#merged().quantile(q)
  }

  /** All latencies, merged. */
  latencies(): SparseHistogram {
    return this.#merged().toSparse()
  }

  /** Percent; null where nothing finished: cancelled requests are neither success nor failure. */
  get successRate(): number | null {
    return successRate(this.requests, this.cancelled, this.failures)
  }

  /** `spanMs`: the time that these outcomes cover. */
  golden(spanMs: number): Golden {
    const latency = this.#merged()
    return {
      requests: this.requests,
      failures: this.failures,
      requestsPerSecond: this.requestsPerSecond(spanMs),
      successRate: this.successRate,
      latencyMs: { p50: latency.quantile(0.5), p95: latency.quantile(0.95), p99: latency.quantile(0.99) },
    }
  }

  /** `spanMs` as in `golden`. */
  requestsPerSecond(spanMs: number): number {
    return spanMs > 0 ? this.requests / (spanMs / 1_000) : 0
  }

  /** Towards the service and from it. `spanMs` as in `golden`. */
  bytesPerSecond(spanMs: number): BytesPerSecond {
    const perSecond = (bytes: number) => (spanMs > 0 ? bytes / (spanMs / 1_000) : 0)
    return { to: perSecond(this.bytesIn), from: perSecond(this.bytesOut) }
  }

  /** Good until the next one asks. */
  #merged(): Histogram {
    scratch.reset()
    for (const part of this.#latencies) scratch.add(part)
    return scratch
  }
}

export function successRate(requests: number, cancelled: number, failures: number): number | null {
  const finished = requests - cancelled
  return finished > 0 ? ((finished - failures) / finished) * 100 : null
}

export function sumOf(rows: Iterable<Outcomes>): Totals {
  const totals = new Totals()
  for (const row of rows) totals.add(row)
  return totals
}

/** Rows by the text that `keyOf` gives, each group summed, in order of first appearance. */
export function sumBy<Row extends Outcomes>(rows: Iterable<Row>, keyOf: (row: Row) => string): Map<string, Totals> {
  const groups = new Map<string, Totals>()
  for (const row of rows) {
    const key = keyOf(row)
    let totals = groups.get(key)
    if (totals === undefined) {
      totals = new Totals()
      groups.set(key, totals)
    }
    totals.add(row)
  }
  return groups
}

// Metrics of prom-client whose values are read when somebody scrapes: nothing is counted twice, nothing on the way of
// a request.
import { upperBoundMs } from '@heddle/shared/histogram'
import { Counter, Gauge, Histogram, type Registry } from 'prom-client'
import type { Tally } from './tally.ts'

/** Buckets of the histogram, seconds. The wire's own is finer; this one is for dashboards. */
const BUCKETS_S = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30]

export type Row = [Record<string, string>, number]

/** One counter whose values are read at each scrape. */
export function counter(
  registry: Registry,
  name: string,
  help: string,
  labelNames: string[],
  rows: () => Iterable<Row>,
): void {
  new Counter({
    name,
    help,
    labelNames,
    registers: [registry],
    collect() {
      this.reset()
      for (const [labels, value] of rows()) this.inc(labels, value)
    },
  })
}

export function gauge(
  registry: Registry,
  name: string,
  help: string,
  labelNames: string[],
  rows: () => Iterable<Row>,
): void {
  new Gauge({
    name,
    help,
    labelNames,
    registers: [registry],
    collect() {
      this.reset()
      for (const [labels, value] of rows()) this.set(labels, value)
    },
  })
}

export type Grouped = { labels: Record<string, string>; tally: Tally }

/** prom-client's histogram only takes observations; this one shows buckets that were counted elsewhere. */
export class CountedHistogram extends Histogram<string> {
  readonly #read: () => Iterable<Grouped>
  readonly #name: string
  readonly #help: string

  constructor(registry: Registry, name: string, help: string, labelNames: string[], read: () => Iterable<Grouped>) {
    super({ name, help, labelNames, buckets: BUCKETS_S, registers: [] })
    this.#read = read
    this.#name = name
    this.#help = help
    registry.registerMetric(this)
  }

  /** What prom-client makes the text form from; its type declarations do not show it. */
  getForPromString() {
    const values: { metricName: string; labels: Record<string, string | number>; value: number }[] = []
    for (const { labels, tally } of this.#read()) {
      const { index, count } = tally.latency()
      let total = 0
      let at = 0
      for (const le of BUCKETS_S) {
        // A fine bucket counts where its upper bound lies: never in a bucket that it may exceed.
        while (at < index.length && upperBoundMs(index[at] ?? 0) <= le * 1_000) total += count[at++] ?? 0
        values.push({ metricName: `${this.#name}_bucket`, labels: { ...labels, le }, value: total })
      }
      while (at < index.length) total += count[at++] ?? 0
      values.push({ metricName: `${this.#name}_bucket`, labels: { ...labels, le: '+Inf' }, value: total })
      values.push({ metricName: `${this.#name}_sum`, labels, value: tally.latencySumMs / 1_000 })
      values.push({ metricName: `${this.#name}_count`, labels, value: total })
    }
    return { name: this.#name, help: this.#help, type: 'histogram', values }
  }
}

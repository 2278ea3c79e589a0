// Latencies as the quantiles that are told. Pure.
import type { Latency } from './generators/generator.ts'
import { quantileOfSorted } from './statistics.ts'

/** `sorted`: in ascending order, in whatever unit. */
export function latencyOf(sorted: ArrayLike<number>): Latency {
  return {
    p50: quantileOfSorted(sorted, 0.5),
    p90: quantileOfSorted(sorted, 0.9),
    p99: quantileOfSorted(sorted, 0.99),
    p999: quantileOfSorted(sorted, 0.999),
  }
}

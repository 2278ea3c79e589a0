// Numbers with as many figures as anybody can see: a list of a thousand services is half as long with them. Pure.
import type { Golden } from '../schemas/numbers.ts'

/** Pages show three figures at most; with five, what they show is not rounded twice. */
const FIGURES = 5

/** To so many significant figures. */
export function roundTo(value: number, figures: number): number {
  return Number.isInteger(value) ? value : Number(value.toPrecision(figures))
}

/** Success never rounds up: 99.999 % is not all. The tolerance keeps what is exact on paper. */
export function floorPercent(percent: number): number {
  return Math.floor(percent * 1e4 + 1e-6) / 1e4
}

export function roundGolden(golden: Golden): Golden {
  const figures = (value: number | null) => (value === null ? null : roundTo(value, FIGURES))
  const { p50, p95, p99 } = golden.latencyMs
  return {
    requests: golden.requests,
    failures: golden.failures,
    requestsPerSecond: roundTo(golden.requestsPerSecond, FIGURES),
    successRate: golden.successRate === null ? null : floorPercent(golden.successRate),
    latencyMs: { p50: figures(p50), p95: figures(p95), p99: figures(p99) },
  }
}

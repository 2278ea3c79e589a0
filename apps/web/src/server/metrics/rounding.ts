// Numbers with as many figures as anybody can see: a list of a thousand services is half as long with them. Pure.
import type { Golden } from '../schemas/numbers.ts'

/** Pages show three figures at most; with five, what they show is not rounded twice. */
const FIGURES = 5

/** To so many significant figures; null stays null. */
export function roundTo(value: number, figures: number): number
export function roundTo(value: number | null, figures: number): number | null
export function roundTo(value: number | null, figures: number): number | null {
  return value === null || Number.isInteger(value) ? value : Number(value.toPrecision(figures))
}

/** Success never rounds up: 99.999 % is not all. The tolerance keeps what is exact on paper. */
export function floorPercent(percent: number): number
export function floorPercent(percent: number | null): number | null
export function floorPercent(percent: number | null): number | null {
  return percent === null ? null : Math.floor(percent * 1e4 + 1e-6) / 1e4
}

export function roundGolden({ requests, failures, requestsPerSecond, successRate, latencyMs }: Golden): Golden {
  return {
    requests,
    failures,
    requestsPerSecond: roundTo(requestsPerSecond, FIGURES),
    successRate: floorPercent(successRate),
    latencyMs: {
      p50: roundTo(latencyMs.p50, FIGURES),
      p95: roundTo(latencyMs.p95, FIGURES),
      p99: roundTo(latencyMs.p99, FIGURES),
    },
  }
}

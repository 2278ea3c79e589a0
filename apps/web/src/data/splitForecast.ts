// What a proposed split would mean if every backend keeps its rates, and what speaks against it. Pure.
// Warnings inform and never block.
import type { TrafficBackend } from '../server/schemas/traffic.ts'
import { formatCount, formatSuccess, NBSP } from './numbers.ts'
import { moveShare } from './shares.ts'

export interface Forecast {
  /** Percent; null where a backend that would get requests has no measured rate. */
  success: { now: number | null; next: number | null }
  failedPerMinute: { now: number | null; next: number | null }
  /** Requests per second that each backend would get. */
  volume: number[]
}

type Measured = Pick<TrafficBackend, 'name' | 'golden' | 'instances' | 'percent'>

export function forecast(backends: readonly Measured[], proposed: readonly number[]): Forecast {
  const volume = backends.reduce((sum, backend) => sum + backend.golden.requestsPerSecond, 0)
  const now = mixedSuccess(
    backends,
    backends.map((backend) => backend.golden.requestsPerSecond),
  )
  const next = mixedSuccess(backends, proposed)
  const failed = (percent: number | null) => (percent === null ? null : ((100 - percent) / 100) * volume * 60)
  return {
    success: { now, next },
    failedPerMinute: { now: failed(now), next: failed(next) },
    volume: proposed.map((share) => (share / 100) * volume),
  }
}

function mixedSuccess(backends: readonly Measured[], weights: readonly number[]): number | null {
  let weighted = 0
  let total = 0
  for (const [i, { golden }] of backends.entries()) {
    const weight = weights[i] ?? 0
    if (weight === 0) continue
    if (golden.successRate === null) return null
    weighted += weight * golden.successRate
    total += weight
  }
  return total === 0 ? null : weighted / total
}

export interface Warning {
  /** The part that matters most. */
  strong: string
  rest: string
}

/** A rise by more than this many points at once is worth a second look. */
const JUMP_POINTS = 10
/** Fewer calls than this on either side prove nothing. */
const LEAST_CALLS = 100
/** Two-sided 99 %: one false alarm in a hundred looks. */
const Z_LIMIT = 2.58

export function warningsOf(
  backends: readonly Measured[],
  proposed: readonly number[],
  objective: number,
  windowText: string,
): Warning[] {
  const warnings: Warning[] = []
  const most = Math.max(...backends.map((backend) => backend.percent))
  const { success } = forecast(backends, proposed)
  for (const [i, backend] of backends.entries()) {
    const share = proposed[i] ?? 0
    if (share > 0 && backend.instances.ready === 0)
      warnings.push({
        strong: `${backend.name} has no ready instance.`,
        rest: `Its ${share}${NBSP}% of requests would fail until one is ready.`,
      })
    const worse = share > 0 ? measurablyWorse(backend, backends) : null
    if (worse !== null) {
      const points = (worse.golden.successRate ?? 0) - (backend.golden.successRate ?? 0)
      const falls =
        success.next !== null && success.next < objective
          ? ` At ${share}${NBSP}% the route would be at ${formatSuccess(success.next)}${NBSP}%, below its objective of ${objective}${NBSP}%.`
          : ''
      warnings.push({
        strong: `${backend.name}: success ${formatSuccess(backend.golden.successRate)}${NBSP}% is below ${worse.name} by ${points.toFixed(2)} points`,
        rest: `over the last ${windowText} (n = ${formatCount(backend.golden.requests)}).${falls}`,
      })
    }
    if (share - backend.percent > JUMP_POINTS && backend.percent < most)
      warnings.push({
        strong: `${backend.name} goes from ${backend.percent} to ${share}${NBSP}% at once.`,
        rest: `Steps of ${JUMP_POINTS} points or less show trouble earlier.`,
      })
  }
  return warnings
}

/** The best sibling that this backend falls short of by more than chance, or null. */
function measurablyWorse(backend: Measured, backends: readonly Measured[]): Measured | null {
  const best = backends
    .filter((other) => other !== backend && other.golden.requests >= LEAST_CALLS && other.golden.successRate !== null)
    .sort((a, b) => (b.golden.successRate ?? 0) - (a.golden.successRate ?? 0))[0]
  if (best === undefined || backend.golden.requests < LEAST_CALLS || backend.golden.successRate === null) return null
  const [n1, n2] = [backend.golden.requests, best.golden.requests]
  const [f1, f2] = [backend.golden.failures, best.golden.failures]
  const pooled = (f1 + f2) / (n1 + n2)
  const deviation = Math.sqrt(pooled * (1 - pooled) * (1 / n1 + 1 / n2))
  return deviation > 0 && (f1 / n1 - f2 / n2) / deviation > Z_LIMIT ? best : null
}

/** The backend that a roll-back takes to nothing: the last in the list that gets requests. */
export function canaryOf(shares: readonly number[]): number {
  const last = shares.findLastIndex((share) => share > 0)
  return last > 0 ? last : shares.length - 1
}

/** Everything away from one backend, in proportion to what the others had; to the first where they had nothing. */
export function rolledBack(shares: readonly number[], canary: number): number[] {
  const rest = shares.reduce((sum, share, i) => (i === canary ? sum : sum + share), 0)
  if (rest > 0) return withoutShare(shares, canary)
  const first = canary === 0 ? 1 : 0
  return shares.map((_, i) => (i === first ? 100 : 0))
}

function withoutShare(shares: readonly number[], canary: number): number[] {
  return moveShare({ from: shares, locked: shares.map(() => false), index: canary, to: 0 })
}

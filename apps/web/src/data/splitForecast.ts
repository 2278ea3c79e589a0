// What a proposed split would mean if every backend keeps its rates, and what speaks against it. Pure.
// Warnings inform and never block.
import type { Golden } from '../server/schemas/numbers.ts'
import type { TrafficBackend } from '../server/schemas/traffic.ts'
import { formatCount, formatSuccess, NBSP } from './numbers.ts'
import { sharesOf } from './shares.ts'
import { chanceOfWorse } from './twoProportions.ts'

export interface Forecast {
  /** Percent; null where a backend that would get requests has no measured rate. */
  success: { now: number | null; next: number | null }
  failedPerMinute: { now: number | null; next: number | null }
  /** Requests per second that each backend would get. */
  volume: number[]
}

type Measured = Pick<TrafficBackend, 'name' | 'golden' | 'instances' | 'percent' | 'weight' | 'isDistinct'>
/** Of the rule as a whole: what cannot be told apart by backend is in here too. */
type Whole = Pick<Golden, 'requestsPerSecond' | 'successRate'>

export function forecast(backends: readonly Measured[], whole: Whole, proposed: readonly number[]): Forecast {
  const volume = whole.requestsPerSecond
  const now = whole.successRate
  const next = mixedSuccess(backends, proposed)
  const failed = (percent: number | null) => (percent === null ? null : ((100 - percent) / 100) * volume * 60)
  return {
    success: { now, next },
    failedPerMinute: { now: failed(now), next: failed(next) },
    volume: proposed.map((share) => (share / 100) * volume),
  }
}

/**
 * Between which p99 that of the proposed split lies, with the backends that have them: how many calls of each are slow is
 * not known, but a mixture is never better than its best part or worse than its worst. null: a part is not known, or alone.
 */
export function p99Between(
  backends: readonly Measured[],
  proposed: readonly number[],
): { least: Measured; most: Measured } | null {
  const sent = backends.filter((_, i) => (proposed[i] ?? 0) > 0)
  const known = sent.filter(({ golden, isDistinct }) => isDistinct && golden.latencyMs.p99 !== null)
  if (known.length < 2 || known.length < sent.length) return null
  const [least, ...others] = known.toSorted((a, b) => (a.golden.latencyMs.p99 ?? 0) - (b.golden.latencyMs.p99 ?? 0))
  const most = others.at(-1)
  return least === undefined || most === undefined ? null : { least, most }
}

function mixedSuccess(backends: readonly Measured[], weights: readonly number[]): number | null {
  let weighted = 0
  let total = 0
  for (const [i, { golden, isDistinct }] of backends.entries()) {
    const weight = weights[i] ?? 0
    if (weight === 0) continue
    if (golden.successRate === null || !isDistinct) return null
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
/** One false alarm in two hundred looks, shared among the siblings that one is compared with. */
const CHANCE_LIMIT = 0.005

export function warningsOf(
  backends: readonly Measured[],
  whole: Whole,
  proposed: readonly number[],
  objective: number,
  windowText: string,
): Warning[] {
  const warnings: Warning[] = []
  const most = Math.max(...backends.map((backend) => backend.percent))
  const { success } = forecast(backends, whole, proposed)
  for (const [i, backend] of backends.entries()) {
    const share = proposed[i] ?? 0
    if (share > 0 && backend.instances.ready === 0)
      warnings.push({
        strong: `${backend.name} has no ready instance.`,
        rest: `Its ${share}${NBSP}% of requests would fail until one is ready.`,
      })
    // With two backends this is what one asked for; with more it may be the rounding's doing.
    if (share === 0 && backend.percent === 0 && backend.weight > 0 && backends.length > 2)
      warnings.push({
        strong: `${backend.name} would get no requests any more.`,
        rest: `It gets less than 1${NBSP}% now, and a proposed split has whole percents.`,
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
    .filter(
      (other) =>
        other !== backend &&
        other.isDistinct &&
        other.golden.requests >= LEAST_CALLS &&
        other.golden.successRate !== null,
    )
    .sort((a, b) => (b.golden.successRate ?? 0) - (a.golden.successRate ?? 0))[0]
  if (
    best === undefined ||
    !backend.isDistinct ||
    backend.golden.requests < LEAST_CALLS ||
    backend.golden.successRate === null
  )
    return null
  return chanceOfWorse(backend.golden, best.golden) < CHANCE_LIMIT / Math.max(1, backends.length - 1) ? best : null
}

/** Where a backend gets requests, but too few to say how it does beside its siblings: how many; null: there are enough. */
export function tooFewOf(backend: Measured): number | null {
  const { requests } = backend.golden
  return backend.isDistinct && backend.weight > 0 && requests < LEAST_CALLS ? requests : null
}

type Weighed = Pick<TrafficBackend, 'name' | 'version' | 'weight'>

/** A later version comes after an earlier one: v10 after v9. */
const byVersion = (a: Weighed, b: Weighed) =>
  (a.version ?? a.name).localeCompare(b.version ?? b.name, 'en', { numeric: true })

/**
 * Place of the backend that a roll-back takes to nothing: of those that get requests the one with the least weight, of
 * equals the later version. Where one gets everything, the latest version. The order of the list means nothing.
 */
export function canaryOf(backends: readonly Weighed[]): number {
  const places = backends.map((backend, i) => ({ backend, i }))
  const sent = places.filter(({ backend }) => backend.weight > 0)
  const [canary] = (sent.length > 1 ? sent : places).sort(
    (a, b) => (sent.length > 1 ? a.backend.weight - b.backend.weight : 0) || byVersion(b.backend, a.backend),
  )
  return canary?.i ?? 0
}

/** Shares with everything away from one backend, in proportion to what the others have; to the version before it where they have nothing. */
export function rolledBack(backends: readonly Weighed[], canary: number): number[] {
  const rest = backends.map(({ weight }, i) => (i === canary ? 0 : weight))
  if (rest.some((weight) => weight > 0)) return sharesOf(rest)
  const own = backends[canary]
  const others = backends.filter((backend) => backend !== own).sort(byVersion)
  const heir = others.findLast((backend) => own !== undefined && byVersion(backend, own) < 0) ?? others[0]
  return backends.map((backend) => (backend === heir ? 100 : 0))
}

/** Names of the backends whose calls cannot be told from this one's, since they have its version's name. */
export function alikeOf(
  backends: readonly Pick<TrafficBackend, 'name' | 'version' | 'isDistinct'>[],
  place: number,
): string[] {
  const own = backends[place]
  if (own === undefined || own.isDistinct) return []
  return backends
    .filter((other, i) => i !== place && !other.isDistinct)
    .filter(({ version }) => version === null || own.version === null || version === own.version)
    .map(({ name }) => name)
}

/** Requests per second that a backend gets now: since the last change of its split where the window saw one. */
export function rateNow({ rateSinceChange, golden }: TrafficBackend): number {
  return rateSinceChange ?? golden.requestsPerSecond
}

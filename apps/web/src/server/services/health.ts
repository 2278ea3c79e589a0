// Whether a service, version, route or edge is well, and why not, in words with both sides of the comparison. Pure.
// It is judged on the last 15 minutes: what an operator can still do something about; and only on evidence: a service in
// its first second, or one that is hardly called, is not in trouble because two of seven calls failed.
import { chanceOfAtLeast } from '../../data/chance.ts'
import { FEW_CALLS, formatCount, formatLatency, formatSuccess, NBSP } from '../../data/numbers.ts'
import type { Totals } from '../metrics/totals.ts'
import type { Health, HealthState, Sparkline } from '../schemas/numbers.ts'

export const HEALTH_WINDOW_MS = 15 * 60_000
/** One failure says nothing yet; under 100 calls, where a status is the exception, it takes more. */
const FEWEST_FAILURES = 2
const FEWEST_FAILURES_OF_FEW = 5
/** Evidence: a service that meets its objective would have so many failures in fewer than one of twenty windows. */
const EVIDENCE = 0.05
/** Failing instead of degraded: more than twice the failures that the objective allows, or twice its latency. */
const FAR = 2

export interface Objective {
  /** Percent. */
  successRate: number
  latencyP99Ms: number | null
}

export interface Reporting {
  ready: number
  all: number
  /** Proxies that are not connected; null: nobody can tell. */
  silent: number | null
  /** Its routes lead to other services: calls to it succeed although it has no instance. */
  leadsElsewhere?: boolean
}

export const HEALTHY: Health = { state: 'healthy', reason: null, cause: null, since: null }
export const IDLE: Health = { state: 'idle', reason: 'no traffic', cause: null, since: null }
/** Nobody is there and nobody calls: a service that has ended, or is yet to start. */
const ABSENT: Health = { ...IDLE, reason: 'no instances' }

/** Numbers against the objective. */
export function judge(totals: Totals | undefined, objective: Objective): Health {
  if (totals === undefined || totals.requests === 0) return IDLE
  const state = successState(totals, objective)
  if (state !== 'healthy')
    return { ...HEALTHY, state, reason: `success ${percent(totals.successRate)} < ${objective.successRate}${NBSP}%` }
  if (objective.latencyP99Ms === null) return HEALTHY
  // Of fewer calls the 99th percentile is the slowest one.
  const p99 = totals.requests < FEW_CALLS ? null : totals.latencyMs(0.99)
  if (p99 !== null && p99 > objective.latencyP99Ms) {
    const state = p99 > FAR * objective.latencyP99Ms ? 'failing' : 'degraded'
    return { ...HEALTHY, state, reason: `p99 ${latency(p99)} > ${latency(objective.latencyP99Ms)}` }
  }
  return HEALTHY
}

/**
 * From 100 calls on, success below the objective is degraded as measured. Under 100, and for `failing`, the failures must
 * be more than chance would give a service that meets its objective.
 */
function successState(totals: Totals, objective: Objective): 'healthy' | 'degraded' | 'failing' {
  const { successRate: rate, failures } = totals
  if (rate === null || rate >= objective.successRate) return 'healthy'
  const finished = totals.requests - totals.cancelled
  const allowed = 100 - objective.successRate
  const isEvident = chanceOfAtLeast({ hits: failures, n: finished }, allowed / 100) < EVIDENCE
  const isFew = finished < FEW_CALLS
  if (failures < (isFew ? FEWEST_FAILURES_OF_FEW : FEWEST_FAILURES) || (isFew && !isEvident)) return 'healthy'
  return isEvident && 100 - rate > FAR * allowed ? 'failing' : 'degraded'
}

/**
 * A service: whether anybody is there, its own numbers, then its versions', then whether its proxies report at all.
 * `instances` null: what it is judged for needs none of its own, or they are another's matter.
 */
export function judgeService(input: {
  totals: Totals | undefined
  objective: Objective
  versions: readonly { version: string; health: Health }[]
  instances: Reporting | null
}): Health {
  const { instances } = input
  if (instances !== null && instances.ready === 0 && instances.silent === 0) {
    if (instances.all > 0) return { ...HEALTHY, state: 'failing', reason: `0 of ${instances.all} instances ready` }
    if ((input.totals?.requests ?? 0) === 0) return ABSENT
    if (instances.leadsElsewhere !== true) return { ...HEALTHY, state: 'failing', reason: 'no instance is left' }
  }
  const own = judge(input.totals, input.objective)
  if (own.state === 'failing' || own.state === 'degraded') return own
  const worst = worstOf(input.versions)
  if (worst !== undefined)
    return { ...worst.health, state: 'degraded', reason: `${worst.version} ${worst.health.reason ?? ''}` }
  if (instances !== null && instances.silent !== null && instances.silent > 0) {
    const reason = `${instances.silent} of ${instances.all} ${instances.all === 1 ? 'proxy does' : 'proxies do'} not report`
    return { ...HEALTHY, state: 'unknown', reason }
  }
  return own
}

function worstOf<Named extends { health: Health }>(items: readonly Named[]): Named | undefined {
  return items
    .filter(({ health }) => health.state === 'failing' || health.state === 'degraded')
    .toSorted((a, b) => severity(b.health.state) - severity(a.health.state))[0]
}

/** For sorting, worst highest. */
export function severity(state: HealthState): number {
  return { failing: 4, degraded: 3, unknown: 2, healthy: 1, idle: 0 }[state]
}

/** Start of the unbroken run of steps below the objective that lasts until now; null where the newest step is well. */
export function troubleSince(spark: Sparkline, objective: Objective): number | null {
  let since: number | null = null
  for (let step = spark.successRate.length - 1; step >= 0; step--) {
    const rate = spark.successRate[step]
    if (rate === null || rate === undefined) continue
    if (rate >= objective.successRate) break
    since = spark.from + step * spark.stepMs
  }
  return since
}

export interface RouteTotals {
  /** null: connections, which take no route. */
  route: string | null
  totals: Totals
}

/** What makes up most of the failures: "190 of 14,544 failed; 171 are timeout on products/charge". */
export function causeOf(routes: readonly RouteTotals[]): string | null {
  let requests = 0
  let failures = 0
  let top = { count: 0, text: '' }
  for (const { route, totals } of routes) {
    requests += totals.requests
    failures += totals.failures
    const kinds: [string, number][] = [['5xx from the app', totals.serverError], ...totals.meshErrors]
    for (const [kind, count] of kinds)
      if (count > top.count)
        top = { count, text: `${kind.replaceAll('_', ' ')}${route === null ? '' : ` on ${route}`}` }
  }
  if (failures === 0) return null
  const failed = `${formatCount(failures)} of ${formatCount(requests)} failed`
  if (top.count === failures) return failures === 1 ? `${failed}: ${top.text}` : `${failed}, all of them ${top.text}`
  return top.count > failures / 2 ? `${failed}; ${formatCount(top.count)} are ${top.text}` : failed
}

/** The sentence in a service's header. `noun`: what comes to it. */
export function sentenceOf(
  health: Health,
  totals: Totals | undefined,
  now: number,
  noun: 'calls' | 'connections' = 'calls',
): string {
  const lasting =
    health.since === null ? '' : ` for ${Math.max(1, Math.round((now - health.since) / 60_000))}${NBSP}min`
  const cause = health.cause === null ? '' : ` ${capital(health.cause)} in the last 15${NBSP}min.`
  switch (health.state) {
    case 'failing':
    case 'degraded':
      return `${capital(health.state)}${lasting}: ${health.reason ?? ''}.${cause}`
    case 'unknown':
      return `Not reporting: ${health.reason ?? ''}.`
    case 'idle':
      return health.reason === ABSENT.reason
        ? `No instances, and no traffic in the last 15${NBSP}min.`
        : `No traffic in the last 15${NBSP}min.`
    case 'healthy':
      if (totals !== undefined && totals.failures > 0 && totals.requests < FEW_CALLS)
        return `Too few ${noun} to judge: ${formatCount(totals.failures)} of ${formatCount(totals.requests)} failed in the last 15${NBSP}min.`
      return `Healthy: ${percent(totals?.successRate ?? null)} of ${formatCount(totals?.requests ?? 0)} ${noun} in the last 15${NBSP}min succeeded.`
  }
}

const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1)
const percent = (rate: number | null): string => `${formatSuccess(rate)}${NBSP}%`
function latency(ms: number): string {
  const { text, unit } = formatLatency(ms)
  return `${text}${NBSP}${unit}`
}

// route.get: the page of one route in one answer, in a fixed number of reads.
import type { Instance } from '@heddle/db'
import { DEFAULT_ROUTE_LABEL } from '@heddle/shared/names'
import { serviceSettings } from '@heddle/shared/resources/service'
import type { RouteRow } from '@heddle/shared/wire/metrics'
import type { z } from 'zod'
import { durationText } from '../../data/numbers.ts'
import { marksBetween } from '../changes/marks.ts'
import { withVersion } from '../config/stored.ts'
import type { Console } from '../console.ts'
import { heddleError } from '../errors.ts'
import { heatmapOf } from '../metrics/heatmap.ts'
import { joinedWithin, laterOf, saidToJoin } from '../metrics/joined.ts'
import type { At } from '../metrics/liveWindow.ts'
import { mergeStates, readShownRoutes } from '../metrics/queries.ts'
import { type ReadRange, resolveRange, spanOf } from '../metrics/range.ts'
import { roundGolden } from '../metrics/rounding.ts'
import { goldenSeries, sparkline } from '../metrics/series.ts'
import { sumBy, sumOf, type Totals } from '../metrics/totals.ts'
import type { Health } from '../schemas/numbers.ts'
import type { RouteGetOutput, RouteVersion, routeGetInputSchema } from '../schemas/route.ts'
import { linksOf, objectiveOf } from '../services/facts.ts'
import { findService } from '../services/get.ts'
import { HEALTH_WINDOW_MS, judge, judgeService, type Objective, troubleSince } from '../services/health.ts'
import { NO_VERSION } from '../services/versions.ts'
import { type RankedMatch, winningOrder } from '../traffic/winningOrder.ts'
import { matchInWords, retryInWords } from '../traffic/words.ts'
import { appliedRules } from './access.ts'
import { compareVersions } from './compareVersions.ts'
import { fatesOf } from './fates.ts'
import { routeSentence } from './sentence.ts'

const DAY_MS = 24 * 3_600_000
/** How far back "degraded for 27 min" looks, and in which steps. */
const TROUBLE_MS = 30 * 60_000
const TROUBLE_STEP_MS = 60_000
const SPARK_STEP_MS = 10_000

/** @throws `not_found` where the service is unknown, or the route neither configured nor called in what is read. */
export async function getRoute(
  console: Console,
  { service: name, route, range: wanted }: z.infer<typeof routeGetInputSchema>,
): Promise<RouteGetOutput> {
  const { metrics, control } = console
  const mesh = await console.mesh.current()
  const { resource: service } = findService(mesh, name)
  const matches = winningOrder(mesh, name).filter(({ wire }) => wire.label === route)
  const now = control.now()
  const range = resolveRange(wanted, now)
  const recentRange = resolveRange({ from: range.to - HEALTH_WINDOW_MS, to: range.to }, now, SPARK_STEP_MS)
  const troubleRange = resolveRange({ from: range.to - TROUBLE_MS, to: range.to }, now, TROUBLE_STEP_MS)
  const dayRange = resolveRange({ from: range.to - DAY_MS, to: range.to }, now)
  const filter = { destinations: [name], routes: [route] }
  const rules = [...mesh.rules.values()]
    .map((stored) => stored.resource)
    .filter(({ spec }) => spec.target.service === name)
  const ruleNames = rules.map(({ metadata }) => metadata.name)
  const [calls, recent, trouble, hits, since, marks] = await Promise.all([
    readShownRoutes(metrics, range, filter),
    readShownRoutes(metrics, recentRange, filter),
    readShownRoutes(metrics, troubleRange, filter),
    ruleNames.length === 0 ? { rows: [] } : metrics.rules(dayRange, { rules: ruleNames }, { total: true }),
    metrics.since(),
    console.pulse.readOr(() => marksBetween(console.db, { service: name, from: range.from, to: now }), []),
  ])
  const [first] = matches
  const isKnown = first !== undefined || route === DEFAULT_ROUTE_LABEL || calls.rows.length + recent.rows.length > 0
  if (!isKnown)
    throw heddleError(
      'not_found',
      `${name} has no route ${route}, and no call in this range was counted under that name. "heddle stat routes ${name}" lists those that were.`,
    )
  const objective = objectiveOf(service, mesh.policy)
  const totals = sumOf(calls.rows)
  const recentTotals = sumOf(recent.rows)
  const remembered = mesh.instances.filter((instance) => instance.service === name)
  const joinedAt = joinedWithin(range, remembered, [{ rows: calls.rows, lengthMs: range.stepMs }])
  const versions = versionsOf(recent, recentRange, { objective, since, remembered })
  const health = healthOf(recentTotals, objective, versions, () => sparkline(trouble.rows, troubleRange))
  const newest = calls.rows.reduce((last, { at, requests }) => (requests > 0 ? Math.max(last, at) : last), 0)
  const settings = serviceSettings(service)
  return {
    service: name,
    route,
    matches: [...new Set(matches.map(({ candidate }) => matchInWords(candidate.match)))],
    facts: first === undefined ? [] : factsOf(first),
    objective,
    links: linksOf(service, route),
    range,
    data: mergeStates([calls.data, recent.data]),
    side: calls.onServer.has(name) ? 'server' : 'callers',
    golden: roundGolden(totals.golden(spanOf(range, laterOf(since, joinedAt)))),
    health,
    sentence: routeSentence({ health, totals: recentTotals, versions, objective, route, now }),
    series: goldenSeries(calls.rows, range, calls.knownFrom),
    heatmap: heatmapOf(calls.rows, range),
    marks,
    versions,
    comparisons: compareVersions(
      [...sumBy(recent.rows.filter(isOfVersion), ({ version }) => version)].map(([version, sum]) => ({
        version,
        totals: sum,
      })),
    ),
    fates: fatesOf(totals, first?.wire ?? null, settings.retryBudget),
    access: appliedRules(rules, { service: name, route }, hits.rows, mesh.policy.defaultAccess),
    resource: first === undefined ? null : withVersion(first.stored),
    lastTrafficAt: newest === 0 ? null : Math.min(range.to, newest + range.stepMs),
  }
}

const isOfVersion = ({ version }: RouteRow): boolean => version !== NO_VERSION

function versionsOf(
  { rows, knownFrom }: { rows: readonly At<RouteRow>[]; knownFrom: number },
  range: ReadRange,
  { objective, since, remembered }: { objective: Objective; since: number | null; remembered: readonly Instance[] },
): RouteVersion[] {
  const own = Map.groupBy(rows.filter(isOfVersion), ({ version }) => version)
  const joined = new Map(
    [...own].map(([version, counted]) => [
      version,
      joinedWithin(
        range,
        remembered.filter((instance) => instance.version === version),
        [{ rows: counted, lengthMs: range.stepMs }],
      ),
    ]),
  )
  // What a version got before another was there says nothing of how calls are split between them.
  const sharesSince = Math.max(range.from, ...[...joined.values()].map((at) => at ?? 0))
  const callsOf = (of: readonly At<RouteRow>[]) =>
    of.reduce((sum, { at, requests }) => (at >= sharesSince ? sum + requests : sum), 0)
  const all = callsOf([...own.values()].flat())
  return [...own]
    .map(([version, of]) => {
      const totals = sumOf(of)
      const joinedAt = joined.get(version) ?? null
      return {
        ...roundGolden(totals.golden(spanOf(range, laterOf(since, joinedAt)))),
        version,
        joinedAt: saidToJoin(joinedAt, since),
        share: all === 0 ? null : (callsOf(of) / all) * 100,
        health: judge(totals, objective),
        spark: sparkline(of, range, knownFrom),
      }
    })
    .sort((a, b) => a.version.localeCompare(b.version, 'en', { numeric: true }))
}

/** A route is well as a service is: by its own numbers, then by its versions'. Instances are the service's matter. */
function healthOf(
  totals: Totals,
  objective: Objective,
  versions: readonly RouteVersion[],
  trouble: () => ReturnType<typeof sparkline>,
): Health {
  const judged = judgeService({ totals, objective, versions, instances: null })
  const isTroubled = judged.state === 'failing' || judged.state === 'degraded'
  return isTroubled ? { ...judged, since: troubleSince(trouble(), objective) } : judged
}

const PATH_TYPE = { Exact: 'exact path', PathPrefix: 'prefix', RegularExpression: 'regular expression' } as const

function factsOf({ candidate, wire }: RankedMatch): string[] {
  const retry = retryInWords(wire)
  const timeout = wire.timeouts.requestMs
  return [
    candidate.match.rpc === undefined ? PATH_TYPE[candidate.match.path.type] : 'gRPC',
    retry === null ? 'no retries asked for' : `retries ${retry}`,
    timeout === null ? 'no timeout' : `timeout ${durationText(timeout)}`,
  ]
}

// The table of a service's routes, worst first: what was called, how it went, and what is configured for it. Pure.
import type { RouteRow } from '@heddle/shared/wire/metrics'
import { sharesOf } from '../../data/shares.ts'
import { roundGolden } from '../metrics/rounding.ts'
import { sumBy, Totals } from '../metrics/totals.ts'
import type { ServiceRouteRow } from '../schemas/services.ts'
import type { RankedMatch } from '../traffic/winningOrder.ts'
import { matchInWords, retryInWords } from '../traffic/words.ts'
import { judge, judgeService, type Objective, severity } from './health.ts'
import { NO_VERSION } from './versions.ts'

export interface RoutesInput {
  /** Shown route rows of the service over the range, and over the last 15 minutes. */
  rows: readonly RouteRow[]
  recent: readonly RouteRow[]
  order: readonly RankedMatch[]
  objective: Objective
  spanMs: number
}

export function routeRows({ rows, recent, order, objective, spanMs }: RoutesInput): ServiceRouteRow[] {
  const totals = sumBy(rows, ({ route }) => route)
  const recentTotals = sumBy(recent, ({ route }) => route)
  // A rule with several matches has one label, and its words are those of the match that wins first.
  const configured = new Map(order.toReversed().map((match) => [match.wire.label, match]))
  const labels = new Set([...totals.keys(), ...configured.keys()])
  return [...labels]
    .map((route): ServiceRouteRow => {
      const sum = totals.get(route) ?? new Totals()
      const match = configured.get(route)
      return {
        route,
        match: match === undefined ? null : matchInWords(match.candidate.match),
        ...roundGolden(sum.golden(spanMs)),
        health: healthOf(recent, route, recentTotals.get(route), objective),
        retries: retriesOf(sum),
        denied: sum.denied,
        limited: sum.limited,
        cancelled: sum.cancelled,
        meshErrors: Object.fromEntries(sum.meshErrors),
        split: splitOf(match),
        retryPolicy: match === undefined ? null : retryInWords(match.wire),
        timeoutMs: match?.wire.timeouts.requestMs ?? null,
      }
    })
    .sort(
      (a, b) =>
        severity(b.health.state) - severity(a.health.state) ||
        b.failures - a.failures ||
        b.requests - a.requests ||
        a.route.localeCompare(b.route),
    )
}

/** By the route's own numbers, then by its versions': a canary that fails is seen before it fails the route. */
function healthOf(
  recent: readonly RouteRow[],
  route: string,
  totals: Totals | undefined,
  objective: Objective,
): ServiceRouteRow['health'] {
  const own = recent.filter((row) => row.route === route && row.version !== NO_VERSION)
  const versions = [...sumBy(own, ({ version }) => version)].map(([version, sum]) => ({
    version,
    health: judge(sum, objective),
  }))
  return judgeService({ totals, objective, versions, instances: null })
}

export function retriesOf(totals: Totals): ServiceRouteRow['retries'] {
  return {
    made: totals.retriesMade,
    recovered: totals.recovered,
    skipped: Object.fromEntries(totals.retriesSkipped),
  }
}

function splitOf(match: RankedMatch | undefined): ServiceRouteRow['split'] {
  const backends = match?.backends ?? []
  const percents = sharesOf(backends.map(({ weight }) => weight))
  return backends.map(({ name }, i) => ({ backend: name, percent: percents[i] ?? 0 }))
}

// A route's health in one sentence, with the version that is the cause where one is. Pure.
import { formatCount, formatShare, formatSuccess, NBSP } from '../../data/numbers.ts'
import { troubledNumber } from '../../data/trouble.ts'
import type { Totals } from '../metrics/totals.ts'
import type { Health } from '../schemas/numbers.ts'
import type { RouteVersion } from '../schemas/route.ts'
import { causeOf, type Objective, sentenceOf } from '../services/health.ts'

interface Judged {
  health: Health
  /** Of the last 15 minutes. */
  totals: Totals
  versions: readonly RouteVersion[]
  objective: Objective
  route: string
  now: number
}

export function routeSentence({ health, totals, versions, objective, route, now }: Judged): string {
  // Failures are not why a route is slow.
  const isOfFailures = troubledNumber(health) === 'success'
  const isTroubled = health.state === 'failing' || health.state === 'degraded'
  const culprit = isTroubled ? culpritOf(versions, totals.failures) : undefined
  if (culprit === undefined)
    return sentenceOf({ ...health, cause: isOfFailures ? causeOf([{ route, totals }]) : null }, totals, now)
  const below =
    culprit.successRate !== null && culprit.successRate < objective.successRate
      ? ` and succeeds ${formatSuccess(culprit.successRate)}${NBSP}% < ${objective.successRate}${NBSP}%`
      : ''
  const reason = `${culprit.version} takes ${formatShare(culprit.share ?? 0)}${NBSP}% here${below}; ${formatCount(culprit.failures)} of the route’s ${formatCount(totals.failures)} failures in the last 15${NBSP}min come from it`
  return sentenceOf({ ...health, reason, cause: null }, totals, now)
}

/** The version in trouble that has most of the failures, where another is well: else it is no version's doing. */
function culpritOf(versions: readonly RouteVersion[], failures: number): RouteVersion | undefined {
  const isIll = ({ health }: RouteVersion) => health.state === 'failing' || health.state === 'degraded'
  const worst = versions.filter(isIll).sort((a, b) => b.failures - a.failures)[0]
  const isOther = versions.some((version) => version.requests > 0 && !isIll(version))
  return worst !== undefined && isOther && worst.failures > failures / 2 ? worst : undefined
}

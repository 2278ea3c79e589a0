// Which rules take the requests of one that is deleted. Pure.
import type { RouteKind } from '@heddle/shared/resources/anyRoute'
import { EVERY_CALL } from '../server/traffic/words.ts'

interface Ranked {
  label: string
  match: string
  pathType: 'Exact' | 'PathPrefix' | 'RegularExpression'
  kind: RouteKind
}

/** The matches of a rule that takes whatever no rule before it took, in words. */
const EVERYTHING: readonly string[] = ['any method /', EVERY_CALL]

/**
 * A sentence about the requests that the rule takes now. `rules` is in the order in which they win: those before it win
 * over it already, so only later ones can take what it leaves.
 */
export function afterDeletion(rules: readonly Ranked[], label: string): string {
  const first = rules.findIndex((rule) => rule.label === label)
  const later = rules.slice(first + 1).filter((rule) => rule.label !== label)
  const end = later.findIndex(({ match, pathType }) => EVERYTHING.includes(match) && pathType === 'PathPrefix')
  const takers = [...new Set((end === -1 ? later : later.slice(0, end + 1)).map(({ match }) => match))]
  const [only, ...more] = takers
  const [its, refusal] = rules[first]?.kind === 'GRPCRoute' ? ['Its calls', 'UNIMPLEMENTED'] : ['Its requests', '404']
  if (only === undefined) return `${its} are then answered ${refusal} (no_route): no later route can take them.`
  if (end !== -1 && more.length === 0) return `${its} then take the route for ${only}.`
  const list = takers.join(', ')
  return end === -1
    ? `${its} then take the first that matches of ${list}, and are answered ${refusal} (no_route) where none does.`
    : `${its} then take the first that matches of ${list}.`
}

/** The same where no rule is left. `ignored`: HTTPRoutes that do nothing only while the service has a GRPCRoute. */
export function afterLastDeletion(service: string, ignored: readonly string[]): string {
  return ignored.length === 0
    ? `${service} then has no routes: every call goes to any ready instance.`
    : `${service} then has no GRPCRoute, so that HTTPRoute ${ignored.join(', ')}, which does nothing now, holds.`
}

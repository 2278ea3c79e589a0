// Routes of one destination, compiled once per config change: every (match, rule) pair in winning order, so that the
// first one that matches a request has won. Matching is match.ts.
import type { WireBackend, WireMatch, WireRoute, WireRule } from '@heddle/shared/wire/config'
import { type CompiledFilters, compileFilters } from './filters.ts'
import { compileTwice, type PathMatcher } from './pathMatch.ts'
import { compareCandidates } from './precedence.ts'
import { compileWeights, type WeightedBackends } from './split.ts'
import { compileHeaders, compileQueryParams, type ValueMatcher } from './valueMatch.ts'

export interface CompiledRule {
  /** `<route>/<rule>`. */
  readonly label: string
  /** Name of the HTTPRoute or GRPCRoute. */
  readonly route: string
  /** Milliseconds since the epoch. */
  readonly routeCreatedAt: number
  /** Place in the route. */
  readonly index: number
  readonly filters: CompiledFilters
  /** Empty: the parent service itself. */
  readonly backends: WeightedBackends
  readonly mirrors: readonly { readonly backend: WireBackend; readonly share: number }[]
  readonly timeouts: WireRule['timeouts']
  readonly retry: WireRule['retry']
}

/** One match of one rule. */
export interface RouteCandidate {
  readonly rule: CompiledRule
  /** Place in the rule. */
  readonly index: number
  /** As it was written. */
  readonly match: WireMatch
  readonly path: PathMatcher
  /** The path's worst reading, for worst readings of requests. */
  readonly worstPath: PathMatcher
  readonly headers: readonly ValueMatcher[]
  readonly queryParams: readonly ValueMatcher[]
  /** Canonical prefix of a PathPrefix match without trailing slash ('' for "/"), for ReplacePrefixMatch; null else. */
  readonly prefix: string | null
}

export interface RouteTable {
  /** False: the destination has no routes; its requests carry the label `default`. */
  readonly hasRoutes: boolean
  /** Every (match, rule) pair in winning order. */
  readonly candidates: readonly RouteCandidate[]
  /** Those with an Exact path, by that path: they win over all others, of either kind of route. */
  readonly exact: ReadonlyMap<string, readonly RouteCandidate[]>
  /** All others. */
  readonly others: readonly RouteCandidate[]
}

/** @throws Error that names the rule, where a regular expression or a path cannot be compiled. */
export function compileRoutes(routes: readonly WireRoute[]): RouteTable {
  const candidates = routes.flatMap(compileRoute).sort(compareCandidates)
  const exact = new Map<string, RouteCandidate[]>()
  const others: RouteCandidate[] = []
  for (const candidate of candidates) {
    if (candidate.path.kind !== 'exact') {
      others.push(candidate)
      continue
    }
    const same = exact.get(candidate.path.value)
    if (same === undefined) exact.set(candidate.path.value, [candidate])
    else same.push(candidate)
  }
  return { hasRoutes: routes.length > 0, candidates, exact, others }
}

function compileRoute(route: WireRoute): RouteCandidate[] {
  return route.rules.flatMap((wire, index) => {
    try {
      const rule = compileRule(route, wire, index)
      return wire.matches.map((match, place) => compileMatch(rule, match, place))
    } catch (cause) {
      throw new Error(`route rule ${wire.label}: ${cause instanceof Error ? cause.message : String(cause)}`, { cause })
    }
  })
}

function compileRule(route: WireRoute, wire: WireRule, index: number): CompiledRule {
  return {
    label: wire.label,
    route: route.name,
    routeCreatedAt: route.createdAt,
    index,
    filters: compileFilters(wire.filters),
    backends: compileWeights(wire.backends),
    mirrors: wire.mirrors,
    timeouts: wire.timeouts,
    retry: wire.retry,
  }
}

function compileMatch(rule: CompiledRule, match: WireMatch, index: number): RouteCandidate {
  const { canonical: path, worst: worstPath } = compileTwice(match.path, match.rpc !== undefined)
  return {
    rule,
    index,
    match,
    path,
    worstPath,
    headers: compileHeaders(match.headers),
    queryParams: compileQueryParams(match.queryParams),
    prefix: path.kind === 'prefix' ? path.value : null,
  }
}

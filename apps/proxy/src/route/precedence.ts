// Which of several matches wins (HTTPRouteRule and GRPCRouteRule of the Gateway API): one order, known when the table is
// compiled. The routes of one table are of one kind: which of a service's hold is the control plane's decision.
import type { RouteCandidate } from './compile.ts'

interface Criterion {
  /** Why a candidate lost to the winner by this criterion. */
  readonly lostBecause: string
  /** Negative: `a` wins. */
  compare(a: RouteCandidate, b: RouteCandidate): number
}

/** The Gateway API leaves the place of regular expressions open: they come last, since they cannot be compared. */
const PATH_RANK = { exact: 0, prefix: 1, regex: 2 } as const

const FEWER_HEADERS: Criterion = {
  lostBecause: 'it matches fewer headers',
  compare: (a, b) => b.headers.length - a.headers.length,
}

/** What ends a tie between routes of either kind. */
const TIE_BREAKS: readonly Criterion[] = [
  { lostBecause: 'its route is newer', compare: (a, b) => a.rule.routeCreatedAt - b.rule.routeCreatedAt },
  {
    lostBecause: 'the name of its route comes later in the alphabet',
    compare: (a, b) => (a.rule.route === b.rule.route ? 0 : a.rule.route < b.rule.route ? -1 : 1),
  },
  { lostBecause: 'its rule comes later in the route', compare: (a, b) => a.rule.index - b.rule.index },
  { lostBecause: 'it comes later in the rule', compare: (a, b) => a.index - b.index },
]

const HTTP_CRITERIA: readonly Criterion[] = [
  {
    lostBecause: 'its kind of path match is weaker (Exact, then PathPrefix, then RegularExpression)',
    compare: (a, b) => PATH_RANK[a.path.kind] - PATH_RANK[b.path.kind],
  },
  { lostBecause: 'its path prefix is shorter', compare: (a, b) => (b.prefix?.length ?? 0) - (a.prefix?.length ?? 0) },
  {
    lostBecause: 'it matches no method',
    compare: (a, b) => Number(b.match.method !== null) - Number(a.match.method !== null),
  },
  FEWER_HEADERS,
  {
    lostBecause: 'it matches fewer query parameters',
    compare: (a, b) => b.queryParams.length - a.queryParams.length,
  },
  ...TIE_BREAKS,
]

/**
 * "The largest number of characters in a matching service", then in a matching method. Two exact names that one call
 * matches are the same, so that only whether there is one tells them apart. The Gateway API leaves the place of regular
 * expressions open: they come after exact names, the longer expression first.
 */
function specificity({ match: { rpc } }: RouteCandidate, part: 'service' | 'method'): number {
  const value = rpc?.[part] ?? null
  if (rpc === undefined || value === null) return 0
  return rpc.type === 'Exact' ? Number.MAX_SAFE_INTEGER : value.length
}

const GRPC_CRITERIA: readonly Criterion[] = [
  {
    lostBecause: 'it says less of the service (an exact name, then an expression, then any)',
    compare: (a, b) => specificity(b, 'service') - specificity(a, 'service'),
  },
  {
    lostBecause: 'it says less of the method (an exact name, then an expression, then any)',
    compare: (a, b) => specificity(b, 'method') - specificity(a, 'method'),
  },
  FEWER_HEADERS,
  ...TIE_BREAKS,
]

function criteriaFor({ match }: RouteCandidate): readonly Criterion[] {
  return match.rpc === undefined ? HTTP_CRITERIA : GRPC_CRITERIA
}

export function compareCandidates(a: RouteCandidate, b: RouteCandidate): number {
  for (const criterion of criteriaFor(a)) {
    const difference = criterion.compare(a, b)
    if (difference !== 0) return difference
  }
  return 0
}

/** Why `loser`, which matches too, comes after `winner`. */
export function whyLost(loser: RouteCandidate, winner: RouteCandidate): string {
  return (
    criteriaFor(winner).find((criterion) => criterion.compare(winner, loser) < 0)?.lostBecause ?? 'it is the same match'
  )
}

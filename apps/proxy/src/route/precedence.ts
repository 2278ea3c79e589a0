// Which of several matches wins (HTTPRouteRule of the Gateway API): one order, known when the table is compiled.
import type { RouteCandidate } from './compile.ts'

interface Criterion {
  /** Why a candidate lost to the winner by this criterion. */
  readonly lostBecause: string
  /** Negative: `a` wins. */
  compare(a: RouteCandidate, b: RouteCandidate): number
}

/** The Gateway API leaves the place of regular expressions open: they come last, since they cannot be compared. */
const PATH_RANK = { exact: 0, prefix: 1, regex: 2 } as const

const CRITERIA: readonly Criterion[] = [
  {
    lostBecause: 'its kind of path match is weaker (Exact, then PathPrefix, then RegularExpression)',
    compare: (a, b) => PATH_RANK[a.path.kind] - PATH_RANK[b.path.kind],
  },
  { lostBecause: 'its path prefix is shorter', compare: (a, b) => (b.prefix?.length ?? 0) - (a.prefix?.length ?? 0) },
  {
    lostBecause: 'it matches no method',
    compare: (a, b) => Number(b.match.method !== null) - Number(a.match.method !== null),
  },
  { lostBecause: 'it matches fewer headers', compare: (a, b) => b.headers.length - a.headers.length },
  {
    lostBecause: 'it matches fewer query parameters',
    compare: (a, b) => b.queryParams.length - a.queryParams.length,
  },
  { lostBecause: 'its route is newer', compare: (a, b) => a.rule.routeCreatedAt - b.rule.routeCreatedAt },
  {
    lostBecause: 'the name of its route comes later in the alphabet',
    compare: (a, b) => (a.rule.route === b.rule.route ? 0 : a.rule.route < b.rule.route ? -1 : 1),
  },
  { lostBecause: 'its rule comes later in the route', compare: (a, b) => a.rule.index - b.rule.index },
  { lostBecause: 'it comes later in the rule', compare: (a, b) => a.index - b.index },
]

export function compareCandidates(a: RouteCandidate, b: RouteCandidate): number {
  for (const criterion of CRITERIA) {
    const difference = criterion.compare(a, b)
    if (difference !== 0) return difference
  }
  return 0
}

/** Why `loser`, which matches too, comes after `winner`. */
export function whyLost(loser: RouteCandidate, winner: RouteCandidate): string {
  return CRITERIA.find((criterion) => criterion.compare(winner, loser) < 0)?.lostBecause ?? 'it is the same match'
}

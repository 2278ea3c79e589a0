// The same decision as match.ts, told: for the console's tester, never on the path of a request.
import type { WireRpc } from '@heddle/shared/wire/config'
import type { RouteCandidate, RouteTable } from './compile.ts'
import { matchRoute, type RoutedRequest } from './match.ts'
import { matchesPath } from './pathMatch.ts'
import { whyLost } from './precedence.ts'
import { headerValue, matchesValue, queryValue, type ValueMatcher } from './valueMatch.ts'

export interface CandidateExplained {
  readonly candidate: RouteCandidate
  readonly outcome: 'won' | 'outranked' | 'no_match'
  /** One plain sentence; for the winner, what it matched. */
  readonly why: string
}

export interface RouteExplanation {
  readonly winner: RouteCandidate | null
  /** In winning order. */
  readonly candidates: readonly CandidateExplained[]
}

export function explainRoute(table: RouteTable, request: RoutedRequest): RouteExplanation {
  const winner = matchRoute(table, request)
  return {
    winner,
    candidates: table.candidates.map((candidate): CandidateExplained => {
      const mismatch = whyNot(candidate, request)
      if (mismatch !== null) return { candidate, outcome: 'no_match', why: mismatch }
      if (winner === null || candidate === winner)
        return { candidate, outcome: 'won', why: 'It is the first in winning order that matches.' }
      return { candidate, outcome: 'outranked', why: `It matches too, but ${whyLost(candidate, winner)}.` }
    }),
  }
}

function whyNot(candidate: RouteCandidate, request: RoutedRequest): string | null {
  const { path, method, rpc } = candidate.match
  if (rpc !== undefined) {
    const why = whyNotCall(rpc, candidate, request)
    if (why !== null) return why
  }
  if (!matchesPath(candidate.path, request.path)) {
    const said = { Exact: 'is not', PathPrefix: 'is not below', RegularExpression: 'does not match' }[path.type]
    return `The path ${request.path} ${said} ${path.value}.`
  }
  if (method !== null && method !== request.method) return `The method is ${request.method}, not ${method}.`
  for (const header of candidate.headers) {
    const why = whyNotValue('header', header, headerValue(request.headers, header.name))
    if (why !== null) return why
  }
  for (const param of candidate.queryParams) {
    const why = whyNotValue('query parameter', param, queryValue(request.query, param.name))
    if (why !== null) return why
  }
  return null
}

/** In the terms of the GRPCRoute, whose match was made one of path and method. */
function whyNotCall(rpc: WireRpc, candidate: RouteCandidate, request: RoutedRequest): string | null {
  if (request.method !== 'POST') return `The method is ${request.method}, and a call of gRPC is a POST.`
  if (matchesPath(candidate.path, request.path)) return null
  const said = rpc.type === 'Exact' ? 'is not' : 'does not match'
  return `The call ${request.path.slice(1)} ${said} ${rpc.service ?? '*'}/${rpc.method ?? '*'}.`
}

function whyNotValue(noun: string, matcher: ValueMatcher, value: string | undefined): string | null {
  if (matchesValue(matcher, value)) return null
  if (value === undefined) return `There is no ${noun} ${matcher.name}.`
  const said = matcher.regex === null ? 'is not' : 'does not match'
  return `The ${noun} ${matcher.name} is "${value}" and ${said} "${matcher.value}".`
}

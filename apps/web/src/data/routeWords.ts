// Matches of the route editor read back in words, as the list of routes says it. Pure.

import type { AnyRule, RouteKind } from '@heddle/shared/resources/anyRoute'
import type { GrpcMatch } from '@heddle/shared/resources/grpcRoute'
import type { RouteMatch } from '@heddle/shared/resources/httpRoute'
import { EVERY_CALL, matchInWords } from '../server/traffic/words.ts'
import type { GrpcMatchForm } from './grpcMatchForm.ts'
import { NBSP } from './numbers.ts'
import type { MatchForm } from './routeForm.ts'
import { shareTexts } from './shares.ts'

const EVERY_PATH = { type: 'PathPrefix', value: '/' } as const

export function matchFormInWords(match: MatchForm | GrpcMatchForm): string {
  if ('rpc' in match) return callInWords({ method: match.rpc, headers: match.headers })
  const { path, method, headers, queryParams } = match
  return inWords({
    path: path.type === 'any' ? EVERY_PATH : { type: path.type, value: path.value },
    method,
    headers,
    queryParams,
  })
}

/** A rule's matches: "GET /products, or POST /import"; none is every request. */
export function matchesInWords(kind: RouteKind, { matches = [] }: AnyRule): string {
  if (matches.length === 0) return kind === 'GRPCRoute' ? EVERY_CALL : 'every request'
  return matches.map((match: RouteMatch | GrpcMatch) => oneInWords(kind, match)).join(', or ')
}

function oneInWords(kind: RouteKind, match: RouteMatch | GrpcMatch): string {
  const { method, headers } = match
  if (kind === 'GRPCRoute') return callInWords({ method: typeof method === 'object' ? method : undefined, headers })
  const rest = 'path' in match || 'queryParams' in match ? match : {}
  return requestInWords({ ...rest, method: typeof method === 'object' ? undefined : method, headers })
}

function requestInWords({ path = EVERY_PATH, method, headers = [], queryParams = [] }: RouteMatch): string {
  return inWords({ path, method: method ?? '', headers, queryParams })
}

function callInWords({ method: called, headers = [] }: GrpcMatch): string {
  const { type = 'Exact', service = '', method = '' } = called ?? {}
  const rpc = { type, service: service === '' ? null : service, method: method === '' ? null : method }
  return matchInWords({ path: EVERY_PATH, method: 'POST', headers: inLowerCase(headers), queryParams: [], rpc })
}

const inLowerCase = <H extends { name: string }>(headers: readonly H[]): H[] =>
  headers.map((header) => ({ ...header, name: header.name.toLowerCase() }))

function inWords(match: {
  path: NonNullable<RouteMatch['path']>
  method: string
  headers: NonNullable<RouteMatch['headers']>
  queryParams: NonNullable<RouteMatch['queryParams']>
}): string {
  // A path that is matched exactly and one that is a prefix read alike in the list, which says the kind beside it.
  const { path, headers } = match
  const { method } = match
  const known = method === '' ? null : (method as NonNullable<RouteMatch['method']>)
  const said = matchInWords({ path, method: known, headers: inLowerCase(headers), queryParams: match.queryParams })
  return path.type === 'Exact' ? `${said.replace(path.value, () => `exactly ${path.value}`)}` : said
}

/** "catalog-v1 (70 %), catalog-v2 (30 %)"; one alone has no share to tell. */
export function backendsInWords(backends: readonly { name: string; weight?: number | undefined }[]): string {
  if (backends.length === 1) return backends.map(({ name }) => name).join('')
  const shares = shareTexts(backends.map(({ weight }) => weight ?? 1))
  return backends.map(({ name }, i) => `${name} (${shares[i]}${NBSP}%)`).join(', ')
}

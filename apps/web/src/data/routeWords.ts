// A match of the route editor read back in words, as the list of routes says it. Pure.
import type { RouteMatch } from '@heddle/shared/resources/httpRoute'
import { matchInWords } from '../server/traffic/words.ts'
import type { MatchForm } from './routeForm.ts'

const EVERY_PATH = { type: 'PathPrefix', value: '/' } as const

export function matchFormInWords({ path, method, headers, queryParams }: MatchForm): string {
  return inWords({
    path: path.type === 'any' ? EVERY_PATH : { type: path.type, value: path.value },
    method,
    headers,
    queryParams,
  })
}

/** A rule's matches: "GET /products, or POST /import"; none is every request. */
export function matchesInWords(matches: readonly RouteMatch[] | undefined): string {
  if (matches === undefined || matches.length === 0) return 'every request'
  return matches
    .map(({ path = EVERY_PATH, method = '', headers = [], queryParams = [] }) =>
      inWords({ path, method, headers, queryParams }),
    )
    .join(', or ')
}

function inWords(match: {
  path: NonNullable<RouteMatch['path']>
  method: string
  headers: NonNullable<RouteMatch['headers']>
  queryParams: NonNullable<RouteMatch['queryParams']>
}): string {
  // A path that is matched exactly and one that is a prefix read alike in the list, which says the kind beside it.
  const { path, headers } = match
  const lower = headers.map((header) => ({ ...header, name: header.name.toLowerCase() }))
  const { method } = match
  const known = method === '' ? null : (method as NonNullable<RouteMatch['method']>)
  const said = matchInWords({ path, method: known, headers: lower, queryParams: match.queryParams })
  return path.type === 'Exact' ? `${said.replace(path.value, () => `exactly ${path.value}`)}` : said
}

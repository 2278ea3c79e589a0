// Routes and rules said in words. Pure.
import type { RouteCandidate } from '@heddle/proxy/route/compile'
import { grpcStatusText } from '@heddle/shared/grpcStatus'
import type { AccessRule, Caller } from '@heddle/shared/resources/accessRule'
import type { PathMatch, RouteFilter } from '@heddle/shared/resources/httpRoute'
import type { WireMatch, WireRpc, WireRule } from '@heddle/shared/wire/config'

/** "GET /products where header x-beta is 1"; every path is "/". Of a GRPCRoute "shop.Catalog/Get", "any method of shop.Catalog". */
export function matchInWords(match: WireMatch): string {
  const path = match.path.type === 'RegularExpression' ? `paths matching ${match.path.value}` : match.path.value
  const conditions = [
    ...match.headers.map((header) => `header ${condition(header)}`),
    ...match.queryParams.map((parameter) => `query ${condition(parameter)}`),
  ]
  const where = conditions.length === 0 ? '' : ` where ${conditions.join(' and ')}`
  return `${match.rpc === undefined ? `${match.method ?? 'any method'} ${path}` : callInWords(match.rpc)}${where}`
}

export const EVERY_CALL = 'every call'
/** Any call of gRPC, as a match of a GRPCRoute's rule. */
export const EVERY_CALL_MATCH: WireMatch = {
  path: { type: 'PathPrefix', value: '/' },
  method: 'POST',
  headers: [],
  queryParams: [],
  rpc: { type: 'Exact', service: null, method: null },
}

function callInWords({ type, service, method }: WireRpc): string {
  if (service === null && method === null) return EVERY_CALL
  if (type === 'Exact' && service !== null && method !== null) return `${service}/${method}`
  const said = (part: 'service' | 'method', value: string | null) =>
    value === null ? `any ${part}` : type === 'Exact' ? value : `${part}s matching ${value}`
  return `${said('method', method)} of ${said('service', service)}`
}

function condition({ type, name, value }: WireMatch['headers'][number]): string {
  return type === 'Exact' ? `${name} is ${value}` : `${name} matches ${value}`
}

/** Why `winner` comes before `next`, by the Gateway API's precedence; null: nothing comes after it. */
export function winsBy(winner: RouteCandidate, next: RouteCandidate | undefined): string | null {
  if (next === undefined) return null
  const [a, b] = [winner.match, next.match]
  const byCall = a.rpc !== undefined && b.rpc !== undefined ? winsByCall(a.rpc, b.rpc) : null
  if (byCall !== null) return byCall
  if (a.rpc !== undefined) return byRest(winner, next)
  if (a.path.type !== b.path.type) return a.path.type === 'Exact' ? 'exact path' : 'prefix before regular expression'
  if (winner.prefix?.length !== next.prefix?.length) return 'longer prefix'
  if (a.method !== null && b.method === null) return 'method'
  return byRest(winner, next)
}

/** What both kinds of routes compare last. */
function byRest(winner: RouteCandidate, next: RouteCandidate): string {
  const [a, b] = [winner.match, next.match]
  if (a.headers.length !== b.headers.length) return more(a.headers.length - b.headers.length, 'header')
  if (a.queryParams.length !== b.queryParams.length)
    return more(a.queryParams.length - b.queryParams.length, 'query parameter')
  if (winner.rule.route === next.rule.route) return 'order in the route'
  return winner.rule.routeCreatedAt === next.rule.routeCreatedAt ? 'name of the route' : 'older route'
}

function winsByCall(a: WireRpc, b: WireRpc): string | null {
  for (const part of ['service', 'method'] as const) {
    const [own, other] = [a[part], b[part]]
    if (own === null) continue
    if (other === null) return part
    if (a.type !== b.type) return `exact ${part}`
    if (a.type === 'RegularExpression' && own.length !== other.length) return `longer expression of the ${part}`
  }
  return null
}

function more(count: number, noun: string): string {
  return count === 1 ? `one ${noun} more` : `${count} ${noun}s more`
}

/** "2 × on 502, 503, 504"; null: no retries are asked for. */
export function retryInWords({ retry, matches }: Pick<WireRule, 'retry' | 'matches'>): string | null {
  if (retry === null || retry.attempts === 0) return null
  const statuses = [...retry.codes.map(String), ...(retry.grpcCodes ?? []).map(grpcStatusText)]
  const codes = statuses.length === 0 ? 'connection failures' : statuses.join(', ')
  const unsafe = matches.some(({ rpc }) => rpc !== undefined) ? 'also where no answer came' : 'also POST and PATCH'
  return `${retry.attempts} × on ${codes}${retry.nonIdempotent ? `, ${unsafe}` : ''}`
}

export function filterInWords(filter: RouteFilter): string {
  switch (filter.type) {
    case 'RequestHeaderModifier':
      return `changes request headers (${headerNames(filter.requestHeaderModifier)})`
    case 'ResponseHeaderModifier':
      return `changes response headers (${headerNames(filter.responseHeaderModifier)})`
    case 'RequestRedirect': {
      const { hostname, path, statusCode } = filter.requestRedirect
      const to = [hostname, pathChange(path)].filter((part) => part !== undefined).join(', ')
      return `redirects with ${statusCode ?? 302}${to === '' ? '' : ` to ${to}`}`
    }
    case 'URLRewrite': {
      const { hostname, path } = filter.urlRewrite
      const changes = [
        hostname === undefined ? undefined : `the host to ${hostname}`,
        path === undefined ? undefined : `the path: ${pathChange(path)}`,
      ]
      return `rewrites ${changes.filter((change) => change !== undefined).join(' and ')}`
    }
    case 'RequestMirror': {
      const { backendRef, percent, fraction } = filter.requestMirror
      const share =
        percent !== undefined
          ? `${percent} %`
          : fraction !== undefined
            ? `${fraction.numerator} of ${fraction.denominator ?? 100}`
            : 'everything'
      return `mirrors ${share} to ${backendRef.name}`
    }
  }
}

function headerNames(modifier: {
  set?: { name: string }[] | undefined
  add?: { name: string }[] | undefined
  remove?: string[] | undefined
}): string {
  const names = [...(modifier.set ?? []), ...(modifier.add ?? [])].map(({ name }) => name)
  return [...names, ...(modifier.remove ?? [])].join(', ')
}

function pathChange(
  path: { replaceFullPath: string } | { replacePrefixMatch: string } | undefined,
): string | undefined {
  if (path === undefined) return undefined
  return 'replaceFullPath' in path ? path.replaceFullPath : `prefix becomes ${path.replacePrefixMatch}`
}

/** "Allow checkout to call POST under /charge on payments". */
export function ruleInWords({ spec }: AccessRule): string {
  const { route, service } = spec.target
  const where = route === undefined ? service : `${service}, route ${route}`
  return `${spec.action} ${list(spec.from.map(callerInWords))} to call ${callsInWords(spec.to)} on ${where}`
}

function callerInWords(caller: Caller): string {
  if ('service' in caller) return caller.service
  return caller.any === 'authenticated' ? 'any service of the mesh' : 'callers from outside'
}

function callsInWords(to: AccessRule['spec']['to']): string {
  if (to === undefined) return 'everything'
  return list(
    to.map(({ methods, paths }) => {
      const verbs = methods === undefined ? '' : methods.join(', ')
      const places = paths === undefined ? '' : list(paths.map(pathInWords))
      return [verbs, places].filter((part) => part !== '').join(' ') || 'everything'
    }),
  )
}

function pathInWords(path: PathMatch): string {
  switch (path.type) {
    case 'Exact':
      return path.value
    case 'PathPrefix':
      return `under ${path.value}`
    case 'RegularExpression':
      return `matching ${path.value}`
  }
}

function list(parts: readonly string[]): string {
  return parts.join(', ')
}

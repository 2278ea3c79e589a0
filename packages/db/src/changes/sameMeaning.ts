// Whether two resources mean the same: defaults written out or left away, "1000ms" or "1s", `matches` or none.
// `apply` calls that unchanged, and a revert compares this way too.
import { isDeepStrictEqual } from 'node:util'
import {
  type AccessRule,
  type AnyRule,
  type GrpcMatch,
  meshPolicy,
  parseDurationMs,
  type Resource,
  type RouteFilter,
  type RouteMatch,
  rulesOf,
  serviceSettings,
} from '@heddle/shared'
import { canonicalForm } from './canonicalForm.ts'

/** The Gateway API's default of HTTPRouteMatch.path. */
const EVERY_PATH = { type: 'PathPrefix', value: '/' } as const
const durationOf = (text: string | undefined): number | null =>
  text === undefined ? null : (parseDurationMs(text) ?? null)

type AnyMatch = RouteMatch | GrpcMatch
const byName = (a: { name: string }, b: { name: string }) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0)

/** Header names are compared without case (RFC 9110, 5.1); all conditions of a match hold at once, in any order. */
function meaningOfMatches(matches: readonly AnyMatch[] | undefined): unknown {
  return (matches === undefined || matches.length === 0 ? [{}] : matches).map((match: AnyMatch) => ({
    path: ('path' in match ? match.path : undefined) ?? EVERY_PATH,
    method: meaningOfMethod(match.method),
    headers: (match.headers ?? []).map((header) => ({ ...header, name: header.name.toLowerCase() })).sort(byName),
    queryParams: [...('queryParams' in match ? (match.queryParams ?? []) : [])].sort(byName),
  }))
}

/** A service or a method that is empty is any, as one that is left out (GRPCMethodMatch). */
function meaningOfMethod(method: AnyMatch['method']): unknown {
  if (typeof method !== 'object') return method ?? null
  return { type: method.type, service: method.service || null, method: method.method || null }
}

function meaningOfFilter(filter: RouteFilter): unknown {
  if (filter.type === 'RequestRedirect')
    return { ...filter, requestRedirect: { statusCode: 302, ...filter.requestRedirect } }
  if (filter.type === 'RequestMirror') {
    const { percent, fraction, ...mirror } = filter.requestMirror
    const share = fraction ? fraction.numerator / (fraction.denominator ?? 100) : (percent ?? 100) / 100
    return { ...filter, requestMirror: { ...mirror, share } }
  }
  return filter
}

function meaningOfRule(rule: AnyRule): unknown {
  const { timeouts, retry } = 'timeouts' in rule || 'retry' in rule ? rule : {}
  return {
    name: rule.name,
    matches: meaningOfMatches(rule.matches),
    filters: (rule.filters ?? []).map(meaningOfFilter),
    backendRefs: rule.backendRefs ?? [],
    timeouts: {
      request: durationOf(timeouts?.request),
      backendRequest: durationOf(timeouts?.backendRequest),
    },
    retry: retry && {
      // None named means the usual ones, an empty list means none: proxies tell them apart.
      codes: retry.codes && [...new Set(retry.codes)].sort((a, b) => a - b),
      attempts: retry.attempts ?? 1,
      backoff: durationOf(retry.backoff),
    },
  }
}

const meaningOfAccess = (spec: AccessRule['spec']): unknown => ({
  ...spec,
  mode: spec.mode ?? 'enforce',
  to: (spec.to ?? [{}]).map(({ methods = [], paths = [] }) => ({ methods: [...new Set(methods)].sort(), paths })),
})

function meaningOf(resource: Resource): unknown {
  const { metadata } = resource
  switch (resource.kind) {
    case 'HTTPRoute':
    case 'GRPCRoute':
      return { metadata, parents: resource.spec.parentRefs, rules: rulesOf(resource).map(meaningOfRule) }
    case 'AccessRule':
      return { metadata, spec: meaningOfAccess(resource.spec) }
    case 'Service': {
      const objective = resource.spec?.objective
      return {
        metadata,
        settings: serviceSettings(resource),
        objective: { rate: objective?.successRate ?? null, latency: durationOf(objective?.latencyP99) },
        links: resource.spec?.links ?? {},
      }
    }
    case 'MeshSettings':
      return { metadata, policy: meshPolicy(resource) }
  }
}

/** JSON has no undefined: a field that is absent and one that is undefined are the same. */
const plain = (value: unknown): unknown => JSON.parse(JSON.stringify(value))

export function sameMeaning(a: Resource | null, b: Resource | null): boolean {
  if (a === null || b === null) return a === b
  if (a.kind !== b.kind) return false
  return isDeepStrictEqual(plain(meaningOf(canonicalForm(a))), plain(meaningOf(canonicalForm(b))))
}

export function sameMatches(a: AnyRule, b: AnyRule): boolean {
  return isDeepStrictEqual(plain(meaningOfMatches(a.matches)), plain(meaningOfMatches(b.matches)))
}

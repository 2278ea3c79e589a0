// Whether two resources mean the same: defaults written out or left away, "1000ms" or "1s", `matches` or none.
// `apply` calls that unchanged, and a revert compares this way too.
import { isDeepStrictEqual } from 'node:util'
import {
  type AccessRule,
  meshPolicy,
  parseDurationMs,
  type Resource,
  type RouteFilter,
  type RouteMatch,
  type RouteRule,
  serviceSettings,
} from '@heddle/shared'
import { canonicalForm } from './canonicalForm.ts'

/** The Gateway API's default of HTTPRouteMatch.path. */
const EVERY_PATH = { type: 'PathPrefix', value: '/' } as const
const durationOf = (text: string | undefined): number | null =>
  text === undefined ? null : (parseDurationMs(text) ?? null)

/** Header names are compared without case (RFC 9110, 5.1); all conditions of a match hold at once, in any order. */
export function meaningOfMatches(matches: readonly RouteMatch[] | undefined): unknown {
  const byName = (a: { name: string }, b: { name: string }) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0)
  return (matches === undefined || matches.length === 0 ? [{}] : matches).map((match) => ({
    path: match.path ?? EVERY_PATH,
    method: match.method ?? null,
    headers: (match.headers ?? []).map((header) => ({ ...header, name: header.name.toLowerCase() })).sort(byName),
    queryParams: [...(match.queryParams ?? [])].sort(byName),
  }))
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

function meaningOfRule(rule: RouteRule): unknown {
  return {
    name: rule.name,
    matches: meaningOfMatches(rule.matches),
    filters: (rule.filters ?? []).map(meaningOfFilter),
    backendRefs: rule.backendRefs ?? [],
    timeouts: {
      request: durationOf(rule.timeouts?.request),
      backendRequest: durationOf(rule.timeouts?.backendRequest),
    },
    retry: rule.retry && {
      // None named means the usual ones, an empty list means none: proxies tell them apart.
      codes: rule.retry.codes && [...new Set(rule.retry.codes)].sort((a, b) => a - b),
      attempts: rule.retry.attempts ?? 1,
      backoff: durationOf(rule.retry.backoff),
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
      return { metadata, parents: resource.spec.parentRefs, rules: resource.spec.rules.map(meaningOfRule) }
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

export function sameMatches(a: RouteRule, b: RouteRule): boolean {
  return isDeepStrictEqual(plain(meaningOfMatches(a.matches)), plain(meaningOfMatches(b.matches)))
}

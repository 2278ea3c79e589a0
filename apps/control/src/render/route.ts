// An HTTPRoute as proxies read it: defaults of the Gateway API filled in, durations in milliseconds, names resolved.
import { durationMs } from '@heddle/shared/duration'
import { parseGrpcStatuses } from '@heddle/shared/grpcStatus'
import { routeLabel } from '@heddle/shared/names'
import {
  DEFAULT_WEIGHT,
  type HttpRoute,
  type Mirror,
  RETRY_GRPC_ANNOTATION,
  RETRY_NON_IDEMPOTENT_ANNOTATION,
  type RouteMatch,
  type RouteRule,
} from '@heddle/shared/resources/httpRoute'
import type { WireMatch, WireRoute, WireRule } from '@heddle/shared/wire/config'
import { renderBackend } from './backend.ts'
import type { MeshModel, RouteInForce } from './model.ts'

/** GEP-1731 names no default; one repeat is Linkerd's default limit. */
const DEFAULT_RETRY_ATTEMPTS = 1
/** Which statuses a retry stanza without `codes` repeats: those that say "not now" (RFC 9110, 15.6.3 to 15.6.5). */
const DEFAULT_RETRY_CODES = [502, 503, 504]

/** The Gateway API's default of HTTPRouteRule.matches. */
const EVERYTHING: WireMatch = {
  path: { type: 'PathPrefix', value: '/' },
  method: null,
  headers: [],
  queryParams: [],
}

/** Routes in the order of age and name, the last two tie-breaks of the Gateway API's precedence. */
export function renderRoutes(model: MeshModel, routes: readonly RouteInForce[]): WireRoute[] {
  return routes
    .map(({ resource, createdAt }) => ({
      name: resource.metadata.name,
      createdAt,
      rules: resource.spec.rules.map((rule, index) => renderRule(model, resource, rule, index)),
    }))
    .sort((a, b) => a.createdAt - b.createdAt || (a.name < b.name ? -1 : 1))
}

function renderRule(model: MeshModel, route: HttpRoute, rule: RouteRule, index: number): WireRule {
  const filters = rule.filters ?? []
  const request = rule.timeouts?.request
  const backendRequest = rule.timeouts?.backendRequest
  return {
    // A rule gets its name when it is saved; the index is for what was stored by other means.
    label: routeLabel(route.metadata.name, rule.name ?? `rule-${index}`),
    matches: rule.matches === undefined || rule.matches.length === 0 ? [EVERYTHING] : rule.matches.map(renderMatch),
    filters,
    mirrors: filters.flatMap((filter) =>
      filter.type === 'RequestMirror'
        ? [
            {
              backend: renderBackend(model, filter.requestMirror.backendRef.name, 1),
              share: mirrorShare(filter.requestMirror),
            },
          ]
        : [],
    ),
    backends: (rule.backendRefs ?? []).map((ref) => renderBackend(model, ref.name, ref.weight ?? DEFAULT_WEIGHT)),
    timeouts: { requestMs: timeoutMs(request), backendRequestMs: timeoutMs(backendRequest) },
    retry:
      rule.retry === undefined
        ? null
        : {
            codes: rule.retry.codes ?? DEFAULT_RETRY_CODES,
            attempts: rule.retry.attempts ?? DEFAULT_RETRY_ATTEMPTS,
            backoffMs: durationMs(rule.retry.backoff ?? '0s'),
            nonIdempotent: route.metadata.annotations?.[RETRY_NON_IDEMPOTENT_ANNOTATION] === 'true',
            ...grpcCodesOf(route),
          },
  }
}

function grpcCodesOf({ metadata }: HttpRoute): { grpcCodes?: number[] } {
  const grpcCodes = parseGrpcStatuses(metadata.annotations?.[RETRY_GRPC_ANNOTATION] ?? '')
  return grpcCodes === undefined ? {} : { grpcCodes }
}

function renderMatch(match: RouteMatch): WireMatch {
  return {
    path: match.path ?? { type: 'PathPrefix', value: '/' },
    method: match.method ?? null,
    // A field name is compared without case: lower case once here instead of once per request.
    headers: (match.headers ?? []).map((header) => ({ ...header, name: header.name.toLowerCase() })),
    queryParams: match.queryParams ?? [],
  }
}

/** GEP-1742: a zero duration disables the timeout. */
function timeoutMs(text: string | undefined): number | null {
  const ms = text === undefined ? 0 : durationMs(text)
  return ms === 0 ? null : ms
}

/** The share of requests that is mirrored, 0–1; all of them where the filter names none (GEP-3171). */
function mirrorShare(mirror: Mirror): number {
  if (mirror.percent !== undefined) return mirror.percent / 100
  if (mirror.fraction !== undefined) return mirror.fraction.numerator / (mirror.fraction.denominator ?? 100)
  return 1
}

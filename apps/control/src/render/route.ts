// Routes of a service as proxies read them: what both kinds say alike, names resolved. What a request must be like, and for
// how long and how often it is tried, is each kind's own (httpRule.ts, grpcRule.ts).
import { routeLabel } from '@heddle/shared/names'
import { inForce, type Route, rulesOf } from '@heddle/shared/resources/anyRoute'
import { type BackendRef, DEFAULT_WEIGHT, type Mirror } from '@heddle/shared/resources/routeParts'
import type { WireRoute, WireRule } from '@heddle/shared/wire/config'
import { renderBackend } from './backend.ts'
import { renderGrpcRule } from './grpcRule.ts'
import { renderHttpRule } from './httpRule.ts'
import type { MeshModel, RouteInForce } from './model.ts'

/** What a kind of route says of a rule in its own way. */
export type OwnOfRule = Pick<WireRule, 'matches' | 'timeouts' | 'retry'>

/** Routes in the order of age and name, the last two tie-breaks of the Gateway API's precedence. */
export function renderRoutes(model: MeshModel, routes: readonly RouteInForce[]): WireRoute[] {
  return inForce(routes, ({ resource }) => resource.kind)
    .map(({ resource, createdAt }) => ({
      name: resource.metadata.name,
      createdAt,
      rules: ownOfRules(resource).map((own, index) => renderRule(model, resource, own, index)),
    }))
    .sort((a, b) => a.createdAt - b.createdAt || (a.name < b.name ? -1 : 1))
}

function ownOfRules(route: Route): OwnOfRule[] {
  return route.kind === 'HTTPRoute'
    ? route.spec.rules.map((rule) => renderHttpRule(route, rule))
    : route.spec.rules.map((rule) => renderGrpcRule(route, rule))
}

function renderRule(model: MeshModel, route: Route, own: OwnOfRule, index: number): WireRule {
  const { name, filters = [], backendRefs = [] } = rulesOf(route)[index] ?? {}
  return {
    // A rule gets its name when it is saved; the index is for what was stored by other means.
    label: routeLabel(route.metadata.name, name ?? `rule-${index}`),
    matches: own.matches,
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
    backends: backendRefs.map((ref: BackendRef) => renderBackend(model, ref.name, ref.weight ?? DEFAULT_WEIGHT)),
    timeouts: own.timeouts,
    retry: own.retry,
  }
}

/** The share of requests that is mirrored, 0–1; all of them where the filter names none (GEP-3171). */
function mirrorShare(mirror: Mirror): number {
  if (mirror.percent !== undefined) return mirror.percent / 100
  if (mirror.fraction !== undefined) return mirror.fraction.numerator / (mirror.fraction.denominator ?? 100)
  return 1
}

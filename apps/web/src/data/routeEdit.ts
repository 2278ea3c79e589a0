// Edits of a route: a rule put in, taken out or moved, and a new route around a first rule. Pure: each is a function
// from the route as it is to the route as it would be, so that the same edit can be made again on top of somebody else's.

import { type AnyRule, type Route, type RouteKind, rulesOf } from '@heddle/shared/resources/anyRoute'
import { RETRY_GRPC_ANNOTATION, RETRY_NON_IDEMPOTENT_ANNOTATION } from '@heddle/shared/resources/httpRouteTerms'
import { isSame } from './isSame.ts'
import { ruleIndex } from './ruleIndex.ts'

export type Annotations = Readonly<Record<string, string>>

/** The route as it would be; null: it is deleted. */
export type RouteEdit = (route: Route | null) => Route | null

export function newRoute(kind: RouteKind, name: string, service: string, rule: AnyRule): unknown {
  return {
    apiVersion: 'gateway.networking.k8s.io/v1',
    kind,
    metadata: { name },
    spec: { parentRefs: [{ kind: 'Service', name: service }], rules: [rule] },
  }
}

export function allowsNonIdempotent(route: Route | null): boolean {
  return route?.metadata.annotations?.[RETRY_NON_IDEMPOTENT_ANNOTATION] === 'true'
}

/** The annotation set or taken away; what else is annotated stays. */
export function withNonIdempotent<R extends Route>(route: R, isAllowed: boolean): R {
  if (allowsNonIdempotent(route) === isAllowed) return route
  const { [RETRY_NON_IDEMPOTENT_ANNOTATION]: _, ...others } = route.metadata.annotations ?? {}
  const annotations = isAllowed ? { ...others, [RETRY_NON_IDEMPOTENT_ANNOTATION]: 'true' } : others
  return withAnnotations(route, annotations)
}

/** null: as they are. */
export function withAnnotations<R extends Route>(route: R, annotations: Annotations | null): R {
  if (annotations === null) return route
  const { annotations: _old, ...metadata } = route.metadata
  return { ...route, metadata: Object.keys(annotations).length === 0 ? metadata : { ...metadata, annotations } }
}

/**
 * Whether `written` differs from `base` in no more than annotations and the one rule at `place`: that is what an editor of
 * a rule can hold. `was`: the rule's place in `base`; -1: it is new there. `base` null: the whole route is new.
 */
export function isOneRuleOf(base: Route | null, written: Route, place: number, was: number): boolean {
  const rest = ({ metadata, spec }: Route, own: number) => ({
    metadata: { ...metadata, annotations: undefined, resourceVersion: undefined },
    parents: spec.parentRefs.map(({ name }) => name),
    rules: spec.rules.filter((_, i) => i !== own),
  })
  return isSame(rest(written, place), base === null ? { ...rest(written, place), rules: [] } : rest(base, was))
}

/**
 * Methods of a rule's matches that are not idempotent (RFC 9110, 9.2.2), where the rule takes no others: what may have been
 * processed is not repeated then, unless the route allows it or `listsGrpcStatuses`. Empty: it takes others too.
 */
export function onlyNonIdempotent({
  matches = [],
}: {
  matches?: readonly { method?: unknown }[] | undefined
}): string[] {
  const methods = new Set(matches.map(({ method }) => method))
  const unsafe = [...methods].filter((method) => method === 'POST' || method === 'PATCH')
  return unsafe.length === methods.size ? unsafe : []
}

/** All of gRPC is POST, so an HTTPRoute's rules with `retry` repeat calls that ended with these, without other leave. */
export function listsGrpcStatuses(annotations: Annotations = {}): boolean {
  return annotations[RETRY_GRPC_ANNOTATION] !== undefined
}

/** Whether a rule takes every request or call, whatever else there is. */
export function takesEverything({ matches = [] }: AnyRule): boolean {
  return (
    matches.length === 0 ||
    matches.some((match) => {
      const { method, headers = [] } = match
      const { path, queryParams = [] } = 'path' in match || 'queryParams' in match ? match : {}
      const isAnyPath = path === undefined || (path.type === 'PathPrefix' && path.value === '/')
      return isAnyPath && method === undefined && headers.length + queryParams.length === 0
    })
  )
}

/** Puts a rule in the place of the one called `was`; behind all others where there is none (any more). */
export function withRule<R extends Route>(route: R, was: string | null, rule: AnyRule): R {
  const rules = rulesOf(route)
  const place = was === null ? -1 : ruleIndex(route, was)
  return { ...route, spec: { ...route.spec, rules: place === -1 ? [...rules, rule] : rules.with(place, rule) } }
}

/** null: it was the route's only rule, and a route without rules does not exist. */
export function withoutRule<R extends Route>(route: R, name: string): R | null {
  const place = ruleIndex(route, name)
  if (place === -1) return route
  const rules = rulesOf(route).toSpliced(place, 1)
  return rules.length === 0 ? null : { ...route, spec: { ...route.spec, rules } }
}

/** Puts one rule directly before another. */
export function movedBefore<R extends Route>(route: R, name: string, other: string): R {
  const rule = rulesOf(route)[ruleIndex(route, name)]
  if (rule === undefined || ruleIndex(route, other) === -1 || name === other) return route
  const rest = rulesOf(route).filter((one) => one !== rule)
  const place = rest.findIndex(({ name: one }) => one === rulesOf(route)[ruleIndex(route, other)]?.name)
  return { ...route, spec: { ...route.spec, rules: rest.toSpliced(place, 0, rule) } }
}

interface Ranked {
  route: string
  rule: string
  label: string
  winsBy: string | null
}

/**
 * Whether the rule at `place` wins over the next by nothing but its place in the file: only there does moving it change
 * anything.
 */
export function isTied(rules: readonly Ranked[], place: number): boolean {
  const [one, next] = [rules[place], rules[place + 1]]
  return one?.winsBy === 'order in the route' && next?.route === one.route && next.label !== one.label
}

/** A name for a new route of a service, free among those taken. */
export function freeName(service: string, taken: readonly string[]): string {
  if (!taken.includes(service)) return service
  for (let n = 2; ; n++) if (!taken.includes(`${service}-${n}`)) return `${service}-${n}`
}

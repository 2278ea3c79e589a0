// What stands beside the rules of a route and holds for all of them, as fields of the editor; and the edit that the fields
// mean, which can be made on top of somebody else's change. Pure.
import type { AnyRule, Route, RouteKind } from '@heddle/shared/resources/anyRoute'
import { RETRY_ATTEMPTS_ANNOTATION, RETRY_GRPC_ANNOTATION } from '@heddle/shared/resources/httpRouteTerms'
import { routeSchema } from '@heddle/shared/resources/route'
import { type GrpcRetryForm, grpcRetryForm, withGrpcRetry } from './grpcRetryForm.ts'
import {
  type Annotations,
  allowsNonIdempotent,
  newRoute,
  type RouteEdit,
  withAnnotations,
  withNonIdempotent,
  withRule,
} from './routeEdit.ts'

export interface PolicyForm {
  nonIdempotent: boolean
  /** Of a GRPCRoute. */
  grpcRetry: GrpcRetryForm
  /** As they were written as YAML; null: as they are stored. */
  annotations: Annotations | null
}

/** null: a new route. */
export function policyOf(route: Route | null): PolicyForm {
  return { nonIdempotent: allowsNonIdempotent(route), grpcRetry: grpcRetryForm(route), annotations: null }
}

export interface EditedFields {
  kind: RouteKind
  service: string
  /** The route that the fields began with; null: a new one. */
  base: Route | null
  /** Name of a new route. */
  name: string
  /** Name of the rule in `base`; null: it is new. */
  was: string | null
  rule: AnyRule
  policy: PolicyForm
}

/**
 * What was not touched stays as it is in the route that the edit is made on, which somebody may have changed meanwhile.
 * Where that one is gone, the whole is written anew. null: the fields make no route yet.
 */
export function editOfFields({ kind, service, base, name, was, rule, policy }: EditedFields): RouteEdit {
  const alone = routeSchema.safeParse(newRoute(kind, base?.metadata.name ?? name, service, rule)).data ?? null
  const mine = base ?? alone
  const drafted = mine === null ? null : withPolicy(mine, policy)
  return (route) => {
    if (route === null) return alone === null ? null : withPolicy(alone, policy)
    const edited = withRule(route, was, rule)
    return drafted === null ? edited : withChangedAnnotations(edited, base, drafted)
  }
}

function withPolicy(route: Route, { annotations, grpcRetry, nonIdempotent }: PolicyForm): Route {
  return withNonIdempotent(withGrpcRetry(withAnnotations(route, annotations), grpcRetry), nonIdempotent)
}

/** They mean one thing together: how often goes with the statuses for which it was meant. */
const RETRIES: readonly string[] = [RETRY_GRPC_ANNOTATION, RETRY_ATTEMPTS_ANNOTATION]

/** Takes over onto `route` those annotations in which `drafted` differs from `base`. */
function withChangedAnnotations(route: Route, base: Route | null, drafted: Route): Route {
  const was: Annotations = base?.metadata.annotations ?? {}
  const now: Annotations = drafted.metadata.annotations ?? {}
  const differs = (name: string) => was[name] !== now[name]
  const isTaken = (name: string) => (RETRIES.includes(name) ? RETRIES.some(differs) : differs(name))
  if (!Object.keys({ ...was, ...now }).some(isTaken)) return route
  const theirs = Object.entries(route.metadata.annotations ?? {}).filter(([name]) => !isTaken(name))
  const mine = Object.entries(now).filter(([name]) => isTaken(name))
  return withAnnotations(route, Object.fromEntries([...theirs, ...mine]))
}

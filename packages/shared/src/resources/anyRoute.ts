// The two kinds of routes as one: what a page or a check asks of a route, whichever it is. Apart from their schemas, so that
// pages need not load a validator.
import type { GrpcRoute, GrpcRule } from './grpcRoute.ts'
import type { HttpRoute, RouteRule } from './httpRoute.ts'

export type Route = HttpRoute | GrpcRoute
export type AnyRule = RouteRule | GrpcRule

export const ROUTE_KINDS = ['HTTPRoute', 'GRPCRoute'] as const
export type RouteKind = (typeof ROUTE_KINDS)[number]

export function isRouteKind(kind: string): kind is RouteKind {
  return ROUTE_KINDS.some((known) => known === kind)
}

export function isRoute<R extends { kind: string }>(resource: R): resource is Extract<R, { kind: RouteKind }> {
  return isRouteKind(resource.kind)
}

export function rulesOf(route: Route): readonly AnyRule[] {
  return route.spec.rules
}

/** The route with each of its rules edited. */
export function mapRules<R extends Route>(route: R, edit: <A extends AnyRule>(rule: A) => A): R {
  return { ...route, spec: { ...route.spec, rules: route.spec.rules.map((rule) => edit(rule)) } }
}

/**
 * Routes of both kinds on one Service are not merged: the GRPCRoutes hold and the HTTPRoutes are ignored (GEP-1426, "Route
 * types"). A route can hold for one of its parents and be ignored for another.
 */
export function inForce<T>(routes: readonly T[], kindOf: (route: T) => RouteKind): readonly T[] {
  const ofGrpc = routes.filter((route) => kindOf(route) === 'GRPCRoute')
  return ofGrpc.length > 0 ? ofGrpc : routes
}

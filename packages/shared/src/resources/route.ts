// The two kinds of routes as one: what a page or a check asks of a route, whichever it is.
import { z } from 'zod'
import { type GrpcRoute, type GrpcRule, grpcRouteSchema } from './grpcRoute.ts'
import { type HttpRoute, httpRouteSchema, type RouteRule } from './httpRoute.ts'

export const routeSchema = z.discriminatedUnion('kind', [httpRouteSchema, grpcRouteSchema])
export type Route = HttpRoute | GrpcRoute
export type AnyRule = RouteRule | GrpcRule

export const ROUTE_KINDS = ['HTTPRoute', 'GRPCRoute'] as const
export const routeKindSchema = z.enum(ROUTE_KINDS)
export type RouteKind = z.infer<typeof routeKindSchema>

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

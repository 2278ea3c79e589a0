// What is said where routes of both kinds meet. On one Service they are not merged: its GRPCRoutes hold and its HTTPRoutes
// are ignored (GEP-1426). And a name is one route's: numbers and access rules know a route by its name alone.
import { isRoute, type Resource, type Route } from '@heddle/shared'
import type { Finding, State } from './references.ts'

const OTHER = { HTTPRoute: 'GRPCRoute', GRPCRoute: 'HTTPRoute' } as const

const about = ({ kind, metadata }: Route) => ({ kind, name: metadata.name })

export function namesakeMistakes(written: readonly Resource[], state: State): Finding[] {
  return written
    .filter(isRoute)
    .filter(({ metadata }) => state.namesakes.has(metadata.name))
    .map((route) => ({
      ...about(route),
      path: ['metadata', 'name'],
      message: `there is ${route.kind === 'HTTPRoute' ? 'a' : 'an'} ${OTHER[route.kind]} "${route.metadata.name}" too, and numbers and access rules know a route by its name alone; give one of them another name, or delete it first`,
    }))
}

export function kindWarnings(written: readonly Resource[], state: State): Finding[] {
  return written.filter(isRoute).flatMap((route) =>
    route.spec.parentRefs.flatMap(({ name }, i) => {
      const path = ['spec', 'parentRefs', i, 'name']
      const messages = [mergeWarning(route, name, state), protocolWarning(route, name, state)]
      return messages.flatMap((message) => (message === undefined ? [] : [{ ...about(route), path, message }]))
    }),
  )
}

function mergeWarning(route: Route, service: string, state: State): string | undefined {
  const others = [...state.routes.values()]
    .filter(({ kind, spec }) => kind === OTHER[route.kind] && spec.parentRefs.some(({ name }) => name === service))
    .map(({ metadata }) => `"${metadata.name}"`)
  if (others.length === 0) return undefined
  const named = `${OTHER[route.kind]} ${others.join(', ')}`
  return route.kind === 'HTTPRoute'
    ? `"${service}" has ${named}, and the Gateway API does not merge the two kinds: this route is ignored there`
    : `${named} of "${service}" is ignored from now on: the Gateway API does not merge the two kinds, and a GRPCRoute comes first`
}

function protocolWarning(route: Route, service: string, state: State): string | undefined {
  const found = state.services.get(service)
  if (route.kind !== 'GRPCRoute' || found === undefined || (found.spec?.protocol ?? 'http') !== 'http') return undefined
  return `"${service}" is protocol: http, so its applications are called in HTTP/1.1, which carries no gRPC; set protocol: grpc`
}

// What is said where routes of both kinds meet. On one Service they are not merged: its GRPCRoutes hold and its HTTPRoutes
// are ignored (GEP-1426). And a name is one route's: numbers and access rules know a route by its name alone.
import { type AccessRule, isRoute, type Resource, type Route, type Service } from '@heddle/shared'
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
  return written.flatMap((resource) => {
    if (resource.kind === 'AccessRule') return targetWarning(resource, state)
    if (resource.kind === 'Service') return serviceWarning(resource, written, state)
    if (!isRoute(resource)) return []
    return resource.spec.parentRefs.flatMap(({ name }, i) => {
      const path = ['spec', 'parentRefs', i, 'name']
      const messages = [mergeWarning(resource, name, state), protocolWarning(resource, name, state)]
      return messages.flatMap((message) => (message === undefined ? [] : [{ ...about(resource), path, message }]))
    })
  })
}

function mergeWarning(route: Route, service: string, state: State): string | undefined {
  const others = routesOf(service, OTHER[route.kind], state)
  if (others.length === 0) return undefined
  const named = `${OTHER[route.kind]} ${inQuotes(others)}`
  if (route.kind === 'HTTPRoute')
    return `"${service}" has ${named}, and the Gateway API does not merge the two kinds: this route is ignored there`
  const rules = [...state.accessRules.values()]
    .filter((rule) => rule.spec.target.service === service && others.includes(targetedRoute(rule)))
    .map(({ metadata }) => metadata.name)
  const idle = rules.length === 0 ? '' : `, and so is AccessRule ${inQuotes(rules)}, whose target it is`
  return `${named} of "${service}" is ignored from now on${idle}: the Gateway API does not merge the two kinds, and a GRPCRoute comes first`
}

/** A rule that looks as if it denied or allowed something, and is never asked. */
function targetWarning(rule: AccessRule, state: State): Finding[] {
  const { service } = rule.spec.target
  const holding = routesOf(service, 'GRPCRoute', state)
  const target = targetedRoute(rule)
  if (holding.length === 0 || !routesOf(service, 'HTTPRoute', state).includes(target)) return []
  const message = `HTTPRoute "${target}" is ignored at "${service}", which has GRPCRoute ${inQuotes(holding)}: this rule holds for no call`
  return [{ kind: rule.kind, name: rule.metadata.name, path: ['spec', 'target', 'route'], message }]
}

const inQuotes = (names: readonly string[]): string => names.map((name) => `"${name}"`).join(', ')

/** '': the rule is for all of the service. */
const targetedRoute = ({ spec }: AccessRule): string => spec.target.route?.split('/', 1)[0] ?? ''

function routesOf(service: string, kind: Route['kind'], state: State): string[] {
  return [...state.routes.values()]
    .filter((route) => route.kind === kind && route.spec.parentRefs.some(({ name }) => name === service))
    .map(({ metadata }) => metadata.name)
}

/** Routes that are written with it are warned of themselves. */
function serviceWarning(service: Service, written: readonly Resource[], state: State): Finding[] {
  const { name } = service.metadata
  if ((service.spec?.protocol ?? 'http') !== 'http') return []
  const writtenToo = new Set(written.filter(isRoute).map(({ metadata }) => metadata.name))
  const calls = routesOf(name, 'GRPCRoute', state).filter((route) => !writtenToo.has(route))
  if (calls.length === 0) return []
  const message = `GRPCRoute ${inQuotes(calls)} of "${name}" takes gRPC calls, and with protocol: http its applications are called in HTTP/1.1, which carries none: every call will fail; keep protocol: grpc, or delete the route`
  return [{ kind: 'Service', name, path: ['spec', 'protocol'], message }]
}

function protocolWarning(route: Route, service: string, state: State): string | undefined {
  const found = state.services.get(service)
  if (route.kind !== 'GRPCRoute' || found === undefined || (found.spec?.protocol ?? 'http') !== 'http') return undefined
  return `"${service}" is protocol: http, so its applications are called in HTTP/1.1, which carries no gRPC; set protocol: grpc`
}

// What resources say about each other: parents, backends, targets, callers. Judged on the state that a change would
// leave; a mistake is laid at the document that causes it.
import {
  type AccessRule,
  type AnyRule,
  EGRESS_DESTINATION,
  isRoute,
  PUBLIC_SOURCE,
  type Resource,
  type Route,
  rulesOf,
  type Service,
} from '@heddle/shared'
import type { Mistake } from '@heddle/shared/api/index'
import type { MeshName } from '../configuration/mesh.ts'
import { didYouMean } from './didYouMean.ts'

/** A finding with the resource that it is about; `path` leads to the field. */
export interface Finding {
  kind: Resource['kind']
  name: string
  path: Mistake['path']
  message: string
}

/** The state after the change, by what one looks it up by. */
export interface State {
  services: ReadonlyMap<string, Service>
  /** Of both kinds: a route is known by its name alone (`namesakes` of two kinds are a mistake). */
  routes: ReadonlyMap<string, Route>
  /** Names that routes of both kinds have. */
  namesakes: ReadonlySet<string>
  accessRules: ReadonlyMap<string, AccessRule>
  /** Derived names, e.g. `catalog-v2`. */
  derived: ReadonlyMap<string, { service: string; version: string }>
}

export function stateOf(resources: Iterable<Resource>, names: Iterable<MeshName>): State {
  const services = new Map<string, Service>()
  const routes = new Map<string, Route>()
  const namesakes = new Set<string>()
  const accessRules = new Map<string, AccessRule>()
  for (const resource of resources) {
    if (resource.kind === 'Service') services.set(resource.metadata.name, resource)
    else if (isRoute(resource)) {
      if (routes.has(resource.metadata.name)) namesakes.add(resource.metadata.name)
      routes.set(resource.metadata.name, resource)
    } else if (resource.kind === 'AccessRule') accessRules.set(resource.metadata.name, resource)
  }
  const derived = new Map<string, { service: string; version: string }>()
  for (const { name, service, version } of names) if (version !== null) derived.set(name, { service, version })
  return { services, routes, namesakes, accessRules, derived }
}

/** These label what is no service in every number that the mesh shows. */
export const RESERVED_SERVICE_NAMES: readonly string[] = [EGRESS_DESTINATION, PUBLIC_SOURCE]

export function checkService(service: Service, state: State): Finding[] {
  const name = service.metadata.name
  const finding = (message: string): Finding[] => [{ kind: 'Service', name, path: ['metadata', 'name'], message }]
  if (RESERVED_SERVICE_NAMES.includes(name))
    return finding(`"${name}" is what the mesh calls traffic from and to the outside; choose another name`)
  const clash = state.derived.get(name)
  if (clash === undefined) return []
  return finding(`"${name}" is taken: it means version ${clash.version} of the service "${clash.service}"`)
}

function missingService(name: string, state: State): string | undefined {
  if (state.services.has(name)) return undefined
  const derived = state.derived.get(name)
  if (derived !== undefined)
    return `"${name}" is version ${derived.version} of the service "${derived.service}", and routes and rules are for whole services; name "${derived.service}"`
  return `there is no service "${name}"${didYouMean(name, state.services.keys())}`
}

export function checkRoute(route: Route, state: State): { mistakes: Finding[]; warnings: Finding[] } {
  const head = { kind: route.kind, name: route.metadata.name }
  const mistakes = route.spec.parentRefs.flatMap((parent, i) => {
    const message = missingService(parent.name, state)
    return message === undefined ? [] : [{ ...head, path: ['spec', 'parentRefs', i, 'name'], message }]
  })
  const failure = route.kind === 'GRPCRoute' ? 'UNAVAILABLE' : '500'
  const warnings = rulesOf(route).flatMap((rule, i) =>
    checkBackends(rule, state, failure).map(({ path, message }) => ({
      ...head,
      path: ['spec', 'rules', i, ...path],
      message,
    })),
  )
  return { mistakes, warnings }
}

/** `failure`: what a caller is told whose share has nowhere to go. */
function checkBackends(rule: AnyRule, state: State, failure: string): Pick<Finding, 'path' | 'message'>[] {
  const known = [...state.services.keys(), ...state.derived.keys()]
  const unresolved = (name: string): string | undefined =>
    known.includes(name)
      ? undefined
      : `there is no backend "${name}" (yet)${didYouMean(name, known) || `; its share is answered with ${failure} until there is`}`
  const warnings: Pick<Finding, 'path' | 'message'>[] = []
  const refs = rule.backendRefs ?? []
  for (const [j, ref] of refs.entries()) {
    const message = unresolved(ref.name)
    if (message !== undefined) warnings.push({ path: ['backendRefs', j, 'name'], message })
  }
  if (refs.length > 0 && refs.every((ref) => ref.weight === 0))
    warnings.push({ path: ['backendRefs'], message: `every weight is 0: all requests are answered with ${failure}` })
  for (const [j, filter] of (rule.filters ?? []).entries()) {
    if (filter.type !== 'RequestMirror') continue
    const message = unresolved(filter.requestMirror.backendRef.name)
    if (message !== undefined) warnings.push({ path: ['filters', j, 'requestMirror', 'backendRef', 'name'], message })
  }
  return warnings
}

/** What of the request a rule's filters change that its own matches look at, in words. */
function hiddenByFilters(rule: AnyRule): string | undefined {
  const matches: readonly { headers?: { name: string }[] | undefined }[] = rule.matches ?? []
  const matched = new Set(matches.flatMap(({ headers = [] }) => headers.map((header) => header.name.toLowerCase())))
  for (const filter of rule.filters ?? []) {
    if (filter.type === 'URLRewrite' && filter.urlRewrite.path !== undefined) return 'rewrites the path'
    if (filter.type !== 'RequestHeaderModifier') continue
    const { set = [], add = [], remove = [] } = filter.requestHeaderModifier
    const touched = [...set.map((h) => h.name), ...add.map((h) => h.name), ...remove].map((name) => name.toLowerCase())
    const header = touched.find((name) => matched.has(name))
    if (header !== undefined) return `changes the header "${header}", by which it is chosen,`
  }
  return undefined
}

/** A target of the form `<route>[/<rule>]`: the rules meant, or why there are none. */
function targetedRules(access: AccessRule, state: State): { rules: readonly AnyRule[] } | { message: string } {
  const { service, route: label = '' } = access.spec.target
  const [routeName = '', ruleName] = label.split('/', 2)
  const route = state.routes.get(routeName)
  if (route === undefined)
    return { message: `there is no route "${routeName}"${didYouMean(routeName, state.routes.keys())}` }
  if (!route.spec.parentRefs.some((parent) => parent.name === service))
    return { message: `the ${route.kind} "${routeName}" does not belong to the service "${service}"` }
  if (ruleName === undefined) return { rules: rulesOf(route) }
  const rules = rulesOf(route).filter((rule) => rule.name === ruleName)
  if (rules.length > 0) return { rules }
  const names = rulesOf(route).flatMap((rule) => rule.name ?? [])
  const hint = didYouMean(ruleName, names) || `; it has ${names.map((name) => `"${name}"`).join(', ')}`
  return { message: `the ${route.kind} "${routeName}" has no rule "${ruleName}"${hint}` }
}

export function checkAccessRule(access: AccessRule, state: State): { mistakes: Finding[]; warnings: Finding[] } {
  const head = { kind: 'AccessRule' as const, name: access.metadata.name }
  const mistakes: Finding[] = []
  const missing = missingService(access.spec.target.service, state)
  if (missing !== undefined) mistakes.push({ ...head, path: ['spec', 'target', 'service'], message: missing })
  else if (access.spec.target.route !== undefined) {
    const path = ['spec', 'target', 'route']
    const target = targetedRules(access, state)
    if ('message' in target) mistakes.push({ ...head, path, message: target.message })
    else
      for (const rule of target.rules) {
        const hidden = hiddenByFilters(rule)
        if (hidden === undefined) continue
        const message = `the rule "${rule.name}" of that route ${hidden} before the request arrives, so the receiving side could not tell that this access rule applies; target the service and the rewritten path instead`
        mistakes.push({ ...head, path, message })
      }
  }
  const warnings = access.spec.from.flatMap((caller, i) => {
    if (!('service' in caller) || state.services.has(caller.service)) return []
    const message = `there is no service "${caller.service}" (yet)${didYouMean(caller.service, state.services.keys())}`
    return [{ ...head, path: ['spec', 'from', i, 'service'], message }]
  })
  return { mistakes, warnings }
}

/** Everything that names the service, in words; empty where it can go. `versions`: its derived names. */
export function usersOfService(name: string, state: State): string[] {
  const names = new Set([name, ...[...state.derived].flatMap(([key, { service }]) => (service === name ? key : []))])
  const users: string[] = []
  for (const route of state.routes.values()) {
    const backends = rulesOf(route).flatMap((rule) => [
      ...(rule.backendRefs ?? []),
      ...(rule.filters ?? []).flatMap((f) => (f.type === 'RequestMirror' ? f.requestMirror.backendRef : [])),
    ])
    if (route.spec.parentRefs.some((parent) => parent.name === name)) users.push(`${route.kind} ${route.metadata.name}`)
    else if (backends.some((ref) => names.has(ref.name)))
      users.push(`${route.kind} ${route.metadata.name} (as a backend)`)
  }
  for (const access of state.accessRules.values()) {
    if (access.spec.target.service === name) users.push(`AccessRule ${access.metadata.name}`)
    else if (access.spec.from.some((caller) => 'service' in caller && caller.service === name))
      users.push(`AccessRule ${access.metadata.name} (as a caller)`)
  }
  return users
}

// Whether one access rule is about a request: its target, its callers, its methods and paths. A path that two servers
// could read differently must slip through by neither: what allows holds in both readings, what denies in either. Inside an
// opaque connection anything may be called: there an Allow of a part of the service allows nothing, and a Deny of a part
// denies the whole (as Istio has it for HTTP fields on TCP).
import { matchesPath, type TwiceReadPath } from '../route/pathMatch.ts'
import type { CompiledAccessRule } from './compile.ts'

/** Who calls: a verified identity, or somebody outside through the public port. (A service may be named "public".) */
export type AccessCaller = { readonly service: string } | 'public'

/** A whole connection: what is called inside it nobody sees. */
export interface OpaqueAccess {
  readonly caller: AccessCaller
  readonly method: null
}

export type AccessRequest = HttpAccess | OpaqueAccess

export interface HttpAccess {
  readonly caller: AccessCaller
  /** The real one: X-HTTP-Method-Override and the like are the application's affair. */
  readonly method: string
  /** Canonical path. */
  readonly path: string
  /** `worstReading(path)`. */
  readonly worstPath: string
  /** Label of the route rule that the request matched, `default` where none. */
  readonly route: string
  /** The same, matched on `worstPath`. */
  readonly worstRoute: string
}

/** Whether the request is in the rule's target by either reading: there a Deny holds, and an Allow closes. */
export function touchesTarget(rule: CompiledAccessRule, request: AccessRequest): boolean {
  if (request.method === null) return true
  const { route, worstRoute } = request
  return isInTarget(rule, route) || (worstRoute !== route && isInTarget(rule, worstRoute))
}

/** Whether it is there by both readings: only there an Allow allows. */
export function isWhollyInTarget(rule: CompiledAccessRule, request: AccessRequest): boolean {
  if (request.method === null) return rule.wire.route === null
  const { route, worstRoute } = request
  return isInTarget(rule, route) && (worstRoute === route || isInTarget(rule, worstRoute))
}

/** The rule's target is the whole service, this route, or the HTTPRoute that this route rule is in. */
function isInTarget(rule: CompiledAccessRule, route: string): boolean {
  const target = rule.wire.route
  return target === null || route === target || (route.startsWith(target) && route.charCodeAt(target.length) === 0x2f)
}

export function isFromCaller(rule: CompiledAccessRule, caller: AccessCaller): boolean {
  if (caller === 'public') return rule.isForPublic
  return rule.isForAuthenticated || rule.services.has(caller.service)
}

/** Methods and paths. */
export function isAboutOperation(rule: CompiledAccessRule, request: AccessRequest): boolean {
  if (rule.operations === null) return true
  if (request.method === null) return rule.wire.action === 'Deny'
  const isAllow = rule.wire.action === 'Allow'
  for (const { methods, paths } of rule.operations) {
    if (methods !== null && !hasMethod(methods, request.method, isAllow)) continue
    if (paths === null || (isAllow ? isInBoth(paths, request) : isInEither(paths, request))) return true
  }
  return false
}

/** Methods are case-sensitive (RFC 9110, 9.1), but not for every server: `delete` slips past no Deny of DELETE. */
function hasMethod(methods: ReadonlySet<string>, method: string, isAllow: boolean): boolean {
  return methods.has(method) || (!isAllow && methods.has(method.toUpperCase()))
}

/** Each reading may be matched by another path of the rule: together they allow both. */
function isInBoth(paths: readonly TwiceReadPath[], request: HttpAccess): boolean {
  return isInCanonical(paths, request.path) && isInWorst(paths, request.worstPath)
}

function isInEither(paths: readonly TwiceReadPath[], request: HttpAccess): boolean {
  return isInCanonical(paths, request.path) || isInWorst(paths, request.worstPath)
}

function isInCanonical(paths: readonly TwiceReadPath[], path: string): boolean {
  for (const twice of paths) if (matchesPath(twice.canonical, path)) return true
  return false
}

function isInWorst(paths: readonly TwiceReadPath[], path: string): boolean {
  for (const twice of paths) if (matchesPath(twice.worst, path)) return true
  return false
}

/** Of a rule whose target the request touches: whether it is about the request. */
export function isAbout(rule: CompiledAccessRule, request: AccessRequest): boolean {
  if (rule.wire.action === 'Allow' && !isWhollyInTarget(rule, request)) return false
  return isFromCaller(rule, request.caller) && isAboutOperation(rule, request)
}

// Access rules of one service, compiled once per config change. What they decide is decide.ts.
import type { Caller } from '@heddle/shared/resources/accessRule'
import type { WireAccessRule } from '@heddle/shared/wire/config'
import { compileTwice, type TwiceReadPath } from '../route/pathMatch.ts'
import { type AccessDecision, decidedBy } from './decision.ts'

export interface Operation {
  /** null: every method. */
  readonly methods: ReadonlySet<string> | null
  /** null: every path. */
  readonly paths: readonly TwiceReadPath[] | null
}

export interface CompiledAccessRule {
  readonly wire: WireAccessRule
  /** What is answered where this rule is about the request and decides. */
  readonly deciding: AccessDecision
  /** What is answered where this Allow rule closes the target and no rule allows the request. */
  readonly closing: AccessDecision
  readonly services: ReadonlySet<string>
  readonly isForAuthenticated: boolean
  readonly isForPublic: boolean
  /** null: every request. */
  readonly operations: readonly Operation[] | null
}

export interface AccessTable {
  readonly defaultAccess: 'allow' | 'deny'
  /** By name, so that of several rules that would decide the same one is always named. */
  readonly rules: readonly CompiledAccessRule[]
  /** Some rule's target is a route: the request's route must be known in both readings of its path. */
  readonly hasRouteTargets: boolean
}

/** @throws Error that names the rule, where a regular expression or a path cannot be compiled. */
export function compileAccess(rules: readonly WireAccessRule[], defaultAccess: 'allow' | 'deny'): AccessTable {
  const compiled = rules.map(compileRule)
  compiled.sort((a, b) => (a.wire.name < b.wire.name ? -1 : a.wire.name > b.wire.name ? 1 : 0))
  return { defaultAccess, rules: compiled, hasRouteTargets: compiled.some(({ wire }) => wire.route !== null) }
}

function compileRule(wire: WireAccessRule): CompiledAccessRule {
  try {
    return {
      wire,
      deciding: decidedBy(wire.name, wire.action === 'Allow' ? 'allowed_by_rule' : 'denied_by_rule'),
      closing: decidedBy(wire.name, 'closed'),
      services: new Set(wire.from.flatMap((caller: Caller) => ('service' in caller ? [caller.service] : []))),
      isForAuthenticated: wire.from.some((caller) => 'any' in caller && caller.any === 'authenticated'),
      isForPublic: wire.from.some((caller) => 'any' in caller && caller.any === 'public'),
      operations: wire.to.length === 0 ? null : wire.to.map(compileOperation),
    }
  } catch (cause) {
    throw new Error(`access rule ${wire.name}: ${cause instanceof Error ? cause.message : String(cause)}`, { cause })
  }
}

function compileOperation({ methods, paths }: WireAccessRule['to'][number]): Operation {
  return {
    methods: methods.length === 0 ? null : new Set(methods),
    paths: paths.length === 0 ? null : paths.map((path) => compileTwice(path)),
  }
}

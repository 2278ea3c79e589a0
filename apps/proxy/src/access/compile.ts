// Access rules of one service, compiled once per config change. What they decide is decide.ts.
import type { Caller } from '@heddle/shared/resources/accessRule'
import type { WireAccessRule } from '@heddle/shared/wire/config'
import { worstReading } from '../route/canonical.ts'
import { canonicalValue, compilePath, type PathMatcher, prefixMatcher } from '../route/pathMatch.ts'
import { type AccessDecision, decidedBy } from './decision.ts'

/** A rule's path in both readings: the canonical one for canonical paths, the worst one for worst readings. */
export interface TwiceReadPath {
  readonly canonical: PathMatcher
  readonly worst: PathMatcher
}

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
}

/** @throws Error that names the rule, where a regular expression or a path cannot be compiled. */
export function compileAccess(rules: readonly WireAccessRule[], defaultAccess: 'allow' | 'deny'): AccessTable {
  const compiled = rules.map(compileRule)
  compiled.sort((a, b) => (a.wire.name < b.wire.name ? -1 : a.wire.name > b.wire.name ? 1 : 0))
  return { defaultAccess, rules: compiled }
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
    paths: paths.length === 0 ? null : paths.map(readTwice),
  }
}

/** An expression has one reading: it is asked about both of the request's. */
function readTwice(match: WireAccessRule['to'][number]['paths'][number]): TwiceReadPath {
  const canonical = compilePath(match)
  if (match.type === 'RegularExpression') return { canonical, worst: canonical }
  const value = worstReading(canonicalValue(match.value))
  return { canonical, worst: match.type === 'Exact' ? { kind: 'exact', value } : prefixMatcher(value) }
}

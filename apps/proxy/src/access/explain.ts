// The same decision as decide.ts, told rule by rule: for the console's tester, never on the path of a request.
import type { AccessTable, CompiledAccessRule } from './compile.ts'
import { decideAccess } from './decide.ts'
import type { AccessDecision } from './decision.ts'
import {
  type AccessRequest,
  type HttpAccess,
  isAboutOperation,
  isFromCaller,
  isWhollyInTarget,
  type OpaqueAccess,
  touchesTarget,
} from './matches.ts'

export interface RuleExplained {
  readonly rule: string
  readonly action: 'Allow' | 'Deny'
  readonly mode: 'enforce' | 'audit'
  /**
   * decides: it is the decision's rule; agrees: it is about the request too, but another decided; audit: it would have
   * changed the decision; closes: it is not about this request and by being there closes the target; none.
   */
  readonly effect: 'decides' | 'agrees' | 'audit' | 'closes' | 'none'
  /** One plain sentence. */
  readonly why: string
}

export interface AccessExplanation {
  readonly decision: AccessDecision
  /** One plain sentence. */
  readonly summary: string
  /** By name. */
  readonly rules: readonly RuleExplained[]
}

export function explainAccess(table: AccessTable, request: AccessRequest): AccessExplanation {
  const decision = decideAccess(table, request)
  return {
    decision,
    summary: summarise(decision, nounOf(request)),
    rules: table.rules.map((rule) => explainRule(rule, request, decision)),
  }
}

const nounOf = ({ method }: AccessRequest): string => (method === null ? 'connection' : 'call')

function summarise({ allowed, rule, because }: AccessDecision, noun: string): string {
  switch (because) {
    case 'denied_by_rule':
      return `The rule ${rule} denies it; Deny beats Allow.`
    case 'allowed_by_rule':
      return `The rule ${rule} allows it.`
    case 'closed':
      return `Allow rules such as ${rule} close this target, and none of them allows this ${noun}.`
    case 'default':
      return `No rule decides this ${noun}: the mesh ${allowed ? 'allows' : 'denies'} by default.`
  }
}

function explainRule(rule: CompiledAccessRule, request: AccessRequest, decision: AccessDecision): RuleExplained {
  const { name, action, mode } = rule.wire
  const mismatch = whyNot(rule, request)
  const noun = nounOf(request)
  const head = { rule: name, action, mode }
  const audited = mode === 'audit' ? decision.hits.find((hit) => hit.rule === name) : undefined
  if (audited !== undefined) {
    const would = audited.verdict === 'audit_would_allow' ? 'allow' : 'deny'
    return {
      ...head,
      effect: 'audit',
      why: `In force it would ${would} this ${noun}. ${mismatch ?? 'It is about it.'}`,
    }
  }
  const closes = mode === 'enforce' && action === 'Allow' && touchesTarget(rule, request)
  if (mismatch !== null && decision.because === 'closed' && closes)
    return { ...head, effect: decision.rule === name ? 'decides' : 'closes', why: `It closes the target. ${mismatch}` }
  if (mismatch !== null) return { ...head, effect: 'none', why: mismatch }
  if (mode === 'audit') return { ...head, effect: 'none', why: 'It is in audit mode and would change nothing.' }
  if (decision.rule === name) return { ...head, effect: 'decides', why: `It is about this ${noun}.` }
  const agrees = (action === 'Allow') === decision.allowed
  return agrees
    ? { ...head, effect: 'agrees', why: `It is about this ${noun} too; ${decision.rule} comes first.` }
    : {
        ...head,
        effect: 'none',
        why: `It is about this ${noun}, but ${decision.rule} denies it, and Deny beats Allow.`,
      }
}

function whyNot(rule: CompiledAccessRule, request: AccessRequest): string | null {
  return request.method === null ? whyNotOpaque(rule, request) : whyNotHttp(rule, request)
}

function whyNotOpaque(rule: CompiledAccessRule, request: OpaqueAccess): string | null {
  if (!isFromCaller(rule, request.caller)) return notAmongCallers(request)
  if (rule.wire.action === 'Deny') return null
  if (!isWhollyInTarget(rule, request)) return 'It allows a route, and a TCP connection has none.'
  return isAboutOperation(rule, request) ? null : 'It allows methods and paths, and a TCP connection has none.'
}

function notAmongCallers({ caller }: AccessRequest): string {
  return caller === 'public'
    ? 'The caller came through the public port, which the rule does not name.'
    : `The caller ${caller.service} is not among its callers.`
}

function whyNotHttp(rule: CompiledAccessRule, request: HttpAccess): string | null {
  const { route, action } = rule.wire
  if (!touchesTarget(rule, request)) return `The request's route is ${request.route}, not ${route}.`
  if (action === 'Allow' && !isWhollyInTarget(rule, request))
    return `A server could read ${request.path} as ${request.worstPath}: an Allow on ${route} must hold for both, and their routes are ${request.route} and ${request.worstRoute}.`
  if (!isFromCaller(rule, request.caller)) return notAmongCallers(request)
  if (isAboutOperation(rule, request)) return null
  const methods = (rule.operations ?? []).flatMap((operation) =>
    operation.methods === null ? [] : [...operation.methods],
  )
  const everyMethod = (rule.operations ?? []).some((operation) => operation.methods === null)
  if (!everyMethod && !methods.includes(request.method))
    return `The method ${request.method} is not among ${methods.join(', ')}.`
  if (request.path === request.worstPath) return `It has no path that matches ${request.path} with this method.`
  return action === 'Allow'
    ? `An Allow must match both ${request.path} and ${request.worstPath}, as which a server could read it.`
    : `It matches neither ${request.path} nor ${request.worstPath}, as which a server could read it.`
}

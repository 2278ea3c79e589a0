// Whether a call may pass. Deny beats Allow; with no Allow rule on a target the mesh default holds, with one everything
// else is denied there. An audit rule decides nothing: the decision is made with and without it, and a difference counted.
import type { AccessTable, CompiledAccessRule } from './compile.ts'
import { type AccessDecision, ALLOWED_BY_DEFAULT, DENIED_BY_DEFAULT, type RuleHit } from './decision.ts'
import { type AccessRequest, isAbout, touchesTarget } from './matches.ts'

export type { AccessDecision, RuleHit } from './decision.ts'
export type { AccessCaller, AccessRequest, HttpAccess, OpaqueAccess } from './matches.ts'

export function decideAccess(table: AccessTable, request: AccessRequest): AccessDecision {
  let denying: CompiledAccessRule | null = null
  let allowing: CompiledAccessRule | null = null
  let closing: CompiledAccessRule | null = null
  let hasAudit = false
  for (const rule of table.rules) {
    if (!touchesTarget(rule, request)) continue
    if (rule.wire.mode === 'audit') {
      hasAudit = true
    } else if (rule.wire.action === 'Deny') {
      if (denying === null && isAbout(rule, request)) denying = rule
    } else {
      closing ??= rule
      if (allowing === null && isAbout(rule, request)) allowing = rule
    }
  }
  const decision =
    denying?.deciding ??
    allowing?.deciding ??
    closing?.closing ??
    (table.defaultAccess === 'allow' ? ALLOWED_BY_DEFAULT : DENIED_BY_DEFAULT)
  return hasAudit ? withAudits(table, request, decision) : decision
}

/** Adds what each audit rule, were it enforced alone beside the enforced ones, would have changed. */
function withAudits(table: AccessTable, request: AccessRequest, decision: AccessDecision): AccessDecision {
  let hits: RuleHit[] | null = null
  for (const rule of table.rules) {
    if (rule.wire.mode !== 'audit' || !touchesTarget(rule, request)) continue
    const wouldAllow = withRule(decision, rule.wire.action, isAbout(rule, request))
    if (wouldAllow === decision.allowed) continue
    hits ??= [...decision.hits]
    hits.push({ rule: rule.wire.name, verdict: wouldAllow ? 'audit_would_allow' : 'audit_would_deny' })
  }
  return hits === null ? decision : { ...decision, hits }
}

/** Whether the call would pass with one more rule in force. */
function withRule(decision: AccessDecision, action: 'Allow' | 'Deny', isAboutRequest: boolean): boolean {
  if (action === 'Deny') return decision.allowed && !isAboutRequest
  switch (decision.because) {
    case 'denied_by_rule':
      return false
    case 'allowed_by_rule':
      return true
    case 'closed':
      return isAboutRequest
    case 'default':
      // The target has no Allow rule yet: this one would close it.
      return isAboutRequest
  }
}

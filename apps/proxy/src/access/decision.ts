// What an access decision says. Those that a rule can lead to are made when it is compiled, so that deciding allocates
// nothing.

export interface RuleHit {
  readonly rule: string
  readonly verdict: 'allowed' | 'denied' | 'audit_would_allow' | 'audit_would_deny'
}

export interface AccessDecision {
  readonly allowed: boolean
  /** Rule that decided: the Deny, the Allow, or, for `closed`, the first Allow rule that closes the target; null: the mesh default. */
  readonly rule: string | null
  readonly because: 'denied_by_rule' | 'allowed_by_rule' | 'closed' | 'default'
  /** To be counted, one each: the rule that decided, and the audit rules that would have changed it. */
  readonly hits: readonly RuleHit[]
}

export function decidedBy(rule: string, because: Exclude<AccessDecision['because'], 'default'>): AccessDecision {
  const allowed = because === 'allowed_by_rule'
  return { allowed, rule, because, hits: [{ rule, verdict: allowed ? 'allowed' : 'denied' }] }
}

export const ALLOWED_BY_DEFAULT: AccessDecision = { allowed: true, rule: null, because: 'default', hits: [] }
export const DENIED_BY_DEFAULT: AccessDecision = { allowed: false, rule: null, because: 'default', hits: [] }

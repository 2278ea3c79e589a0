import type { AccessTable } from './compile.ts'
/** Who calls: a verified identity, or somebody outside through the public port. (A service may be named "public".) */
export type AccessCaller = { readonly service: string } | 'public'
export interface AccessRequest {
  readonly caller: AccessCaller
  readonly method: string
  /** Canonical path and its worst reading (`worstReading`). */
  readonly path: string
  readonly worstPath: string
  /** Label of the route rule that the request matched, `default` where none. */
  readonly route: string
}
export interface RuleHit {
  readonly rule: string
  readonly verdict: 'allowed' | 'denied' | 'audit_would_allow' | 'audit_would_deny'
}
export interface AccessDecision {
  readonly allowed: boolean
  /** Rule that decided: the Deny, the Allow, or, for `closed`, the first Allow rule that closes the target; null: the mesh default. */
  readonly rule: string | null
  readonly because: 'denied_by_rule' | 'allowed_by_rule' | 'closed' | 'default'
  /** To be counted, one each. */
  readonly hits: readonly RuleHit[]
}
export function decideAccess(table: AccessTable, request: AccessRequest): AccessDecision {
  throw new Error(`pending ${table.rules.length} ${request.path}`)
}

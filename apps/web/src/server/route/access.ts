// The access rules that a call of this route meets, those that decide first, and what holds where none does. Pure.
import type { AccessRule } from '@heddle/shared/resources/accessRule'
import type { RuleRow } from '@heddle/shared/wire/metrics'
import { formatCount, NBSP } from '../../data/numbers.ts'
import type { AppliedRule } from '../schemas/route.ts'
import { ruleInWords } from '../traffic/words.ts'

interface Target {
  service: string
  /** `<HTTPRoute>/<rule>` or `default`. */
  route: string
}

/** Whether a rule's target covers the route: the service as a whole, the HTTPRoute, or this rule of it. */
export function covers({ spec }: AccessRule, { service, route }: Target): boolean {
  if (spec.target.service !== service) return false
  const wanted = spec.target.route
  return wanted === undefined || wanted === route || route.startsWith(`${wanted}/`)
}

/** `hits`: of the last 24 hours. Rules count over all of their target, not by route. */
export function appliedRules(
  rules: readonly AccessRule[],
  target: Target,
  hits: readonly RuleRow[],
  defaultAccess: 'allow' | 'deny',
): AppliedRule[] {
  const applied = rules.filter((rule) => covers(rule, target))
  // Deny beats Allow; what is only audited decides nothing.
  const ranked = [...applied].sort((a, b) => rank(a) - rank(b) || a.metadata.name.localeCompare(b.metadata.name))
  const isClosed = applied.some((rule) => rule.spec.action === 'Allow' && isEnforced(rule))
  return [
    ...ranked.map((rule) => ({
      rule: rule.metadata.name,
      state: stateOf(rule),
      title: rule.metadata.name,
      detail: `${ruleInWords(rule)}${isEnforced(rule) ? '' : ', audit'}: ${hitsInWords(rule, hits)}`,
    })),
    elseOf(target.service, isClosed, defaultAccess),
  ]
}

const isEnforced = ({ spec }: AccessRule): boolean => (spec.mode ?? 'enforce') === 'enforce'
const rank = (rule: AccessRule): number => (!isEnforced(rule) ? 2 : rule.spec.action === 'Deny' ? 0 : 1)

function stateOf(rule: AccessRule): AppliedRule['state'] {
  if (!isEnforced(rule)) return 'audit'
  return rule.spec.action === 'Deny' ? 'deny' : 'allow'
}

function hitsInWords({ spec, metadata }: AccessRule, hits: readonly RuleRow[]): string {
  const count = (verdict: RuleRow['verdict']) =>
    hits.reduce((sum, row) => (row.rule === metadata.name && row.verdict === verdict ? sum + row.hits : sum), 0)
  const calls = (n: number) => `${formatCount(n)}${NBSP}call${n === 1 ? '' : 's'} in 24${NBSP}h`
  if ((spec.mode ?? 'enforce') === 'enforce')
    return spec.action === 'Deny' ? `denied ${calls(count('denied'))}` : `let in ${calls(count('allowed'))}`
  return spec.action === 'Deny'
    ? `would have denied ${calls(count('audit_would_deny'))}`
    : `would have let in ${calls(count('audit_would_allow'))}`
}

function elseOf(service: string, isClosed: boolean, defaultAccess: 'allow' | 'deny'): AppliedRule {
  if (isClosed)
    return {
      rule: null,
      state: 'deny',
      title: 'Everything else is denied',
      detail: 'an Allow rule is in force here, so only what such a rule names is let in',
    }
  const none = `no Allow rule in force targets ${service} here, and the mesh default is ${defaultAccess}`
  return defaultAccess === 'allow'
    ? { rule: null, state: 'default', title: 'Allowed by default', detail: none }
    : { rule: null, state: 'deny', title: 'Denied by default', detail: none }
}

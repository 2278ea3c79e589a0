// The rules of a service that decide, before and after a change of one of them, as its proxies get them. Pure.
import { renderAccessRules } from '@heddle/control/render/rule'
import type { AccessRule } from '@heddle/shared/resources/accessRule'
import type { WireAccessRule } from '@heddle/shared/wire/config'

export interface OneRuleChange {
  /** As it is; undefined: it is new. */
  stored: AccessRule | undefined
  /** As it would be; null: deleted. */
  wanted: AccessRule | null
}

/** An audit rule decides nothing, so it is in neither list. `rules`: those of the service that are stored. */
export function rulesInForce(
  rules: readonly AccessRule[],
  service: string,
  { stored, wanted }: OneRuleChange,
): { before: WireAccessRule[]; after: WireAccessRule[] } {
  const name = wanted?.metadata.name ?? stored?.metadata.name
  const others = rules.filter((rule) => rule.metadata.name !== name)
  const isHere = (rule: AccessRule | null | undefined): rule is AccessRule =>
    rule !== undefined && rule !== null && rule.spec.target.service === service
  const inForce = (rule: AccessRule | null | undefined) =>
    renderAccessRules([...others, ...(isHere(rule) ? [rule] : [])]).filter(({ mode }) => mode === 'enforce')
  return { before: inForce(stored), after: inForce(wanted) }
}

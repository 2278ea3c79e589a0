// Access rules as proxies read them, in the order of their names.
import type { AccessRule } from '@heddle/shared/resources/accessRule'
import type { WireAccessRule } from '@heddle/shared/wire/config'

export function renderAccessRules(rules: readonly AccessRule[]): WireAccessRule[] {
  return rules
    .map(({ metadata, spec }) => ({
      name: metadata.name,
      route: spec.target.route ?? null,
      action: spec.action,
      mode: spec.mode ?? 'enforce',
      from: spec.from,
      to: (spec.to ?? []).map((to) => ({ methods: to.methods ?? [], paths: to.paths ?? [] })),
    }))
    .sort((a, b) => (a.name < b.name ? -1 : 1))
}

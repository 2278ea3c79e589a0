// Where a rule stands in its HTTPRoute. Pure.
import type { HttpRoute } from '@heddle/shared/resources/httpRoute'

/** Place of the rule of that name; one that has none is known by its place, "rule-0". -1: there is none. */
export function ruleIndex(route: HttpRoute, name: string): number {
  return route.spec.rules.findIndex((rule, place) => (rule.name ?? `rule-${place}`) === name)
}

// Where a rule stands in its route. Pure.
import { type Route, rulesOf } from '@heddle/shared/resources/anyRoute'

/** Place of the rule of that name; one that has none is known by its place, "rule-0". -1: there is none. */
export function ruleIndex(route: Route, name: string): number {
  return rulesOf(route).findIndex((rule, place) => (rule.name ?? `rule-${place}`) === name)
}

// A route with other weights in one of its rules: what the review shows and what an edit applies. Pure.
import { serviceNameSchema } from '@heddle/shared/names'
import { type Route, rulesOf } from '@heddle/shared/resources/anyRoute'
import { ruleIndex } from './ruleIndex.ts'

/**
 * The rule with these backends and no others: those that it has keep their place and what else they say, new ones come
 * behind. null: the route has no such rule.
 */
export function withSplit<R extends Route>(route: R, ruleName: string, weights: ReadonlyMap<string, number>): R | null {
  const rules = rulesOf(route)
  const index = ruleIndex(route, ruleName)
  const rule = rules[index]
  if (rule === undefined) return null
  const old = rule.backendRefs ?? []
  const kept = old.flatMap((ref) => {
    const weight = weights.get(ref.name)
    return weight === undefined ? [] : [{ ...ref, weight }]
  })
  const added = [...weights]
    .filter(([name]) => !old.some((ref) => ref.name === name))
    .map(([name, weight]) => ({ kind: 'Service' as const, name: serviceNameSchema.parse(name), weight }))
  const backendRefs = [...kept, ...added]
  return { ...route, spec: { ...route.spec, rules: rules.with(index, { ...rule, backendRefs }) } }
}

// Which version a change of weights favours, by the weights themselves: known at once, before any call tells. Pure.
import type { Change } from '@heddle/shared/api/index'
import { isRouteKind } from '@heddle/shared/resources/anyRoute'
import { z } from 'zod'
import { sharesOf } from '../../data/shares.ts'
import type { Backend } from './attribution.ts'

/** Of a stored route no more than this is read; another one tells nothing. */
const routeSchema = z.object({
  spec: z.object({
    rules: z.array(
      z.object({ backendRefs: z.array(z.object({ name: z.string(), weight: z.number().optional() })).optional() }),
    ),
  }),
})

export interface RuleAt {
  /** Its name. */
  route: string
  /** Of the rule in it. */
  index: number
  /** Its backends now, by name. */
  backends: ReadonlyMap<string, Backend>
}

/** The version whose share grew most; null where the change moved no weight of the rule, or not to one version alone. */
export function risingVersion({ items }: Pick<Change, 'items'>, { route, index, backends }: RuleAt): string | null {
  const item = items.find(({ ref }) => isRouteKind(ref.kind) && ref.name === route)
  if (item === undefined) return null
  const [before, after] = [shares(item.before, index), shares(item.after, index)]
  const gains = [...after].map(([name, share]) => ({ name, gain: share - (before.get(name) ?? 0) }))
  const most = gains.toSorted((a, b) => b.gain - a.gain)[0]
  return most !== undefined && most.gain > 0 ? (backends.get(most.name)?.version ?? null) : null
}

function shares(stored: unknown, index: number): ReadonlyMap<string, number> {
  const refs = routeSchema.safeParse(stored).data?.spec.rules[index]?.backendRefs ?? []
  const percents = sharesOf(refs.map(({ weight }) => weight ?? 1))
  return new Map(refs.map(({ name }, i) => [name, percents[i] ?? 0]))
}

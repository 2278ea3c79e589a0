// Every rule of a route has a name, since metrics and access rules point at it. One that came without gets a name at
// its first save, and keeps it: applied again without it, the rule is found by its matches.
import { type AnyRule, mapRules, type Route, rulesOf } from '@heddle/shared'
import { sameMatches } from './sameMeaning.ts'

const LONGEST = 40

/** From what the rule matches: "/api/products" gives "api-products", calls of shop.Catalog/Get give "shop-catalog-get". */
function suggestion(rule: AnyRule): string {
  const match = rule.matches?.[0] ?? {}
  const { method } = match
  if (typeof method === 'object') return slug(`${method.service ?? ''}/${method.method ?? ''}`) || 'all'
  const path = 'path' in match ? match.path?.value : undefined
  return [method?.toLowerCase(), slug(path ?? '')].filter(Boolean).join('-') || 'all'
}

function slug(text: string): string {
  return text
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .slice(0, LONGEST)
    .replaceAll(/^-+|-+$/g, '')
}

function unused(wanted: string, used: ReadonlySet<string>): string {
  if (!used.has(wanted)) return wanted
  for (let n = 2; ; n++) if (!used.has(`${wanted}-${n}`)) return `${wanted}-${n}`
}

/** `stored`: the route as it is now, if there is one. */
export function nameRules<R extends Route>(route: R, stored: R | null): R {
  const storedRules = stored === null ? [] : rulesOf(stored)
  const used = new Set(rulesOf(route).flatMap((rule) => rule.name ?? []))
  const storedNames = new Set(storedRules.flatMap((rule) => rule.name ?? []))
  return mapRules(route, (rule) => {
    if (rule.name !== undefined) return rule
    const same = storedRules.find(
      (candidate) => candidate.name !== undefined && !used.has(candidate.name) && sameMatches(candidate, rule),
    )
    // A new rule does not take the name of one that goes away: their numbers would be drawn as one line.
    const name = same?.name ?? unused(suggestion(rule), new Set([...used, ...storedNames]))
    used.add(name)
    return { name, ...rule }
  })
}

// Every rule of a route has a name, since metrics and access rules point at it. One that came without gets a name at
// its first save, and keeps it: applied again without it, the rule is found by its matches.
import type { HttpRoute, RouteRule } from '@heddle/shared'
import { sameMatches } from './sameMeaning.ts'

const LONGEST = 40

/** From what the rule matches: "/api/products" gives "api-products". */
function suggestion(rule: RouteRule): string {
  const match = rule.matches?.[0]
  const path = match?.path?.value ?? '/'
  const slug = `${path === '/' ? '' : path}`
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .slice(0, LONGEST)
    .replaceAll(/^-+|-+$/g, '')
  const method = match?.method?.toLowerCase()
  return [method, slug].filter(Boolean).join('-') || 'all'
}

function unused(wanted: string, used: ReadonlySet<string>): string {
  if (!used.has(wanted)) return wanted
  for (let n = 2; ; n++) if (!used.has(`${wanted}-${n}`)) return `${wanted}-${n}`
}

/** `stored`: the route as it is now, if there is one. */
export function nameRules(route: HttpRoute, stored: HttpRoute | null): HttpRoute {
  const used = new Set(route.spec.rules.flatMap((rule) => rule.name ?? []))
  const storedNames = new Set(stored?.spec.rules.flatMap((rule) => rule.name ?? []))
  const rules = route.spec.rules.map((rule) => {
    if (rule.name !== undefined) return rule
    const same = stored?.spec.rules.find(
      (candidate) => candidate.name !== undefined && !used.has(candidate.name) && sameMatches(candidate, rule),
    )
    // A new rule does not take the name of one that goes away: their numbers would be drawn as one line.
    const name = same?.name ?? unused(suggestion(rule), new Set([...used, ...storedNames]))
    used.add(name)
    return { name, ...rule }
  })
  return { ...route, spec: { ...route.spec, rules } }
}

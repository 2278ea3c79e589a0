// A change in words, for the list of changes: "catalog/products: catalog-v1 90 → 70, catalog-v2 10 → 30".
import { isDeepStrictEqual } from 'node:util'
import { type AnyRule, DEFAULT_WEIGHT, isRoute, type Resource, type Route, rulesOf } from '@heddle/shared'

export interface SummarizedItem {
  before: Resource | null
  after: Resource | null
}

const LONGEST = 400
const LISTED_ITEMS = 5
const LISTED_FIELDS = 4
/** Of several resources of one kind; one more is not worth its own words. */
const NAMED = 3

function shown(value: unknown): string {
  if (value === undefined) return 'none'
  const text = typeof value === 'string' ? value : JSON.stringify(value)
  return text.length > 40 ? `${text.slice(0, 37)}…` : text
}

/** Leaves of an object by dotted path; arrays are leaves. */
function leaves(value: unknown, path = ''): Map<string, unknown> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return new Map([[path, value]])
  return new Map(Object.entries(value).flatMap(([key, field]) => [...leaves(field, path ? `${path}.${key}` : key)]))
}

function changedFields(before: unknown, after: unknown): string {
  const [old, now] = [leaves(before ?? {}), leaves(after ?? {})]
  const parts = [...new Set([...old.keys(), ...now.keys()])]
    .filter((path) => path !== '' && !isDeepStrictEqual(old.get(path), now.get(path)))
    .map((path) => {
      const [a, b] = [old.get(path), now.get(path)]
      return Array.isArray(a) || Array.isArray(b) ? `${path} changed` : `${path} ${shown(a)} → ${shown(b)}`
    })
  const rest = parts.length - LISTED_FIELDS
  return [...parts.slice(0, LISTED_FIELDS), ...(rest > 0 ? [`${rest} more`] : [])].join(', ') || 'changed'
}

function changedWeights(before: AnyRule, after: AnyRule): string[] {
  const weightsOf = (rule: AnyRule) =>
    new Map(rule.backendRefs?.map((ref) => [ref.name as string, ref.weight ?? DEFAULT_WEIGHT]))
  const [old, now] = [weightsOf(before), weightsOf(after)]
  return [...new Set([...old.keys(), ...now.keys()])]
    .filter((name) => old.get(name) !== now.get(name))
    .map((name) => `${name} ${old.get(name) ?? 'none'} → ${now.get(name) ?? 'none'}`)
}

function changedRule(label: string, before: AnyRule, after: AnyRule): string[] {
  const { backendRefs: _, ...oldRest } = before
  const { backendRefs: __, ...newRest } = after
  const parts = changedWeights(before, after)
  if (!isDeepStrictEqual(oldRest, newRest)) parts.push(changedFields(oldRest, newRest))
  return parts.length === 0 ? [] : [`${label}: ${parts.join(', ')}`]
}

function changedRoute(before: Route, after: Route): string[] {
  const name = after.metadata.name
  const byName = (route: Route) => new Map(rulesOf(route).map((rule) => [rule.name ?? '', rule]))
  const [old, now] = [byName(before), byName(after)]
  const parts: string[] = []
  for (const [rule, content] of now) {
    const was = old.get(rule)
    parts.push(...(was === undefined ? [`${name}/${rule}: added`] : changedRule(`${name}/${rule}`, was, content)))
  }
  for (const rule of old.keys()) if (!now.has(rule)) parts.push(`${name}/${rule}: removed`)
  const [{ rules: _, ...oldSpec }, { rules: __, ...newSpec }] = [before.spec, after.spec]
  const [oldHead, newHead] = [
    { metadata: before.metadata, ...oldSpec },
    { metadata: after.metadata, ...newSpec },
  ]
  if (!isDeepStrictEqual(oldHead, newHead)) parts.push(`${after.kind} ${name}: ${changedFields(oldHead, newHead)}`)
  if (parts.length === 0) parts.push(`${after.kind} ${name}: order of rules`)
  return parts
}

function describe({ before, after }: SummarizedItem): string[] {
  if (before === null || after === null) return []
  if (isRoute(before) && isRoute(after)) return changedRoute(before, after)
  const bodyOf = ({ metadata, spec }: Resource) => ({
    labels: metadata.labels,
    annotations: metadata.annotations,
    ...spec,
  })
  return [`${after.kind} ${after.metadata.name}: ${changedFields(bodyOf(before), bodyOf(after))}`]
}

/** "7 Services created (cart, catalog, checkout and 4 more)": a first apply of a whole mesh is read at a glance. */
function comings(items: readonly SummarizedItem[], verb: 'created' | 'deleted'): string[] {
  const own = items.flatMap(({ before, after }) => {
    const resource = verb === 'created' ? after : before
    const other = verb === 'created' ? before : after
    return resource !== null && other === null ? resource : []
  })
  return [...Map.groupBy(own, ({ kind }) => kind)].map(([kind, resources]) => {
    const names = resources.map(({ metadata }) => metadata.name)
    if (names.length === 1) return `${kind} ${names.join('')} ${verb}`
    const more = names.length - NAMED
    const named = more > 1 ? `${names.slice(0, NAMED).join(', ')} and ${more} more` : names.join(', ')
    return `${names.length} ${kind}s ${verb} (${named})`
  })
}

export function summarize(items: readonly SummarizedItem[]): string {
  // What was deleted comes before what only differs: the end of a long change is cut off.
  const parts = [...comings(items, 'created'), ...comings(items, 'deleted'), ...items.flatMap(describe)]
  const rest = parts.length - LISTED_ITEMS
  const text = [...parts.slice(0, LISTED_ITEMS), ...(rest > 0 ? [`and ${rest} more`] : [])].join('; ')
  return text.length > LONGEST ? `${text.slice(0, LONGEST - 1)}…` : text
}

// The stored form of a resource: what `heddle get` prints and `heddle apply` takes. The YAML's own fields in the
// schema's order, with group, kind and weight of references written out as the Gateway API's server does.
import {
  type AnyRule,
  DEFAULT_WEIGHT,
  isRoute,
  mapRules,
  type Resource,
  type Route,
  resourceSchema,
} from '@heddle/shared'

function withoutEmpty<T extends object>(value: T): T {
  const kept = Object.entries(value).filter(
    ([, field]) => !(Array.isArray(field) && field.length === 0) && field !== undefined,
  )
  return Object.fromEntries(kept) as T
}

const sorted = (record: Record<string, string>): Record<string, string> =>
  Object.fromEntries(Object.entries(record).sort(([a], [b]) => (a < b ? -1 : 1)))

function metadataOf(metadata: Resource['metadata']): Resource['metadata'] {
  const { name, labels = {}, annotations = {} } = metadata
  return {
    name,
    ...(Object.keys(labels).length > 0 ? { labels: sorted(labels) } : {}),
    ...(Object.keys(annotations).length > 0 ? { annotations: sorted(annotations) } : {}),
  }
}

function ruleOf<A extends AnyRule>(rule: A): A {
  return withoutEmpty({
    ...rule,
    matches: (rule.matches ?? []).map(withoutEmpty),
    filters: (rule.filters ?? []).map((filter) => {
      if (filter.type !== 'RequestMirror') return filter
      const { namespace: _, ...backendRef } = filter.requestMirror.backendRef
      const mirror = {
        ...filter.requestMirror,
        backendRef: { ...backendRef, group: '' as const, kind: 'Service' as const },
      }
      return { ...filter, requestMirror: mirror }
    }),
    backendRefs: (rule.backendRefs ?? []).map(({ namespace: _, ...ref }) => ({
      ...ref,
      group: '' as const,
      kind: 'Service' as const,
      weight: ref.weight ?? DEFAULT_WEIGHT,
    })),
  })
}

function specOf(route: Route): Route['spec'] {
  return {
    ...mapRules(route, ruleOf).spec,
    parentRefs: route.spec.parentRefs.map(({ namespace: _, ...ref }) => ({ ...ref, group: '' as const })),
  }
}

/** Parsing once more puts the fields into the schema's order (jsonb forgets it). */
export function canonicalForm(resource: Resource): Resource {
  const metadata = metadataOf(resource.metadata)
  const spec = isRoute(resource) ? specOf(resource) : resource.spec
  return resourceSchema.parse(withoutEmpty({ ...resource, metadata, spec }))
}

/** The form with metadata.resourceVersion, as `get` hands it out. */
export function printedForm(stored: { resource: Resource; version: number }): Resource {
  const { resource, version } = stored
  return resourceSchema.parse({ ...resource, metadata: { ...resource.metadata, resourceVersion: String(version) } })
}

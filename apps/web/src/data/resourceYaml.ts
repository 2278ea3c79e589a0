// A resource as the YAML that `apply` takes. Pages load this when YAML is asked for.
import { stringify } from 'yaml'

/** A resource as people write it; the version that an edit was made from is not part of what it says. */
export function yamlOf(resource: unknown): string {
  if (resource === null || resource === undefined) return ''
  return stringify(withoutVersion(resource), { lineWidth: 0 }).trimEnd()
}

function withoutVersion(resource: unknown): unknown {
  if (typeof resource !== 'object' || resource === null || !('metadata' in resource)) return resource
  const { metadata } = resource
  if (typeof metadata !== 'object' || metadata === null) return resource
  const { resourceVersion: _, ...rest } = metadata as Record<string, unknown>
  return { ...resource, metadata: rest }
}

// Name and version of a resource as the API gives it, where the rest of it does not matter.
import { z } from 'zod'

const headSchema = z.looseObject({
  metadata: z.looseObject({ name: z.string(), resourceVersion: z.string().optional() }),
})

export function nameIn(resource: unknown): string {
  return headSchema.safeParse(resource).data?.metadata.name ?? ''
}

export function versionIn(resource: unknown): string {
  return headSchema.safeParse(resource).data?.metadata.resourceVersion ?? ''
}

/** A number that each change counts up is no difference. */
export function withoutVersion(resource: unknown): unknown {
  const parsed = headSchema.safeParse(resource)
  if (!parsed.success) return resource
  const { resourceVersion: _counted, ...metadata } = parsed.data.metadata
  return { ...parsed.data, metadata }
}

// A stored resource as `get` gives it: in the form that `apply` takes, with the version that an edit has to name.
import type { StoredResource } from '@heddle/db'
import type { Resource } from '@heddle/shared/resources/index'
import type { Stored } from '../meshCache.ts'

export function withVersion<R extends Resource>({ resource, version }: Stored<R>): R {
  return { ...resource, metadata: { ...resource.metadata, resourceVersion: String(version) } }
}

export function shown(stored: StoredResource | null): unknown {
  return stored === null ? null : withVersion(stored)
}

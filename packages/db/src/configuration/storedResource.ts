// A resource as Postgres keeps it.
import type { Resource } from '@heddle/shared'

export interface StoredResource {
  /** In the canonical form, without metadata.resourceVersion. */
  resource: Resource
  /** metadata.resourceVersion, for optimistic concurrency: the revision that wrote it, so it is never used again. */
  version: number
  /** Milliseconds since the epoch. */
  createdAt: number
  /** Of the change that last wrote it. */
  revision: number
}

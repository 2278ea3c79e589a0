// A resource as Postgres keeps it.
import type { Resource } from '@heddle/shared'

export interface StoredResource {
  /** In the canonical form, without metadata.resourceVersion. */
  resource: Resource
  /** Per-resource version, for optimistic concurrency; never reused, also not after a deletion. */
  version: number
  /** Milliseconds since the epoch. */
  createdAt: number
  /** Of the change that last wrote it. */
  revision: number
}

// A resource as Postgres keeps it, and how it is read: checked like everything that comes from another process.
import { type Kind, type Resource, resourceSchema } from '@heddle/shared'
import type { Transaction } from '../connection/database.ts'

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

interface Row {
  kind: string
  name: string
  document: unknown
  createdAt: Date
  revision: bigint
}

/**
 * Parsing thousands of documents anew for each change of one would cost more than reading them. Kept by the text, not
 * by the revision, since a restored database may use a revision again.
 */
const parsed = new Map<string, { text: string; resource: Resource }>()

export function toStored(row: Row): StoredResource {
  const key = `${row.kind}/${row.name}`
  const text = JSON.stringify(row.document)
  let known = parsed.get(key)
  if (known?.text !== text) {
    known = { text, resource: resourceSchema.parse(row.document) }
    parsed.set(key, known)
  }
  const revision = Number(row.revision)
  return { resource: known.resource, version: revision, createdAt: row.createdAt.getTime(), revision }
}

/** All of them, or those of one kind; by kind and name. */
export async function readResources(tx: Transaction, kind?: Kind): Promise<StoredResource[]> {
  const rows = await tx.resource.findMany({
    ...(kind === undefined ? {} : { where: { kind } }),
    orderBy: [{ kind: 'asc' }, { name: 'asc' }],
  })
  return rows.map(toStored)
}

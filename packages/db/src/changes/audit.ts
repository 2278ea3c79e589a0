// The list of changes: one row for each, and one for each resource in it. Added to, never altered.
import { type Resource, type ResourceRef, refOf, rulesOf } from '@heddle/shared'
import type { Change } from '@heddle/shared/api/index'
import { lockMesh, nextRevision } from '../configuration/revision.ts'
import type { Transaction } from '../connection/database.ts'
import type { Prisma } from '../generated/client.ts'

export interface ChangedResource {
  ref: ResourceRef
  before: Resource | null
  after: Resource | null
}

/** Services on whose page the change is listed. */
export function servicesOf(resource: Resource | null): string[] {
  if (resource === null) return []
  switch (resource.kind) {
    case 'Service':
      return [resource.metadata.name]
    case 'AccessRule':
      return [resource.spec.target.service]
    case 'HTTPRoute':
    case 'GRPCRoute': {
      const backends = rulesOf(resource).flatMap((rule) => rule.backendRefs ?? [])
      return [...resource.spec.parentRefs, ...backends].map((ref) => ref.name)
    }
    case 'MeshSettings':
      return []
  }
}

/** Resources are plain JSON: nothing in them is undefined or has a toJSON of its own. */
export function toJson(resource: Resource): Prisma.InputJsonObject {
  return JSON.parse(JSON.stringify(resource)) as Prisma.InputJsonObject
}

/** Takes the next revision and writes the change under it. */
export async function recordChange(
  tx: Transaction,
  change: {
    actor: string
    kind: Change['kind']
    summary: string
    reverts?: number
    items: readonly ChangedResource[]
  },
): Promise<number> {
  const revision = await nextRevision(tx)
  const { actor, kind, summary, reverts, items } = change
  await tx.change.create({
    data: { revision, actor, kind, summary, ...(reverts === undefined ? {} : { reverts }) },
  })
  if (items.length > 0) {
    await tx.changeItem.createMany({
      data: items.map(({ ref, before, after }, position) => ({
        revision,
        position,
        ...ref,
        ...(before === null ? {} : { before: toJson(before) }),
        ...(after === null ? {} : { after: toJson(after) }),
        services: [...new Set([...servicesOf(before), ...servicesOf(after)])],
      })),
    })
  }
  return revision
}

/** Writes the current state of changed resources under `revision`, and keeps the names of services in step. */
export async function writeResources(
  tx: Transaction,
  revision: number,
  items: readonly ChangedResource[],
): Promise<void> {
  const written = items.flatMap(({ after }) => after ?? [])
  if (written.length > 0) {
    const kinds = written.map((resource) => resource.kind)
    const names = written.map((resource) => resource.metadata.name)
    const documents = written.map((resource) => JSON.stringify(resource))
    await tx.$executeRaw`
      INSERT INTO "resource" ("kind", "name", "document", "revision")
      SELECT kind, name, document::jsonb, ${revision}::bigint
      FROM unnest(${kinds}::text[], ${names}::text[], ${documents}::text[]) AS given (kind, name, document)
      ON CONFLICT ("kind", "name") DO UPDATE SET "document" = EXCLUDED."document", "revision" = EXCLUDED."revision"`
  }
  for (const { ref, before, after } of items) {
    const { kind, name } = ref
    if (after === null) await tx.resource.deleteMany({ where: { kind, name } })
    if (kind !== 'Service') continue
    if (before === null && after !== null) await tx.name.create({ data: { name, service: name } })
    if (after === null) await tx.name.deleteMany({ where: { service: name } })
  }
}

/** One change: audit rows, resources, revision, NOTIFY. The caller holds the mesh's lock. */
export async function commitChange(tx: Transaction, change: Parameters<typeof recordChange>[1]): Promise<number> {
  const revision = await recordChange(tx, change)
  await writeResources(tx, revision, change.items)
  return revision
}

/** An audit entry for what is not a resource. `summary` never holds a secret. Answers the revision. */
export async function audit(
  tx: Transaction,
  input: { actor: string; kind: 'token' | 'user' | 'ca' | 'revocation'; summary: string },
): Promise<number> {
  await lockMesh(tx)
  return recordChange(tx, { ...input, items: [] })
}

export const changedOf = (items: readonly { before: Resource | null; after: Resource }[]): ChangedResource[] =>
  items.map(({ before, after }) => ({ ref: refOf(after), before, after }))

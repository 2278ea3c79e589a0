// What a control plane that is at one revision lacks of the newest: work follows the change, not the size of the mesh.
import type { ResourceRef } from '@heddle/shared'
import { kindSchema } from '@heddle/shared'
import type { Database } from '../connection/database.ts'
import { type Instance, toInstance } from '../registry/instance.ts'
import { type Revocation, toRevocation } from '../registry/revocation.ts'
import type { MeshName } from './mesh.ts'
import { type StoredResource, toStored } from './storedResource.ts'

export interface MeshDifference {
  epoch: number
  revision: number
  /** Written since, in no order. */
  resources: StoredResource[]
  deleted: ResourceRef[]
  /** All of them; null: as before. */
  names: MeshName[] | null
  /** null: not asked for. */
  instances: Instance[] | null
  /** null: as before. */
  revocations: Revocation[] | null
  /** Revisions since that are no changes: membership. */
  membership: number[]
}

/** Kinds of changes that say nothing of names. */
const WITHOUT_NAMES = ['token', 'user', 'ca', 'revocation']

/**
 * What was committed after `since`, read in one snapshot; null where the database is of another epoch or older: then
 * everything must be read. `withMembership`: all instances as well, which is not little.
 */
export function loadMeshSince(
  db: Database,
  since: { epoch: number; revision: number },
  { withMembership }: { withMembership: boolean },
): Promise<MeshDifference | null> {
  return db.prisma.$transaction(
    async (tx) => {
      const counter = await tx.mesh.findUniqueOrThrow({ where: { id: 1 } })
      const [epoch, revision] = [Number(counter.epoch), Number(counter.revision)]
      if (epoch !== since.epoch || revision < since.revision) return null
      const later = { revision: { gt: since.revision } }
      const changes = await tx.change.findMany({ where: later, select: { revision: true, kind: true } })
      const explained = new Set(changes.map((change) => Number(change.revision)))
      const membership: number[] = []
      for (let at = since.revision + 1; at <= revision; at++) if (!explained.has(at)) membership.push(at)
      const kinds = new Set(changes.map(({ kind }) => kind))
      const areNamesChanged = [...kinds].some((kind) => !WITHOUT_NAMES.includes(kind))
      const deleted = await tx.$queryRaw<{ kind: string; name: string }[]>`
        SELECT DISTINCT item."kind", item."name" FROM "change_item" item
        WHERE item."revision" > ${since.revision}
          AND NOT EXISTS (SELECT 1 FROM "resource" r WHERE r."kind" = item."kind" AND r."name" = item."name")`
      return {
        epoch,
        revision,
        resources: (await tx.resource.findMany({ where: later })).map(toStored),
        deleted: deleted.map(({ kind, name }) => ({ kind: kindSchema.parse(kind), name })),
        names: areNamesChanged || withMembership ? await tx.name.findMany() : null,
        instances: withMembership ? (await tx.instance.findMany()).map(toInstance) : null,
        revocations: kinds.has('revocation') ? (await tx.revocation.findMany()).map(toRevocation) : null,
        membership,
      }
    },
    { isolationLevel: 'RepeatableRead', maxWait: 5_000, timeout: 30_000 },
  )
}

// What the mesh is at one revision: the input of rendering. Read in one snapshot, so that no half of a change shows.
import type { Database, Transaction } from '../connection/database.ts'
import { type Instance, toInstance } from '../registry/instance.ts'
import { type Revocation, toRevocation } from '../registry/revocation.ts'
import { readResources, type StoredResource } from './storedResource.ts'

/** A name that callers can use: a service (version null) or a derived name (`catalog-v2`). */
export interface MeshName {
  name: string
  service: string
  version: string | null
}

export interface MeshConfig {
  /** Milliseconds since the epoch; a higher one means that the database was restored. */
  epoch: number
  revision: number
  resources: StoredResource[]
}

export interface MeshSnapshot extends MeshConfig {
  names: MeshName[]
  /** Every row, also withdrawn and lapsed ones: `instance.offered` says which are endpoints. */
  instances: Instance[]
  revocations: Revocation[]
}

/** REPEATABLE READ: every statement of `work` sees the same moment. */
function inSnapshot<T>(db: Database, work: (tx: Transaction) => Promise<T>): Promise<T> {
  return db.prisma.$transaction(work, { isolationLevel: 'RepeatableRead', maxWait: 5_000, timeout: 30_000 })
}

async function readCounter(tx: Transaction): Promise<{ epoch: number; revision: number }> {
  const { epoch, revision } = await tx.mesh.findUniqueOrThrow({ where: { id: 1 } })
  return { epoch: Number(epoch), revision: Number(revision) }
}

export function loadConfig(db: Database): Promise<MeshConfig> {
  return inSnapshot(db, async (tx) => ({ ...(await readCounter(tx)), resources: await readResources(tx) }))
}

/** Resources, names, instances and revocations as of one revision. */
export function loadMesh(db: Database): Promise<MeshSnapshot> {
  return inSnapshot(db, async (tx) => ({
    ...(await readCounter(tx)),
    resources: await readResources(tx),
    names: await tx.name.findMany({ orderBy: { name: 'asc' } }),
    instances: (await tx.instance.findMany({ orderBy: { instance: 'asc' } })).map(toInstance),
    revocations: (await tx.revocation.findMany()).map(toRevocation),
  }))
}

/** The counter alone, for catching up: cheap. */
export function currentRevision(db: Database): Promise<{ epoch: number; revision: number }> {
  return readCounter(db.prisma)
}

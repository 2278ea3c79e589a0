// What the mesh is at one revision: the input of rendering. Read in one snapshot, so that no half of a change shows.
import type { Database } from '../connection/database.ts'
import type { Instance } from '../registry/instance.ts'
import type { Revocation } from '../registry/revocations.ts'
import type { StoredResource } from './storedResource.ts'

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

export function loadConfig(_db: Database): Promise<MeshConfig> {
  throw new Error('not written yet')
}

/** Resources, names, instances and revocations as of one revision. */
export function loadMesh(_db: Database): Promise<MeshSnapshot> {
  throw new Error('not written yet')
}

/** The counter alone, for catching up: cheap. */
export function currentRevision(_db: Database): Promise<{ epoch: number; revision: number }> {
  throw new Error('not written yet')
}

/** After a restore: proxies accept lower revisions of a higher epoch. Answers the new epoch. */
export function newEpoch(_db: Database, _input: { actor: string }): Promise<number> {
  throw new Error('not written yet')
}

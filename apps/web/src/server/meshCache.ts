// The mesh's configuration and registry as of one revision, read again only when the revision has moved.
import { currentRevision, type Database, loadMesh, type MeshSnapshot, type StoredResource } from '@heddle/db'
import type { AccessRule, HttpRoute, Kind, Resource, Service } from '@heddle/shared/resources/index'
import { type MeshPolicy, meshPolicy } from '@heddle/shared/resources/index'

export interface Stored<R extends Resource> extends StoredResource {
  resource: R
}

/** A snapshot, indexed by what pages ask for. */
export interface Mesh extends MeshSnapshot {
  policy: MeshPolicy
  services: ReadonlyMap<string, Stored<Service>>
  routes: ReadonlyMap<string, Stored<HttpRoute>>
  rules: ReadonlyMap<string, Stored<AccessRule>>
  /** Routes by the service that they are attached to. */
  routesOf: ReadonlyMap<string, readonly Stored<HttpRoute>[]>
}

export interface MeshCache {
  /** As of the newest committed revision. Throws while the database is away. */
  current(): Promise<Mesh>
}

export function createMeshCache(db: Database): MeshCache {
  let cached: Mesh | null = null
  let loading: Promise<Mesh> | null = null
  return {
    current: async () => {
      const { epoch, revision } = await currentRevision(db)
      if (cached !== null && cached.epoch === epoch && cached.revision >= revision) return cached
      // Many requests that find the same revision share one reading; it is at least as new as what each of them saw.
      loading ??= loadMesh(db)
        .then((snapshot) => {
          cached = indexMesh(snapshot)
          return cached
        })
        .finally(() => {
          loading = null
        })
      const mesh = await loading
      // The reading that was shared may have begun before our revision was committed.
      return mesh.epoch === epoch && mesh.revision < revision ? indexMesh(await loadMesh(db)) : mesh
    },
  }
}

export function indexMesh(snapshot: MeshSnapshot): Mesh {
  const services = byName<Service>(snapshot.resources, 'Service')
  const routes = byName<HttpRoute>(snapshot.resources, 'HTTPRoute')
  const rules = byName<AccessRule>(snapshot.resources, 'AccessRule')
  const routesOf = new Map<string, Stored<HttpRoute>[]>()
  for (const stored of routes.values())
    for (const parent of new Set(stored.resource.spec.parentRefs.map(({ name }) => name))) {
      const list = routesOf.get(parent) ?? []
      list.push(stored)
      routesOf.set(parent, list)
    }
  const settings = snapshot.resources
    .map(({ resource }) => resource)
    .find((resource) => resource.kind === 'MeshSettings')
  return { ...snapshot, policy: meshPolicy(settings), services, routes, rules, routesOf }
}

function byName<R extends Resource>(stored: readonly StoredResource[], kind: R['kind'] & Kind): Map<string, Stored<R>> {
  const found = new Map<string, Stored<R>>()
  for (const one of stored) if (isKind<R>(one, kind)) found.set(one.resource.metadata.name, one)
  return found
}

function isKind<R extends Resource>(stored: StoredResource, kind: Kind): stored is Stored<R> {
  return stored.resource.kind === kind
}

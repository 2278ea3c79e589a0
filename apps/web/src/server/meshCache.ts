// The mesh's configuration and registry as of one revision, read again only when the revision has moved.
import { currentRevision, type Database, loadMesh, type MeshSnapshot, type StoredResource } from '@heddle/db'
import type { Clock } from '@heddle/shared/clock'
import type { AccessRule, Kind, Resource, Service } from '@heddle/shared/resources/index'
import { inForce, isRouteKind, type MeshPolicy, meshPolicy, type Route } from '@heddle/shared/resources/index'
import { isDatabaseAway } from './databaseErrors.ts'
import type { DatabasePulse } from './databasePulse.ts'

export interface Stored<R extends Resource> extends StoredResource {
  resource: R
}

/** A snapshot, indexed by what pages ask for. */
export interface Mesh extends MeshSnapshot {
  policy: MeshPolicy
  services: ReadonlyMap<string, Stored<Service>>
  /** Of both kinds: a name is one route's. */
  routes: ReadonlyMap<string, Stored<Route>>
  rules: ReadonlyMap<string, Stored<AccessRule>>
  /** The routes that hold for a service: of both kinds attached to it the HTTPRoutes are ignored. */
  routesOf: ReadonlyMap<string, readonly Stored<Route>[]>
}

export interface MeshCache {
  /**
   * As of the newest committed revision. While the database is away, as it was within the last minute: writes are
   * decided by the database all the same. Throws after that.
   */
  current(): Promise<Mesh>
  /** The newest that was read, however old; null: none yet. */
  lastKnown(): Mesh | null
}

/** For so long the mesh as it was stands in for the one that cannot be read. */
const STAND_IN_MS = 60_000

export function createMeshCache(db: Database, pulse: DatabasePulse, clock: Clock): MeshCache {
  let cached: Mesh | null = null
  /** When the database last said that `cached` is the newest. */
  let confirmedAt = Number.NEGATIVE_INFINITY
  let loading: Promise<Mesh> | null = null
  const newest = async (): Promise<Mesh> => {
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
  }
  return {
    current: async () => {
      try {
        const mesh = await pulse.read(newest)
        confirmedAt = clock.monotonic()
        return mesh
      } catch (error) {
        const isRecent = clock.monotonic() - confirmedAt <= STAND_IN_MS
        if (cached === null || !isRecent || !isDatabaseAway(error)) throw error
        return cached
      }
    },
    lastKnown: () => cached,
  }
}

export function indexMesh(snapshot: MeshSnapshot): Mesh {
  const services = byName<Service>(snapshot.resources, 'Service')
  const routes = new Map(snapshot.resources.filter(isStoredRoute).map((one) => [one.resource.metadata.name, one]))
  const rules = byName<AccessRule>(snapshot.resources, 'AccessRule')
  const attached = new Map<string, Stored<Route>[]>()
  for (const stored of routes.values())
    for (const parent of new Set(stored.resource.spec.parentRefs.map(({ name }) => name))) {
      const list = attached.get(parent) ?? []
      list.push(stored)
      attached.set(parent, list)
    }
  const routesOf = new Map(
    [...attached].map(([parent, list]) => [parent, inForce(list, ({ resource }) => resource.kind)]),
  )
  const settings = snapshot.resources
    .map(({ resource }) => resource)
    .find((resource) => resource.kind === 'MeshSettings')
  return { ...snapshot, policy: meshPolicy(settings), services, routes, rules, routesOf }
}

function isStoredRoute(stored: StoredResource): stored is Stored<Route> {
  return isRouteKind(stored.resource.kind)
}

function byName<R extends Resource>(stored: readonly StoredResource[], kind: R['kind'] & Kind): Map<string, Stored<R>> {
  const found = new Map<string, Stored<R>>()
  for (const one of stored) if (isKind<R>(one, kind)) found.set(one.resource.metadata.name, one)
  return found
}

function isKind<R extends Resource>(stored: StoredResource, kind: Kind): stored is Stored<R> {
  return stored.resource.kind === kind
}

// Who is there. What callers can see changes under the mesh's one revision, with a NOTIFY; renewals are silent.
import type { Database } from '../connection/database.ts'
import type { Instance, Registration } from './instance.ts'

export interface MembershipChange {
  /** The new revision; null where callers see no difference. */
  revision: number | null
}

/**
 * Registers or re-registers an instance from its hello and starts its lease: it is no longer withdrawn or lapsed.
 * Makes the Service and the derived name where they are missing. Throws NameClashError where the derived name is taken,
 * or where the instance id belongs to another service.
 */
export function upsertInstance(_db: Database, _registration: Registration): Promise<MembershipChange> {
  throw new Error('not written yet')
}

/** Readiness of the app behind the proxy. An unknown instance changes nothing. */
export function setReady(
  _db: Database,
  _input: { instance: string; ready: boolean; reason: string | null },
): Promise<MembershipChange> {
  throw new Error('not written yet')
}

/** Renews the leases of everyone connected, in one statement. Lapsed ones come back (and count as a change). */
export function renewLeases(
  _db: Database,
  _input: { controlId: string; instances: readonly string[] },
): Promise<MembershipChange & { unknown: string[] }> {
  throw new Error('not written yet')
}

/** The instance leaves on its own accord. Callers lose it at once. */
export function withdrawInstance(_db: Database, _instance: string): Promise<MembershipChange> {
  throw new Error('not written yet')
}

/**
 * Takes out the endpoints whose lease ended more than LAPSE_AFTER_MS ago, but never a service's last one, and none
 * while the grace row holds. Any control plane may call it at any time (every 5 s).
 */
export function lapseEndpoints(_db: Database): Promise<MembershipChange & { lapsed: string[] }> {
  throw new Error('not written yet')
}

/** Keeps every lease for GRACE_MS from now: after a control plane's start, or when Postgres came back. */
export function startGrace(_db: Database): Promise<void> {
  throw new Error('not written yet')
}

/** Removes rows that nobody needs any more (72 h; ended clients 1 h) and names without instances and routes. */
export function removeStaleInstances(_db: Database): Promise<MembershipChange & { removed: string[] }> {
  throw new Error('not written yet')
}

export function listInstances(_db: Database): Promise<Instance[]> {
  throw new Error('not written yet')
}

/** Remembers what an instance has called, for preloading. At most 1,000 names each, oldest out. */
export function recordUsedDestinations(_db: Database, _instance: string, _names: readonly string[]): Promise<void> {
  throw new Error('not written yet')
}

/** Newest first. */
export function usedDestinations(_db: Database, _instance: string): Promise<string[]> {
  throw new Error('not written yet')
}

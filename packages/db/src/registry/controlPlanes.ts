// The control planes that run against this database, so that proxies and the console find all of them.
import type { Database } from '../connection/database.ts'

export interface ControlPlane {
  id: string
  /** Base URL, https. */
  address: string
  build: string
  /** Milliseconds since the epoch, by Postgres' clock. */
  startedAt: number
  heartbeatAt: number
}

/** Registers or renews (call it every 5 s). */
export function heartbeatControlPlane(
  _db: Database,
  _input: { id: string; address: string; build: string },
): Promise<void> {
  throw new Error('not written yet')
}

/** Those whose heartbeat is younger than `withinMs` by Postgres' clock; 30 s unless told. */
export function listControlPlanes(_db: Database, _withinMs?: number): Promise<ControlPlane[]> {
  throw new Error('not written yet')
}

/** A clean stop. */
export function removeControlPlane(_db: Database, _id: string): Promise<void> {
  throw new Error('not written yet')
}

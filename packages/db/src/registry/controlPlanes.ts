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

/** A control plane that missed this many milliseconds of heartbeats is not dialled any more. */
const ALIVE_MS = 30_000

/** Registers or renews (call it every 5 s). */
export async function heartbeatControlPlane(
  db: Database,
  { id, address, build }: { id: string; address: string; build: string },
): Promise<void> {
  await db.pool.query(
    `INSERT INTO "control_plane" ("id", "address", "build") VALUES ($1, $2, $3)
     ON CONFLICT ("id") DO UPDATE
     SET "address" = EXCLUDED."address", "build" = EXCLUDED."build", "heartbeat_at" = clock_timestamp()`,
    [id, address, build],
  )
  // Those that never came back are of no use to anybody.
  await db.pool.query(`DELETE FROM "control_plane" WHERE "heartbeat_at" < clock_timestamp() - interval '1 day'`)
}

/** Those whose heartbeat is younger than `withinMs` by Postgres' clock; 30 s unless told. Oldest first. */
export async function listControlPlanes(db: Database, withinMs: number = ALIVE_MS): Promise<ControlPlane[]> {
  const { rows } = await db.pool.query<{
    id: string
    address: string
    build: string
    started_at: Date
    heartbeat_at: Date
  }>(
    `SELECT * FROM "control_plane" WHERE "heartbeat_at" > clock_timestamp() - $1 * interval '1 millisecond'
     ORDER BY "started_at", "id"`,
    [withinMs],
  )
  return rows.map(({ started_at, heartbeat_at, ...row }) => ({
    ...row,
    startedAt: started_at.getTime(),
    heartbeatAt: heartbeat_at.getTime(),
  }))
}

/** A clean stop. */
export async function removeControlPlane(db: Database, id: string): Promise<void> {
  await db.pool.query('DELETE FROM "control_plane" WHERE "id" = $1', [id])
}

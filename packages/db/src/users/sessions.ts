// Where a person is signed in. The sessions are better-auth's; a person sees and ends only their own.
import type { Database } from '../connection/database.ts'

export interface SessionRow {
  id: string
  /** Milliseconds since the epoch. */
  createdAt: number
  expiresAt: number
  /** As the browser named itself; null: it did not. */
  userAgent: string | null
}

const MOST_LISTED = 50

const ofSameUser = `"userId" = (SELECT "userId" FROM "session" WHERE "id" = $1)`

/** The sessions of whoever has the session `id`, newest first, without those that have expired. */
export async function listSessionsBeside(db: Database, id: string): Promise<SessionRow[]> {
  const { rows } = await db.pool.query<{ id: string; createdAt: Date; expiresAt: Date; userAgent: string | null }>(
    `SELECT "id", "createdAt", "expiresAt", "userAgent" FROM "session"
     WHERE ${ofSameUser} AND "expiresAt" > clock_timestamp() ORDER BY "createdAt" DESC LIMIT ${MOST_LISTED}`,
    [id],
  )
  return rows.map((row) => ({ ...row, createdAt: row.createdAt.getTime(), expiresAt: row.expiresAt.getTime() }))
}

/** Ends every session of the same person but this one; how many they were. */
export async function endSessionsBeside(db: Database, id: string): Promise<number> {
  const { rowCount } = await db.pool.query(`DELETE FROM "session" WHERE ${ofSameUser} AND "id" <> $1`, [id])
  return rowCount ?? 0
}

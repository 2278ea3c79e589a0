// Partitions by time: made ahead, dropped after their time. 10 s for 6 h, 1 min for 14 days, 1 h for 13 months.
import type { Database } from '../connection/database.ts'

/** Milliseconds of a bucket in each table. */
export const RESOLUTIONS_MS = [10_000, 60_000, 3_600_000] as const
export type ResolutionMs = (typeof RESOLUTIONS_MS)[number]

/** Makes what is needed for the last 15 minutes up to two partitions ahead of `now` (milliseconds since the epoch). */
export function ensurePartitions(_db: Database, _now: number): Promise<void> {
  throw new Error('not written yet')
}

/** Drops what is older than its table keeps; answers the names of the dropped tables. Also old cursors. */
export function dropExpiredPartitions(_db: Database, _now: number): Promise<string[]> {
  throw new Error('not written yet')
}

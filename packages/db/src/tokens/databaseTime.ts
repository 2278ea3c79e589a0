// The time that expiry goes by: one clock for everybody who asks.
import type { Transaction } from '../connection/database.ts'

/** Milliseconds since the epoch, by Postgres' clock. */
export async function databaseTime(tx: Transaction): Promise<number> {
  const rows = await tx.$queryRaw<{ now: Date }[]>`SELECT clock_timestamp() AS now`
  const now = rows[0]?.now
  if (now === undefined) throw new Error('Postgres did not tell the time.')
  return now.getTime()
}

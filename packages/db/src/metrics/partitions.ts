// Partitions by time: made ahead, dropped after their time. 10 s for 6 h, 1 min for 14 days, 1 h for 13 months.
import type { Pool, PoolClient } from 'pg'
import type { Database } from '../connection/database.ts'
import { inTransaction } from './inTransaction.ts'
import { METRICS_TABLES, type MetricsTable, partitionName, partitionStart, periodStart } from './tables.ts'

/** Two control planes do not make the same partition at once. Any number of our own. */
const LOCK = 0x68656464_6d
/** How many partitions beyond the present one are made ahead: enough for a night without this running. */
const AHEAD: Readonly<Record<MetricsTable['period'], number>> = { hour: 12, day: 2, month: 1 }
/** Reports that waited for a control plane are this old at most. */
const LATE_MS = 20 * 60_000
/** Dropping waits for readers; writers queue up behind it, so it gives up soon and is tried again. */
const DROP_LOCK_TIMEOUT_MS = 2_000
const CURSOR_KEPT = '1 day'

async function existing(client: Pool | PoolClient): Promise<Map<string, string[]>> {
  const { rows } = await client.query<{ parent: string; child: string }>(
    `SELECT parent.relname AS parent, child.relname AS child
     FROM pg_inherits
     JOIN pg_class AS parent ON parent.oid = inhparent
     JOIN pg_class AS child ON child.oid = inhrelid
     JOIN pg_namespace ON pg_namespace.oid = parent.relnamespace
     WHERE nspname = 'metrics' AND parent.relkind = 'p'`,
  )
  const children = new Map<string, string[]>()
  for (const { parent, child } of rows) children.set(parent, [...(children.get(parent) ?? []), child])
  return children
}

function wanted(table: MetricsTable, from: number, now: number): number[] {
  const starts: number[] = []
  const last = periodStart(table.period, now, AHEAD[table.period])
  let start = Math.max(periodStart(table.period, from), periodStart(table.period, now - table.keptMs))
  while (start <= last) {
    starts.push(start)
    start = periodStart(table.period, start, 1)
  }
  return starts
}

/** Made on its own and then attached: that does not lock out readers and writers of the other partitions. */
async function makePartition(client: PoolClient, table: MetricsTable, start: number): Promise<void> {
  const name = `"metrics"."${partitionName(table, start)}"`
  const end = periodStart(table.period, start, 1)
  const [from, to] = [start, end].map((at) => `'${new Date(at).toISOString()}'`)
  await client.query(
    `CREATE TABLE ${name} (LIKE "metrics"."${table.name}" INCLUDING ALL)
       WITH (fillfactor = 60); -- rows are added to many times: room for that on their own page
     ALTER TABLE "metrics"."${table.name}" ATTACH PARTITION ${name} FOR VALUES FROM (${from}) TO (${to})`,
  )
}

/**
 * Makes what is missing for reports between `from` (20 minutes ago unless told) and some partitions ahead of `now`
 * (milliseconds since the epoch, by the control plane's clock). Call it at the start and every hour.
 */
export async function ensurePartitions(db: Database, now: number, from: number = now - LATE_MS): Promise<void> {
  const missingOf = (children: Map<string, string[]>) =>
    METRICS_TABLES.flatMap((table) =>
      wanted(table, from, now)
        .filter((start) => !children.get(table.name)?.includes(partitionName(table, start)))
        .map((start) => ({ table, start })),
    )
  if (missingOf(await existing(db.pool)).length === 0) return
  await inTransaction(db.pool, async (client) => {
    await client.query('SELECT pg_advisory_xact_lock($1)', [LOCK])
    for (const { table, start } of missingOf(await existing(client))) await makePartition(client, table, start)
  })
}

/**
 * Drops what is older than its table keeps, and cursors of proxies long gone; answers the names of the dropped tables.
 * One that is being read is left for the next time. Call it every hour.
 */
export async function dropExpiredPartitions(db: Database, now: number): Promise<string[]> {
  const children = await existing(db.pool)
  const dropped: string[] = []
  for (const table of METRICS_TABLES) {
    for (const name of children.get(table.name) ?? []) {
      const start = partitionStart(table, name)
      if (start === undefined || periodStart(table.period, start, 1) > now - table.keptMs) continue
      if (await dropPartition(db.pool, name)) dropped.push(name)
    }
  }
  await db.pool.query(`DELETE FROM "metrics"."cursor" WHERE "committed_at" < now() - interval '${CURSOR_KEPT}'`)
  return dropped.sort()
}

async function dropPartition(pool: Pool, name: string): Promise<boolean> {
  try {
    await inTransaction(pool, async (client) => {
      await client.query(`SET LOCAL lock_timeout = ${DROP_LOCK_TIMEOUT_MS}`)
      await client.query(`DROP TABLE IF EXISTS "metrics"."${name}"`)
    })
    return true
  } catch (error) {
    // lock_not_available (55P03)
    if (error instanceof Error && 'code' in error && error.code === '55P03') return false
    throw error
  }
}

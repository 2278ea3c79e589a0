// How much of Postgres the numbers take, table by table, beside how long each is kept.
import type { Database } from '../connection/database.ts'
import { METRICS_TABLES } from './tables.ts'

export interface MetricsTableSize {
  /** Within schema `metrics`. */
  name: string
  keptMs: number
  /** With its indexes, over all partitions. */
  bytes: number
}

/** One bounded reading of the catalogue: sizes need no right on the tables themselves. */
export async function metricsSizes(db: Database): Promise<MetricsTableSize[]> {
  const { rows } = await db.pool.query<{ name: string; bytes: string }>(
    `SELECT parent.relname AS name, sum(pg_total_relation_size(i.inhrelid))::text AS bytes
     FROM pg_inherits AS i
     JOIN pg_class AS parent ON parent.oid = i.inhparent AND parent.relkind = 'p'
     WHERE parent.relnamespace = 'metrics'::regnamespace
     GROUP BY parent.relname`,
  )
  const bytesOf = new Map(rows.map(({ name, bytes }) => [name, Number(bytes)]))
  return METRICS_TABLES.map(({ name, keptMs }) => ({ name, keptMs, bytes: bytesOf.get(name) ?? 0 }))
}

/** Bytes of the whole database: configuration, history, people and numbers. */
export async function databaseSize(db: Database): Promise<number> {
  const { rows } = await db.pool.query<{ bytes: string }>('SELECT pg_database_size(current_database())::text AS bytes')
  return Number(rows[0]?.bytes ?? 0)
}

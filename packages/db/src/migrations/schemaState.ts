// Whether the database has the tables that this build was made for.
import type { Database } from '../connection/database.ts'
import { MIGRATIONS } from './names.ts'

/** ahead: made by a newer Heddle. behind: the control plane has not migrated yet. */
export async function schemaState(db: Database): Promise<'current' | 'behind' | 'ahead'> {
  const table = await db.pool.query<{ found: string | null }>(`SELECT to_regclass('_prisma_migrations') AS found`)
  if (table.rows[0]?.found == null) return 'behind'
  const { rows } = await db.pool.query<{ name: string }>(
    `SELECT "migration_name" AS "name" FROM "_prisma_migrations"
     WHERE "finished_at" IS NOT NULL AND "rolled_back_at" IS NULL`,
  )
  const known: readonly string[] = MIGRATIONS
  const applied = new Set(rows.map((row) => row.name))
  if ([...applied].some((name) => !known.includes(name))) return 'ahead'
  return known.every((name) => applied.has(name)) ? 'current' : 'behind'
}

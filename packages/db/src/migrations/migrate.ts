// Applies prisma/migrations in order, under an advisory lock, and writes Prisma's own table of what was applied, so
// that Prisma's tools understand the database. Prisma's runner itself is a binary that has to be downloaded.
// To add one: a folder <timestamp>_<what> with migration.sql and a copy of schema.prisma, and its name in names.ts.
import { createHash, randomUUID } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { Client } from 'pg'
import { MIGRATIONS } from './names.ts'

/** Any number that no other user of the database takes: "heddle" in ASCII. */
const LOCK = 0x686564646c65

export const migrationsDirectory = (): string =>
  join(dirname(fileURLToPath(import.meta.url)), '../../../../prisma/migrations')

/** Prisma's definition (schema-engine's imperative_migration_persistence), column for column. */
const HISTORY_TABLE = `
  CREATE TABLE IF NOT EXISTS "_prisma_migrations" (
    "id"                  VARCHAR(36) PRIMARY KEY NOT NULL,
    "checksum"            VARCHAR(64) NOT NULL,
    "finished_at"         TIMESTAMPTZ,
    "migration_name"      VARCHAR(255) NOT NULL,
    "logs"                TEXT,
    "rolled_back_at"      TIMESTAMPTZ,
    "started_at"          TIMESTAMPTZ NOT NULL DEFAULT now(),
    "applied_steps_count" INTEGER NOT NULL DEFAULT 0
  )`

const checksumOf = (sql: string): string => createHash('sha256').update(sql).digest('hex')

/** One migration, whole or not at all. */
async function apply(client: Client, name: string, sql: string): Promise<void> {
  await client.query('BEGIN')
  try {
    await client.query(sql)
    await client.query(
      `INSERT INTO "_prisma_migrations" ("id", "checksum", "migration_name", "finished_at", "applied_steps_count")
       VALUES ($1, $2, $3, clock_timestamp(), 1)`,
      [randomUUID(), checksumOf(sql), name],
    )
    await client.query('COMMIT')
  } catch (cause) {
    await client.query('ROLLBACK')
    throw new Error(`Migration ${name} failed and was rolled back; the database is as it was before it.`, { cause })
  }
}

async function applyMissing(client: Client, log: (line: string) => void): Promise<string[]> {
  await client.query(HISTORY_TABLE)
  const { rows } = await client.query<{ migration_name: string; checksum: string }>(
    `SELECT "migration_name", "checksum" FROM "_prisma_migrations"
     WHERE "finished_at" IS NOT NULL AND "rolled_back_at" IS NULL`,
  )
  const applied = new Map(rows.map((row) => [row.migration_name, row.checksum]))
  const known: readonly string[] = MIGRATIONS
  const unknown = [...applied.keys()].filter((name) => !known.includes(name))
  if (unknown.length > 0) {
    throw new Error(
      `The database was made by a newer Heddle (it has the migration ${unknown.at(-1)}). Start that version, or restore a backup.`,
    )
  }
  const done: string[] = []
  for (const name of known) {
    const sql = await readFile(join(migrationsDirectory(), name, 'migration.sql'), 'utf8')
    const checksum = applied.get(name)
    if (checksum === undefined) {
      await apply(client, name, sql)
      log(`Applied migration ${name}.`)
      done.push(name)
    } else if (checksum !== checksumOf(sql)) {
      throw new Error(`Migration ${name} was altered after it had been applied to this database.`)
    }
  }
  return done
}

/** Safe to call from several processes at once: they wait for each other. `log` gets one line for each one applied. */
export async function migrate(options: { url: string; log: (line: string) => void }): Promise<{ applied: string[] }> {
  const client = new Client({
    connectionString: options.url,
    application_name: 'heddle migrate',
    connectionTimeoutMillis: 5_000,
  })
  await client.connect()
  try {
    // Held by the session: it goes with the connection, also when this process dies.
    await client.query('SELECT pg_advisory_lock($1)', [LOCK])
    return { applied: await applyMissing(client, options.log) }
  } finally {
    await client.end()
  }
}

import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { Client } from 'pg'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createTestDatabase, type TestDatabase } from '../testing.ts'
import { datamodelSql } from './datamodelSql.ts'
import { migrate, migrationsDirectory } from './migrate.ts'
import { MIGRATIONS } from './names.ts'
import { schemaState } from './schemaState.ts'

let database: TestDatabase
beforeAll(async () => {
  database = await createTestDatabase()
})
afterAll(() => database[Symbol.asyncDispose]())

/** Runs `work` in a database without any table. */
async function inEmptyDatabase<T>(work: (url: string) => Promise<T>): Promise<T> {
  const name = `heddle_empty_${Math.random().toString(36).slice(2, 10)}`
  await database.db.pool.query(`CREATE DATABASE ${name}`)
  const url = new URL(database.url)
  url.pathname = `/${name}`
  try {
    return await work(url.href)
  } finally {
    await database.db.pool.query(`DROP DATABASE ${name} WITH (FORCE)`)
  }
}

/** Every table, column, index and key of Prisma's schemas, as text. */
async function shapeOf(url: string): Promise<string[]> {
  const client = new Client({ connectionString: url })
  await client.connect()
  try {
    const columns = await client.query<{ line: string }>(`
      SELECT concat_ws(' ', table_schema, table_name, column_name, data_type, udt_name, datetime_precision,
                       is_nullable, column_default) AS line
      FROM information_schema.columns
      WHERE table_schema IN ('public', 'ca') AND table_name <> '_prisma_migrations' ORDER BY 1`)
    const indexes = await client.query<{ line: string }>(`
      SELECT indexdef AS line FROM pg_indexes
      WHERE schemaname IN ('public', 'ca') AND tablename <> '_prisma_migrations' ORDER BY 1`)
    const keys = await client.query<{ line: string }>(`
      SELECT concat_ws(' ', conrelid::regclass, conname, pg_get_constraintdef(oid)) AS line FROM pg_constraint
      WHERE contype = 'f' ORDER BY 1`)
    return [...columns.rows, ...indexes.rows, ...keys.rows].map((row) => row.line)
  } finally {
    await client.end()
  }
}

// The migrations, one after the other, give exactly the tables that schema.prisma describes.
test('migrations and schema agree', async () => {
  const schema = await readFile(join(migrationsDirectory(), '../schema.prisma'), 'utf8')
  const wanted = await inEmptyDatabase(async (url) => {
    const client = new Client({ connectionString: url })
    await client.connect()
    await client.query(await datamodelSql(url, null, schema))
    await client.end()
    return shapeOf(url)
  })
  expect(wanted.length).toBeGreaterThan(100)
  expect(await shapeOf(database.url)).toEqual(wanted)
})

// Each migration keeps the schema that it led to; the last one is today's.
test('the last migration carries the schema of today', async () => {
  const last = join(migrationsDirectory(), MIGRATIONS.at(-1) ?? '', 'schema.prisma')
  expect(await readFile(last, 'utf8')).toBe(await readFile(join(migrationsDirectory(), '../schema.prisma'), 'utf8'))
})

// The list that the console is built with is the folder's.
test('the list of migrations is the folder', async () => {
  const entries = await readdir(migrationsDirectory(), { withFileTypes: true })
  const folders = entries.filter((entry) => entry.isDirectory()).map((entry) => entry.name)
  expect(folders.sort()).toEqual([...MIGRATIONS])
})

// Several control planes that start at once migrate once.
test('concurrent migrations apply each step once', async () => {
  await inEmptyDatabase(async (url) => {
    const results = await Promise.all([1, 2, 3].map(() => migrate({ url, log: () => {} })))
    expect(results.flatMap((result) => result.applied).sort()).toEqual([...MIGRATIONS])
  })
})

// The console can tell a database that is not the one it was built for, both ways, and migrate refuses to go back.
test('schemaState tells current, behind and ahead', async () => {
  await using fresh = await createTestDatabase()
  expect(await schemaState(fresh.db)).toBe('current')
  await fresh.db.pool.query(
    `INSERT INTO _prisma_migrations (id, checksum, migration_name, finished_at) VALUES ('x', 'x', '29990101_later', now())`,
  )
  expect(await schemaState(fresh.db)).toBe('ahead')
  await expect(migrate({ url: fresh.url, log: () => {} })).rejects.toThrow('newer Heddle')
  await fresh.db.pool.query('DROP TABLE _prisma_migrations')
  expect(await schemaState(fresh.db)).toBe('behind')
})

// A migration that was edited after it had been applied is an error, not a database that differs from all others.
test('an altered migration is refused', async () => {
  await using fresh = await createTestDatabase()
  await fresh.db.pool.query(`UPDATE _prisma_migrations SET checksum = 'other' WHERE migration_name = $1`, [
    MIGRATIONS[0],
  ])
  await expect(migrate({ url: fresh.url, log: () => {} })).rejects.toThrow('altered')
})

// Whoever asks, the owner included: what was audited stays as it was written.
test('audit rows cannot be altered', async () => {
  await using fresh = await createTestDatabase()
  await fresh.db.pool.query(`INSERT INTO change (revision, actor, kind, summary) VALUES (1, 'a', 'apply', 's')`)
  for (const sql of ['UPDATE change SET actor = $$b$$', 'DELETE FROM change', 'TRUNCATE change CASCADE'])
    await expect(fresh.db.pool.query(sql)).rejects.toThrow('never altered')
})

// Real databases for tests: one server for a test run, a fresh migrated database for each test in about 50 ms.
import { randomBytes } from 'node:crypto'
import { chmod, mkdtemp, readdir, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { Client } from 'pg'
import { type Database, openDatabase } from './connection/database.ts'
import { isLocked } from './embedded/launcherLock.ts'
import { removeEmbeddedPostgres } from './embedded/location.ts'
import { startEmbeddedPostgres } from './embedded/startEmbeddedPostgres.ts'
import { migrate } from './migrations/migrate.ts'

const TEMPLATE = 'heddle_template'
/** Set by the test run's global set-up, so that its workers share one server. */
const SERVER_VARIABLE = 'HEDDLE_TEST_POSTGRES'

export interface TestPostgres {
  /** For createTestDatabase, also from other processes (Vitest workers). */
  readonly serverUrl: string
  readonly superuserUrl: string
  stop(): Promise<void>
}

const withDatabase = (url: string, database: string): string => {
  const changed = new URL(url)
  changed.pathname = `/${database}`
  return changed.href
}

async function command(url: string, sql: string): Promise<void> {
  const client = new Client({ connectionString: url, connectionTimeoutMillis: 10_000 })
  await client.connect()
  try {
    await client.query(sql)
  } finally {
    await client.end()
  }
}

const PREFIX = 'heddle-postgres-'
/** A directory is this old before it counts as left over: its lock comes a moment after it. */
const LEFTOVER_AFTER_MS = 60_000

/** What test processes that were killed could not remove themselves. Others' directories are theirs. */
async function removeLeftovers(): Promise<void> {
  for (const name of await readdir(tmpdir())) {
    if (!name.startsWith(PREFIX)) continue
    const directory = join(tmpdir(), name)
    const age = Date.now() - (await stat(directory).catch(() => ({ ctimeMs: Date.now() }))).ctimeMs
    if (age < LEFTOVER_AFTER_MS || (await isLocked(join(directory, 'lock')))) continue
    await rm(directory, { recursive: true, force: true }).catch(() => {})
  }
}

/** Starts a throw-away server with a migrated template database. For a Vitest globalSetup, or a test by itself. */
export async function startTestPostgres(): Promise<TestPostgres> {
  await removeLeftovers()
  const directory = await mkdtemp(join(tmpdir(), PREFIX))
  // Passable, so that root's tests keep the data here, where it is removed with everything else.
  await chmod(directory, 0o711)
  const server = await startEmbeddedPostgres({
    directory,
    log: () => {},
    // Nothing here has to survive a power cut; and whoever owns a database may not drop it while the server's own
    // autovacuum is in it.
    settings: {
      fsync: 'off',
      synchronous_commit: 'off',
      full_page_writes: 'off',
      autovacuum: 'off',
      max_connections: '300',
    },
  })
  await command(server.superuserUrl, 'ALTER ROLE heddle CREATEDB')
  await command(server.url, `CREATE DATABASE ${TEMPLATE}`)
  await migrate({ url: withDatabase(server.url, TEMPLATE), log: () => {} })
  return {
    serverUrl: server.url,
    superuserUrl: server.superuserUrl,
    async stop() {
      await server.stop()
      await removeEmbeddedPostgres(directory)
    },
  }
}

/** Where no global set-up has started a server, this process starts one; it ends with this process. */
let ownServer: Promise<TestPostgres> | undefined
async function ownServerUrl(): Promise<string> {
  ownServer ??= startTestPostgres()
  return (await ownServer).serverUrl
}

export interface TestDatabase extends AsyncDisposable {
  readonly url: string
  readonly db: Database
}

/** A fresh migrated database, dropped again at the end. Without `serverUrl`: the test run's server, or one of its own. */
export async function createTestDatabase(
  serverUrl: string | undefined = process.env[SERVER_VARIABLE],
): Promise<TestDatabase> {
  const server = serverUrl ?? (await ownServerUrl())
  const name = `heddle_test_${randomBytes(6).toString('hex')}`
  await command(server, `CREATE DATABASE ${name} TEMPLATE ${TEMPLATE}`)
  const url = withDatabase(server, name)
  const db = await openDatabase({ url, applicationName: 'heddle test', maxConnections: 5 })
  return {
    url,
    db,
    async [Symbol.asyncDispose]() {
      await db[Symbol.asyncDispose]()
      await command(server, `DROP DATABASE IF EXISTS ${name} WITH (FORCE)`)
    },
  }
}

/**
 * Brings operations to the same point before any of them can go on: `lockSql` holds what they need until all of them
 * wait for it. A test of concurrency that hopes for the right moment would pass without it.
 */
export async function startTogether<T>(
  database: TestDatabase,
  lockSql: string,
  operations: readonly (() => Promise<T>)[],
): Promise<PromiseSettledResult<T>[]> {
  const holder = new Client({ connectionString: database.url, connectionTimeoutMillis: 10_000 })
  await holder.connect()
  await holder.query('BEGIN')
  await holder.query(lockSql)
  const running = operations.map((operation) => operation())
  for (;;) {
    // From a connection outside of the transaction, which sees the statistics of its first look only.
    const { rows } = await database.db.pool.query<{ waiting: number }>(
      `SELECT count(*)::int AS waiting FROM pg_stat_activity
       WHERE datname = current_database() AND wait_event_type = 'Lock'`,
    )
    if ((rows[0]?.waiting ?? 0) >= operations.length) break
    await sleep(10)
  }
  await holder.query('COMMIT')
  await holder.end()
  return Promise.allSettled(running)
}

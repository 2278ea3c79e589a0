// A connection pool to Heddle's Postgres, with Prisma over the same pool: one place decides about time limits.
// `pool` is for raw SQL (metrics, better-auth); everything else goes through the functions of this package.
import { PrismaPg } from '@prisma/adapter-pg'
import { Pool } from 'pg'
import { type Prisma, PrismaClient } from '../generated/client.ts'

/** What a function needs that takes part in somebody else's transaction. */
export type Transaction = Prisma.TransactionClient

export interface OpenDatabaseOptions {
  url: string
  /** Shown in pg_stat_activity, e.g. "heddle control". */
  applicationName: string
  /** Connections at most; 10 unless told. */
  maxConnections?: number
  /** A query without an answer for longer than this ends with its connection, in milliseconds; never unless told. */
  queryTimeoutMs?: number
  /** Connections that nobody uses are kept, instead of 30 s. */
  keepIdle?: boolean
  /** Postgres' settings for every connection, by name. */
  settings?: Readonly<Record<string, string>>
}

export interface Database extends AsyncDisposable {
  readonly url: string
  readonly pool: Pool
  readonly prisma: PrismaClient
  /**
   * Runs `work` in one transaction (READ COMMITTED, at most 10 s) and commits it; a throw rolls everything back.
   * Deadlocks and lost connections surface as errors: nothing is repeated here, since only callers know what may be.
   */
  transaction<T>(work: (tx: Transaction) => Promise<T>): Promise<T>
  /** A round trip to the server, or the error that prevents it. */
  ping(): Promise<void>
}

/** Connects lazily: an unreachable server shows at the first query, within 5 s. */
export async function openDatabase(options: OpenDatabaseOptions): Promise<Database> {
  const settings = Object.entries(options.settings ?? {})
  const pool = new Pool({
    connectionString: options.url,
    application_name: options.applicationName,
    max: options.maxConnections ?? 10,
    // pg's default is to wait for ever, which turns a database that is away into requests that never end.
    connectionTimeoutMillis: 5_000,
    ...(options.queryTimeoutMs === undefined ? {} : { query_timeout: options.queryTimeoutMs }),
    idleTimeoutMillis: options.keepIdle === true ? 0 : 30_000,
    keepAlive: true,
    // Not as parameters of the start: poolers in between refuse those that they do not know.
    onConnect: async (client) => {
      for (const setting of settings) await client.query('SELECT set_config($1, $2, false)', setting)
    },
  })
  // An idle connection that breaks is replaced at its next use; without a listener it would end the process.
  pool.on('error', () => {})
  const prisma = new PrismaClient({ adapter: new PrismaPg(pool), errorFormat: 'minimal' })
  return {
    url: options.url,
    pool,
    prisma,
    transaction: (work) => prisma.$transaction(work, { maxWait: 5_000, timeout: 10_000 }),
    ping: async () => {
      await pool.query('SELECT 1')
    },
    async [Symbol.asyncDispose]() {
      await prisma.$disconnect()
      if (!pool.ended) await pool.end()
    },
  }
}

// The database that is filled: the one of DATABASE_URL, or the embedded one of HEDDLE_HOME, run for as long as it takes.
import { existsSync } from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { startEmbeddedPostgres } from '@heddle/db/embedded/startEmbeddedPostgres'

export interface SeedDatabase extends AsyncDisposable {
  url: string
}

/** Written once, in bulk: the log of what was written need not hold the rows as well. */
const BULK_SETTINGS = {
  wal_level: 'minimal',
  max_wal_senders: '0',
  max_wal_size: '4GB',
  checkpoint_timeout: '30min',
  autovacuum: 'off',
}

export async function openSeedDatabase(environment: NodeJS.ProcessEnv): Promise<SeedDatabase> {
  const { DATABASE_URL } = environment
  if (DATABASE_URL !== undefined && DATABASE_URL !== '')
    return { url: DATABASE_URL, [Symbol.asyncDispose]: async () => {} }
  const home = environment.HEDDLE_HOME ?? join(homedir(), '.heddle')
  if (existsSync(join(home, 'up.json')))
    throw new Error(
      `${join(home, 'up.json')} says that a mesh runs there. End it ("npx heddle down"), or set HEDDLE_HOME to another directory.`,
    )
  const log: string[] = []
  const server = await startEmbeddedPostgres({
    directory: join(home, 'postgres'),
    settings: BULK_SETTINGS,
    log: (line) => void log.push(line),
  }).catch((cause: unknown) => {
    throw new Error(`Postgres does not start:\n${log.slice(-20).join('\n')}`, { cause })
  })
  return { url: server.url, [Symbol.asyncDispose]: () => server.stop() }
}

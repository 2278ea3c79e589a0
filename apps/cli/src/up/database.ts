// The database of `heddle up`: the one that DATABASE_URL names, or a Postgres of our own that is kept running.
import { appendFileSync } from 'node:fs'
import { join } from 'node:path'
import { type EmbeddedPostgres, startEmbeddedPostgres } from '@heddle/db/embedded/startEmbeddedPostgres'
import { systemClock } from '@heddle/shared'
import type { Environment } from '../environment.ts'
import type { Home } from '../home.ts'
import { type Running, sleep, supervise } from '../supervise/supervisor.ts'
import { AdviceError, messageOf } from '../terminal/advice.ts'

export interface RunningDatabase {
  url: string
  /** undefined: the control plane makes the console's role, if its own may. */
  consoleUrl: string | undefined
  stop(): Promise<void>
}

export async function startDatabase(
  environment: Environment,
  home: Home,
  note: (line: string) => void,
): Promise<RunningDatabase> {
  if (environment.databaseUrl !== undefined)
    return { url: environment.databaseUrl, consoleUrl: environment.consoleDatabaseUrl, stop: async () => {} }
  const logFile = join(home.logDirectory, 'postgres.log')
  const log = (line: string): void => appendFileSync(logFile, `${line}\n`, { mode: 0o600 })
  let port: number | undefined
  const start = async (): Promise<EmbeddedPostgres & Running> => {
    try {
      const server = await startEmbeddedPostgres({
        directory: home.postgresDirectory,
        log,
        // Who is connected knows this port.
        ...(port === undefined ? {} : { port }),
      })
      port = Number(new URL(server.url).port)
      return server
    } catch (error) {
      throw new AdviceError(`Postgres does not start: ${messageOf(error)}`, {
        advice: `Its log is ${logFile}. Another Postgres can be used with DATABASE_URL.`,
        cause: error,
      })
    }
  }
  const supervised = await supervise({
    name: 'Postgres',
    start,
    note,
    clock: systemClock,
    random: Math.random,
    sleep,
  })
  const { url, consoleUrl } = supervised.current
  return { url, consoleUrl, stop: () => supervised.stop() }
}

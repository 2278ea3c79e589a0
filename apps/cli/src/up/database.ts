// The database of `heddle up`: the one that DATABASE_URL names, or a Postgres of our own that is kept running.
import { randomBytes } from 'node:crypto'
import { appendFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { type EmbeddedPostgres, startEmbeddedPostgres } from '@heddle/db/embedded/startEmbeddedPostgres'
import { systemClock } from '@heddle/shared/clock'
import type { Environment } from '../environment.ts'
import { type Home, readIfThere } from '../home.ts'
import { rotate } from '../supervise/logFile.ts'
import { type Running, sleep, supervise } from '../supervise/supervisor.ts'
import { AdviceError, messageOf, usageError } from '../terminal/advice.ts'
import { consoleDatabaseUrl } from './consoleDatabaseUrl.ts'

export interface RunningDatabase {
  url: string
  /** For the console's weaker role, which the control plane creates or limits. */
  consoleUrl: string
  stop(): Promise<void>
}

export async function startDatabase(
  environment: Environment,
  home: Home,
  note: (line: string) => void,
): Promise<RunningDatabase> {
  if (environment.databaseUrl !== undefined) return named(environment.databaseUrl, environment, home)
  const logFile = join(home.logDirectory, 'postgres.log')
  const log = (line: string): void => {
    rotate(logFile)
    appendFileSync(logFile, `${line}\n`, { mode: 0o600 })
  }
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

function named(url: string, environment: Environment, home: Home): RunningDatabase {
  const consoleUrl = environment.consoleDatabaseUrl ?? consoleDatabaseUrl(url, () => keepSecret(home))
  if (consoleUrl === undefined)
    throw usageError('DATABASE_URL must look like postgresql://USER:PASSWORD@HOST:PORT/DATABASE')
  return { url, consoleUrl, stop: async () => {} }
}

/** Random, made once; for its owner alone. */
function keepSecret(home: Home): string {
  const path = join(home.directory, 'console-database-secret')
  const kept = readIfThere(path)
  if (kept !== undefined) return kept
  const secret = randomBytes(32).toString('base64url')
  writeFileSync(path, secret, { mode: 0o600 })
  return secret
}

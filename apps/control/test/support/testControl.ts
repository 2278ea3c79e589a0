// A real control plane over a real, fresh database, in this process.
import { copyFile, mkdir, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createJoinToken, type Database } from '@heddle/db'
import { createTestDatabase } from '@heddle/db/testing'
import type { Clock } from '@heddle/shared/clock'
import { systemClock } from '@heddle/shared/clock'
import { type ControlOptions, type RunningControl, startControl } from '../../src/app.ts'
import type { LogLevel } from '../../src/log.ts'
import { type Relay, startRelay } from './relay.ts'

export interface LogLine {
  level: LogLevel
  message: string
  fields: Record<string, unknown>
}

export interface TestControl extends AsyncDisposable {
  readonly control: RunningControl
  readonly db: Database
  readonly home: string
  readonly lines: LogLine[]
  /** Between the control plane and Postgres; `db` does not go through it. */
  readonly relay: Relay
  /** The same database and HEDDLE_HOME under a new process' eyes. */
  restart(): Promise<void>
  /** One more control plane over the same database, with the same CA key file. */
  another(): Promise<RunningControl>
  token(service: string, uses?: number, ttlMs?: number): Promise<string>
}

export async function startTestControl(
  options: Partial<ControlOptions> & { clock?: Clock } = {},
): Promise<TestControl> {
  await using owned = new AsyncDisposableStack()
  const database = owned.use(await createTestDatabase())
  const relay = owned.use(await startRelay(database.url))
  const home = await mkdtemp(join(tmpdir(), 'heddle-control-'))
  owned.defer(() => rm(home, { recursive: true, force: true }))
  const lines: LogLine[] = []
  const all: ControlOptions = {
    databaseUrl: relay.url,
    consoleDatabaseUrl: null,
    home,
    listenAddress: '127.0.0.1',
    port: 0,
    adminPort: 0,
    trustDomain: 'test.heddle',
    advertisedUrls: [],
    clock: systemClock,
    log: (level, message, fields = {}) => lines.push({ level, message, fields }),
    build: 'test',
    ...options,
  }
  let control = await startControl(all)
  owned.defer(() => control[Symbol.asyncDispose]())
  const running = owned.move()
  return {
    get control() {
      return control
    },
    db: database.db,
    home,
    lines,
    relay,
    async restart() {
      const { port, adminPort } = control
      await control[Symbol.asyncDispose]()
      control = await startControl({ ...all, port, adminPort })
    },
    async another() {
      const otherHome = await mkdtemp(join(tmpdir(), 'heddle-control-'))
      running.defer(() => rm(otherHome, { recursive: true, force: true }))
      await mkdir(join(otherHome, 'control'))
      await copyFile(join(home, 'control', 'ca.key'), join(otherHome, 'control', 'ca.key'))
      return running.use(await startControl({ ...all, home: otherHome }))
    },
    async token(service, uses = 10, ttlMs = 3_600_000) {
      return (await createJoinToken(database.db, { service, uses, ttlMs, actor: 'test' })).token
    },
    [Symbol.asyncDispose]: () => running.disposeAsync(),
  }
}

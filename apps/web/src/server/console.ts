// The console's running parts, put together in one place and ended together.
import { type Database, listControlPlanes, openDatabase, schemaState } from '@heddle/db'
import type { Clock } from '@heddle/shared/clock'
import { type Auth, createAuth } from '../auth/auth.ts'
import { authSecret } from '../auth/secretFile.ts'
import { SignInLimiter } from '../auth/signInLimiter.ts'
import type { ConsoleConfig } from './config.ts'
import { ControlStream } from './control/controlStream.ts'
import { DatabasePulse } from './databasePulse.ts'
import { ConfigWatch } from './live/configWatch.ts'
import { errorText, type Log } from './log.ts'
import { createMeshCache, type MeshCache } from './meshCache.ts'
import { createMetricsReader, type MetricsReader } from './metrics/reader.ts'
import { createObservations, type Observations } from './observations.ts'
import { RecentCallers } from './recentCallers.ts'
import { SchemaGate } from './schemaGate.ts'
import { type AnswersOfTick, answersOfTick } from './sharedAnswers.ts'

export interface Console extends AsyncDisposable {
  readonly config: ConsoleConfig
  readonly clock: Clock
  readonly log: Log
  readonly db: Database
  readonly pulse: DatabasePulse
  readonly gate: SchemaGate
  readonly auth: Auth
  readonly recentCallers: RecentCallers
  readonly signInLimiter: SignInLimiter
  readonly mesh: MeshCache
  readonly control: ControlStream
  readonly revisions: ConfigWatch
  readonly metrics: MetricsReader
  readonly answers: AnswersOfTick
  readonly observations: Observations
}

export interface ConsoleOptions {
  config: ConsoleConfig
  clock: Clock
  log: Log
  random: () => number
  /** How long a read may be without any answer of the database, in milliseconds; seconds unless a test says so. */
  patienceMs?: number | undefined
}

/** Longer than the slowest read of a year of metrics; a transaction has its own limit of 10 s. */
const QUERY_TIMEOUT_MS = 30_000
const PING_TIMEOUT_MS = 5_000
/** To compile a read takes longer than to run it; and a thousand services are added up in memory, not sorted on disk. */
const READ_SETTINGS = { jit: 'off', work_mem: '32MB' }

/** Resolves before the database or a control plane has answered: pages say what is missing. */
export async function startConsole({ config, clock, log, random, patienceMs }: ConsoleOptions): Promise<Console> {
  // A connection whose other end went without a word is given up, or it would be lost until TCP notices.
  const db = await openDatabase({
    url: config.databaseUrl,
    applicationName: 'heddle console',
    queryTimeoutMs: QUERY_TIMEOUT_MS,
    settings: READ_SETTINGS,
  })
  // Its one connection is for asking whether the database answers, and stays: making one takes long just when it is asked.
  const probe = await openDatabase({
    url: config.databaseUrl,
    applicationName: 'heddle console pulse',
    maxConnections: 1,
    queryTimeoutMs: PING_TIMEOUT_MS,
    keepIdle: true,
  })
  const pulse = new DatabasePulse({ ping: () => probe.ping(), patienceMs })
  const control = new ControlStream({
    home: config.home,
    controls: config.controls,
    discover: () => pulse.read(() => listControlPlanes(db)),
    clock,
    log,
    random,
  })
  const revisions = new ConfigWatch()
  revisions.start(db, log).catch((error: unknown) => {
    log('error', 'changes of configuration cannot be watched', { error: errorText(error) })
  })
  return {
    config,
    clock,
    log,
    db,
    pulse,
    gate: new SchemaGate(() => pulse.read(() => schemaState(db)), clock, log),
    auth: createAuth(db, { url: config.url, secret: authSecret(config.home) }),
    recentCallers: new RecentCallers(clock),
    signInLimiter: new SignInLimiter(clock),
    mesh: createMeshCache(db, pulse, clock),
    control,
    revisions,
    metrics: createMetricsReader(db, control, clock, pulse),
    answers: answersOfTick(),
    observations: createObservations(db, control),
    async [Symbol.asyncDispose]() {
      await control[Symbol.asyncDispose]()
      await revisions[Symbol.asyncDispose]()
      await pulse[Symbol.asyncDispose]()
      await probe[Symbol.asyncDispose]()
      await db[Symbol.asyncDispose]()
    },
  }
}

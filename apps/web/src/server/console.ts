// The console's running parts, put together in one place and ended together.
import { type Database, listControlPlanes, openDatabase, schemaState } from '@heddle/db'
import type { Clock } from '@heddle/shared/clock'
import { type Auth, createAuth } from '../auth/auth.ts'
import { authSecret } from '../auth/secretFile.ts'
import { SignInLimiter } from '../auth/signInLimiter.ts'
import type { ConsoleConfig } from './config.ts'
import { ControlStream } from './control/controlStream.ts'
import { ConfigWatch } from './live/configWatch.ts'
import { errorText, type Log } from './log.ts'
import { createMeshCache, type MeshCache } from './meshCache.ts'
import { createMetricsReader, type MetricsReader } from './metrics/reader.ts'
import { createObservations, type Observations } from './observations.ts'
import { SchemaGate } from './schemaGate.ts'

export interface Console extends AsyncDisposable {
  readonly config: ConsoleConfig
  readonly clock: Clock
  readonly log: Log
  readonly db: Database
  readonly gate: SchemaGate
  readonly auth: Auth
  readonly signInLimiter: SignInLimiter
  readonly mesh: MeshCache
  readonly control: ControlStream
  readonly revisions: ConfigWatch
  readonly metrics: MetricsReader
  readonly observations: Observations
}

export interface ConsoleOptions {
  config: ConsoleConfig
  clock: Clock
  log: Log
  random: () => number
}

/** Resolves before the database or a control plane has answered: pages say what is missing. */
export async function startConsole({ config, clock, log, random }: ConsoleOptions): Promise<Console> {
  const db = await openDatabase({ url: config.databaseUrl, applicationName: 'heddle console' })
  const control = new ControlStream({
    home: config.home,
    controls: config.controls,
    discover: () => listControlPlanes(db),
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
    gate: new SchemaGate(() => schemaState(db), clock, log),
    auth: createAuth(db, { url: config.url, secret: authSecret(config.home) }),
    signInLimiter: new SignInLimiter(clock),
    mesh: createMeshCache(db),
    control,
    revisions,
    metrics: createMetricsReader(db, control, clock),
    observations: createObservations(db, control),
    async [Symbol.asyncDispose]() {
      await control[Symbol.asyncDispose]()
      await revisions[Symbol.asyncDispose]()
      await db[Symbol.asyncDispose]()
    },
  }
}

// A real Postgres from npm, beside Heddle: data, programs, account and passwords are each decided in a file of their
// own; this one puts them in order. See location.ts for where root's data lies.
import { join } from 'node:path'
import { serverAccounts } from './account.ts'
import { findBinaries, installedPackage } from './binaries.ts'
import { dataVersion, makeCluster } from './cluster.ts'
import {
  CONSOLE_USER,
  DATABASE,
  newCredentials,
  OWNER,
  readCredentials,
  SUPERUSER,
  urlOf,
  writeCredentials,
} from './credentials.ts'
import { wrongVersion } from './failure.ts'
import { lockLauncher } from './launcherLock.ts'
import { locate, makePrivate, sharedDirectory } from './location.ts'
import { endOrphan } from './orphan.ts'
import { choosePort } from './port.ts'
import { prepareDatabase } from './prepare.ts'
import { startServer } from './server.ts'

export interface EmbeddedPostgresOptions {
  /** Made if missing (0700). Holds the data (or a link to it) and the passwords (0600). */
  directory: string
  /** Kept from the last start, or picked, unless told. */
  port?: number
  /** Gets the server's own log, line by line. */
  log: (line: string) => void
  /** More settings of postgresql.conf. */
  settings?: Readonly<Record<string, string>>
}

export interface EmbeddedPostgres {
  /** Database `heddle` as its owner: for the control plane. May create the console's role. */
  readonly url: string
  readonly superuserUrl: string
  /** A role and password for CONSOLE_DATABASE_URL, kept like the other; the control plane creates and limits it. */
  readonly consoleUrl: string
  readonly pid: number
  /** Resolves when the server has ended, whoever ended it, with its exit code or signal. */
  readonly exited: Promise<{ code: number | null; signal: NodeJS.Signals | null }>
  /** Fast shutdown (SIGINT): sessions end, data is safe. */
  stop(): Promise<void>
}

/** Throws an error that says what to do: port busy, disk full, data of another major version, a server still running. */
export async function startEmbeddedPostgres(options: EmbeddedPostgresOptions): Promise<EmbeddedPostgres> {
  const { directory, log } = options
  await makePrivate(directory)
  await using releaseOnFailure = new AsyncDisposableStack()
  const lock = releaseOnFailure.use(await lockLauncher(join(directory, 'lock')))

  const accounts = await serverAccounts()
  const account = accounts?.server ?? null
  const location = await locate(directory, accounts)
  const binaries = await findBinaries(
    await installedPackage(),
    account,
    accounts === null ? async () => directory : sharedDirectory,
  )
  const credentialsFile = join(directory, 'credentials.json')

  const version = await dataVersion(location.data)
  if (version !== null && version !== binaries.major) throw wrongVersion(location.data, version, binaries.major)
  if (version !== null) await endOrphan(location.data, log)

  const kept = version === null ? null : await readCredentials(credentialsFile)
  if (version !== null && kept === null) {
    throw new Error(
      `${credentialsFile} is missing, and with it the way into ${location.data}. Restore it, or delete both.`,
    )
  }
  const port = await choosePort(options.port, kept?.port)
  const credentials = kept === null ? newCredentials(port) : { ...kept, port }
  if (kept === null) {
    log('Making a new Postgres data directory.')
    await makeCluster(binaries, location, accounts, credentials.superuserPassword, () =>
      writeCredentials(credentialsFile, credentials),
    )
  } else if (kept.port !== port) await writeCredentials(credentialsFile, credentials)

  const settings = options.settings ?? {}
  const server = await startServer({ binaries, data: location.data, port, account, settings, log })
  releaseOnFailure.defer(() => server.stop())
  await prepareDatabase(credentials)

  releaseOnFailure.move()
  const released = server.exited.then(() => lock[Symbol.asyncDispose]())
  released.catch(() => {})
  return {
    url: urlOf(OWNER, credentials.ownerPassword, port, DATABASE),
    superuserUrl: urlOf(SUPERUSER, credentials.superuserPassword, port, DATABASE),
    consoleUrl: urlOf(CONSOLE_USER, credentials.consolePassword, port, DATABASE),
    pid: server.pid,
    exited: server.exited,
    stop: async () => {
      await server.stop()
      await released
    },
  }
}

// Makes the data directory with initdb: whole or not at all.
import { spawn } from 'node:child_process'
import { chmod, chown, lchown, mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Account, ServerAccounts } from './account.ts'
import type { Binaries } from './binaries.ts'
import { SUPERUSER } from './credentials.ts'
import { serverEnvironment } from './environment.ts'
import { explainFailure } from './failure.ts'
import type { Location } from './location.ts'

async function handOver(path: string, to: Account): Promise<void> {
  for (const entry of await readdir(path, { withFileTypes: true, recursive: true }))
    await lchown(join(entry.parentPath, entry.name), to.uid, to.gid)
  await chown(path, to.uid, to.gid)
}

async function run(program: string, options: string[], account: Account | null): Promise<void> {
  const child = spawn(program, options, {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: serverEnvironment(),
    // No directory that the account may not be in.
    cwd: '/',
    ...account,
  })
  let output = ''
  child.stdout.on('data', (chunk) => (output += String(chunk)))
  child.stderr.on('data', (chunk) => (output += String(chunk)))
  const { promise, resolve, reject } = Promise.withResolvers<number | null>()
  child.once('error', reject)
  child.once('close', resolve)
  const code = await promise
  if (code !== 0) throw explainFailure('initdb failed', output)
}

/** The major version that made the data, or null where there is none yet. */
export async function dataVersion(data: string): Promise<string | null> {
  const text = await readFile(join(data, 'PG_VERSION'), 'utf8').catch(() => null)
  return text === null ? null : text.trim()
}

/**
 * initdb takes the superuser's password from a file: 0600, in a 0700 directory of the account that runs initdb, gone
 * as soon as initdb is done. `beforeUse` runs when the data is complete and not yet in its place.
 */
export async function makeCluster(
  binaries: Binaries,
  location: Location,
  accounts: ServerAccounts | null,
  superuserPassword: string,
  beforeUse: () => Promise<void>,
): Promise<void> {
  const draft = join(location.base, 'new')
  await rm(draft, { recursive: true, force: true })
  await mkdir(draft, { mode: 0o700 })
  await chmod(draft, 0o700)
  const passwordFile = join(draft, 'password')
  await writeFile(passwordFile, `${superuserPassword}\n`, { mode: 0o600 })
  if (accounts !== null) await handOver(draft, accounts.initdb)
  try {
    const data = join(draft, 'data')
    await run(
      binaries.initdb,
      [
        `--pgdata=${data}`,
        `--username=${SUPERUSER}`,
        `--pwfile=${passwordFile}`,
        '--auth=scram-sha-256',
        '--encoding=UTF8',
        // The built-in provider sorts alike on every system, so that data can move between them.
        '--locale-provider=builtin',
        '--locale=C.UTF-8',
        '--no-instructions',
      ],
      accounts?.initdb ?? null,
    )
    await rm(passwordFile)
    if (accounts !== null) await handOver(data, accounts.server)
    await beforeUse()
    await rename(data, location.data)
  } finally {
    await rm(draft, { recursive: true, force: true })
  }
}

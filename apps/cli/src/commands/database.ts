// control new-epoch, ca status: commands of the machine that has the database; they speak to it directly.
import { X509Certificate } from 'node:crypto'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { type Database, newEpoch, openDatabase, publicCertificates } from '@heddle/db'
import { DATABASE, OWNER, readCredentials, urlOf } from '@heddle/db/embedded/credentials'
import { startEmbeddedPostgres } from '@heddle/db/embedded/startEmbeddedPostgres'
import { readEnvironment } from '../environment.ts'
import { homeAt } from '../home.ts'
import { AdviceError, messageOf } from '../terminal/advice.ts'
import { formatJson, formatTable, terminal } from '../terminal/print.ts'
import { readUp } from '../up/upFile.ts'

/** On DATABASE_URL, on the Postgres of a running `heddle up`, or on that Postgres started for the moment. */
async function onDatabase<T>(work: (db: Database) => Promise<T>): Promise<T> {
  const environment = readEnvironment()
  const home = homeAt(environment.home)
  await using stack = new AsyncDisposableStack()
  const url = environment.databaseUrl ?? (await embeddedUrl(stack))
  const db = stack.use(await openDatabase({ url, applicationName: 'heddle', maxConnections: 2 }))
  try {
    return await work(db)
  } catch (error) {
    throw new AdviceError(`the database cannot be asked: ${messageOf(error)}`, {
      advice: 'Check DATABASE_URL, or start the mesh once with "heddle up", which makes its tables.',
      cause: error,
    })
  }

  async function embeddedUrl(owned: AsyncDisposableStack): Promise<string> {
    if (!existsSync(home.postgresDirectory))
      throw new AdviceError(`there is no database in ${home.directory}.`, {
        advice: 'Run this on the machine of "heddle up", or set DATABASE_URL.',
      })
    if (readUp(home) !== undefined) {
      const kept = await readCredentials(join(home.postgresDirectory, 'credentials.json'))
      if (kept !== null) return urlOf(OWNER, kept.ownerPassword, kept.port, DATABASE)
    }
    const server = await startEmbeddedPostgres({ directory: home.postgresDirectory, log: () => {} })
    owned.defer(() => server.stop())
    return server.url
  }
}

export async function newControlEpoch(): Promise<void> {
  const epoch = await onDatabase((db) => newEpoch(db, { actor: 'heddle control new-epoch' }))
  terminal.out(`The epoch is ${epoch} (${new Date(epoch).toISOString()}): proxies accept the restored revisions now.`)
}

export async function caStatus(isJson: boolean): Promise<void> {
  const certificates = (await onDatabase(publicCertificates)).map(({ id, kind, state, notBefore, notAfter, pem }) => ({
    id,
    kind,
    state,
    subject: new X509Certificate(pem).subject.replaceAll('\n', ', '),
    notBefore: new Date(notBefore).toISOString(),
    notAfter: new Date(notAfter).toISOString(),
  }))
  if (isJson) return terminal.out(formatJson({ certificates }))
  if (certificates.length === 0) return terminal.out('There is no certificate authority yet: "heddle up" makes it.')
  terminal.out(
    formatTable(
      ['KIND', 'STATE', 'SUBJECT', 'UNTIL', 'SHA-256'],
      certificates.map(({ kind, state, subject, notAfter, id }) => [kind, state, subject, notAfter, id]),
    ),
  )
}

// The console's one-time enrolment secret: written to a file that only this user can read, its hash to the database.
// Each start writes a fresh one, and so does the time at which the console's certificate is past half of its life.
import { randomBytes } from 'node:crypto'
import { rename, writeFile } from 'node:fs/promises'
import { type Database, storeConsoleSecret } from '@heddle/db'
import { newSecret } from '@heddle/shared/joinToken'

export interface ConsoleSecretOptions {
  db: Database
  controlId: string
  /** `<HEDDLE_HOME>/console-secret`. */
  file: string
  rootSha256: string
  controlUrl: string
}

export async function writeConsoleSecret(options: ConsoleSecretOptions): Promise<void> {
  const secret = newSecret()
  await storeConsoleSecret(options.db, { controlId: options.controlId, secret })
  const { rootSha256, controlUrl } = options
  // Never readable half-written.
  const draft = `${options.file}.${randomBytes(4).toString('hex')}`
  await writeFile(draft, `${JSON.stringify({ secret, rootSha256, controlUrl })}\n`, { mode: 0o600, flag: 'wx' })
  await rename(draft, options.file)
}

// The secret that signs session cookies: made once, readable by this user only. Who starts at the same time takes the
// one that was first.
import { randomBytes } from 'node:crypto'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

/** @throws what the file system throws. `home`: HEDDLE_HOME. */
export function authSecret(home: string): string {
  const directory = join(home, 'console')
  const path = join(directory, 'auth-secret')
  mkdirSync(directory, { recursive: true, mode: 0o700 })
  try {
    const secret = randomBytes(32).toString('base64url')
    writeFileSync(path, secret, { flag: 'wx', mode: 0o600 })
    return secret
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error
  }
  const secret = readFileSync(path, 'utf8').trim()
  if (secret.length < 32) throw new Error(`${path} is too short to be the secret of the console; remove it.`)
  return secret
}

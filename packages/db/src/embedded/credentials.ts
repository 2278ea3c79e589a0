// Passwords and port of the embedded server, kept in one file that only this process's user can read (0600).
import { randomBytes } from 'node:crypto'
import { readFile, rename, writeFile } from 'node:fs/promises'

export interface Credentials {
  port: number
  superuserPassword: string
  ownerPassword: string
  consolePassword: string
}

export const SUPERUSER = 'postgres'
export const OWNER = 'heddle'
export const CONSOLE_USER = 'heddle_console'
export const DATABASE = 'heddle'

/** 256 random bits; base64url needs no escaping in a URL. */
const newPassword = (): string => randomBytes(32).toString('base64url')

export function newCredentials(port: number): Credentials {
  return {
    port,
    superuserPassword: newPassword(),
    ownerPassword: newPassword(),
    consolePassword: newPassword(),
  }
}

export async function readCredentials(path: string): Promise<Credentials | null> {
  const text = await readFile(path, 'utf8').catch(() => null)
  if (text === null) return null
  const found: unknown = JSON.parse(text)
  const isText = (key: string): boolean =>
    typeof found === 'object' && found !== null && key in found && typeof Reflect.get(found, key) === 'string'
  if (!isText('superuserPassword') || !isText('ownerPassword') || !isText('consolePassword')) {
    throw new Error(
      `${path} does not hold the embedded Postgres' passwords any more. Restore it, or delete its directory to begin anew.`,
    )
  }
  return found as Credentials
}

/** Whole or not at all: a half-written file would lock the data away. */
export async function writeCredentials(path: string, credentials: Credentials): Promise<void> {
  const draft = `${path}.${process.pid}`
  await writeFile(draft, `${JSON.stringify(credentials, null, 2)}\n`, { mode: 0o600 })
  await rename(draft, path)
}

export function urlOf(user: string, password: string, port: number, database: string): string {
  return `postgresql://${user}:${password}@127.0.0.1:${port}/${database}`
}

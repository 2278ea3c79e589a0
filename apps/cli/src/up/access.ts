// What lets people and commands in after a start: this machine's admin token, and a link for the first admin.
import { randomBytes } from 'node:crypto'
import { chmodSync, writeFileSync } from 'node:fs'
import { hostname, userInfo } from 'node:os'
import { createSetupToken, ensureApiToken, openDatabase } from '@heddle/db'
import { type Home, readIfThere } from '../home.ts'

const ACTOR = 'heddle up'

/**
 * What the history calls commands on this machine: the account that owns the token's file, which nobody else can read,
 * and the machine. No token that the console makes may have brackets in its name, so that none can pass for this one.
 */
const tokenName = (): string => `${userInfo().username}@${hostname()} (command line)`

const LINK_TTL_MS = 24 * 3_600_000

export interface Access {
  adminToken: string
  /** One-time link that makes the first admin; null where there is a user already. */
  setupLink: string | null
}

/** Needs the database migrated, and its owner's URL. */
export async function grantAccess(databaseUrl: string, home: Home, consoleUrl: string): Promise<Access> {
  await using db = await openDatabase({ url: databaseUrl, applicationName: 'heddle up', maxConnections: 2 })
  const adminToken = keepAdminToken(home)
  await ensureApiToken(db, { name: tokenName(), role: 'admin', token: adminToken, actor: ACTOR })
  if ((await db.prisma.user.count()) > 0) return { adminToken, setupLink: null }
  const { token } = await createSetupToken(db, {
    purpose: 'first_admin',
    userName: null,
    role: 'admin',
    ttlMs: LINK_TTL_MS,
    actor: ACTOR,
  })
  return { adminToken, setupLink: `${consoleUrl}/setup?token=${token}` }
}

/** The token of the last start, or a new one; the file is for its owner alone. */
function keepAdminToken(home: Home): string {
  const kept = readIfThere(home.adminTokenFile)?.trim()
  if (kept !== undefined && /^heddle_api_[A-Za-z0-9_-]{43}$/.test(kept)) {
    chmodSync(home.adminTokenFile, 0o600)
    return kept
  }
  const token = `heddle_api_${randomBytes(32).toString('base64url')}`
  writeFileSync(home.adminTokenFile, `${token}\n`, { mode: 0o600 })
  return token
}

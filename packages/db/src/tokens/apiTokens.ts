// API tokens, `heddle_api_<43 base64url>`: what the command line shows to the console.
import { hashSecret, newId, newSecret, ROLES, type Role } from '@heddle/shared'
import { audit } from '../changes/audit.ts'
import type { Database } from '../connection/database.ts'
import { NotFoundError } from '../errors.ts'
import type { ApiTokenModel } from '../generated/models.ts'
import { databaseTime } from './databaseTime.ts'

export interface ApiTokenRow {
  id: string
  name: string
  role: Role
  createdBy: string
  /** Milliseconds since the epoch. */
  createdAt: number
  expiresAt: number | null
  lastUsedAt: number | null
  revoked: boolean
}

const PREFIX = 'heddle_api_'
const FORM = /^heddle_api_[A-Za-z0-9_-]{43}$/

/** A new token's text: `heddle_api_` and 256 random bits. */
export function newApiToken(): string {
  return `${PREFIX}${newSecret()}`
}

/** A role that this build does not know gives the fewest rights. */
const roleOf = (text: string): Role => ROLES.find((role) => role === text) ?? 'viewer'

/** The text is shown once and not stored. */
export function createApiToken(
  db: Database,
  input: { name: string; role: Role; ttlMs: number | null; actor: string },
): Promise<{ id: string; token: string; expiresAt: number | null }> {
  const { name, role, ttlMs, actor } = input
  return db.transaction(async (tx) => {
    const [id, token] = [newId(), newApiToken()]
    const expiresAt = ttlMs === null ? null : new Date((await databaseTime(tx)) + ttlMs)
    await tx.apiToken.create({ data: { id, name, role, secretHash: hashSecret(token), createdBy: actor, expiresAt } })
    await audit(tx, { actor, kind: 'token', summary: `API token "${name}" (${role}) created` })
    return { id, token, expiresAt: expiresAt?.getTime() ?? null }
  })
}

/** For `heddle up`: makes `token` valid under this name, and every other token of the same name and actor invalid. */
export function ensureApiToken(
  db: Database,
  input: { name: string; role: Role; token: string; actor: string },
): Promise<void> {
  const { name, role, token, actor } = input
  if (!FORM.test(token)) throw new RangeError('not an API token: make one with newApiToken()')
  const secretHash = hashSecret(token)
  return db.transaction(async (tx) => {
    const found = await tx.apiToken.findUnique({ where: { secretHash } })
    if (found?.revokedAt === null && found.role === role && found.name === name) return
    await tx.$executeRaw`
      UPDATE "api_token" SET "revoked_at" = clock_timestamp()
      WHERE "name" = ${name} AND "created_by" = ${actor} AND "revoked_at" IS NULL AND "secret_hash" <> ${secretHash}`
    await tx.apiToken.upsert({
      where: { secretHash },
      create: { id: newId(), name, role, secretHash, createdBy: actor },
      update: { name, role, revokedAt: null },
    })
    await audit(tx, { actor, kind: 'token', summary: `API token "${name}" (${role}) created` })
  })
}

/** How exact the time of last use is: writing it at every call would make a write of each read. */
const LAST_USED_MS = 60_000

/** null: unknown, expired or revoked. */
export async function verifyApiToken(
  db: Database,
  token: string,
): Promise<{ id: string; name: string; role: Role } | null> {
  if (!FORM.test(token)) return null
  const { rows } = await db.pool.query<{ id: string; name: string; role: string; stale: boolean }>(
    `SELECT "id", "name", "role",
            "last_used_at" IS NULL OR "last_used_at" < clock_timestamp() - $2 * interval '1 millisecond' AS stale
     FROM "api_token"
     WHERE "secret_hash" = $1 AND "revoked_at" IS NULL AND ("expires_at" IS NULL OR "expires_at" > clock_timestamp())`,
    [hashSecret(token), LAST_USED_MS],
  )
  const found = rows[0]
  if (found === undefined) return null
  if (found.stale)
    await db.pool.query('UPDATE "api_token" SET "last_used_at" = clock_timestamp() WHERE "id" = $1', [found.id])
  return { id: found.id, name: found.name, role: roleOf(found.role) }
}

const toRow = (token: ApiTokenModel): ApiTokenRow => ({
  id: token.id,
  name: token.name,
  role: roleOf(token.role),
  createdBy: token.createdBy,
  createdAt: token.createdAt.getTime(),
  expiresAt: token.expiresAt?.getTime() ?? null,
  lastUsedAt: token.lastUsedAt?.getTime() ?? null,
  revoked: token.revokedAt !== null,
})

/** Newest first. */
export async function listApiTokens(db: Database): Promise<ApiTokenRow[]> {
  const rows = await db.prisma.apiToken.findMany({ orderBy: [{ createdAt: 'desc' }, { id: 'asc' }] })
  return rows.map(toRow)
}

/** Throws NotFoundError. Revoking twice is no error. */
export function revokeApiToken(db: Database, { id, actor }: { id: string; actor: string }): Promise<void> {
  return db.transaction(async (tx) => {
    const token = await tx.apiToken.findUnique({ where: { id } })
    if (token === null) throw new NotFoundError(`There is no API token "${id}".`)
    if (token.revokedAt !== null) return
    await tx.$executeRaw`UPDATE "api_token" SET "revoked_at" = clock_timestamp() WHERE "id" = ${id}`
    await audit(tx, { actor, kind: 'token', summary: `API token "${token.name}" (${token.role}) revoked` })
  })
}

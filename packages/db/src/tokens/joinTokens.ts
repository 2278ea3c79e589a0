// Join tokens: per service, expiring, limited in uses, stored hashed, revocable. Expiry goes by Postgres' clock.
import { timingSafeEqual } from 'node:crypto'
import { formatJoinToken, hashSecret, newId, newSecret, parseJoinToken } from '@heddle/shared'
import { audit } from '../changes/audit.ts'
import type { Database, Transaction } from '../connection/database.ts'
import { NotFoundError } from '../errors.ts'
import { databaseTime } from './databaseTime.ts'

export interface JoinTokenRow {
  id: string
  service: string
  uses: number
  used: number
  createdBy: string
  /** Milliseconds since the epoch. */
  createdAt: number
  expiresAt: number
  revoked: boolean
}

const LISTED_AFTER_EXPIRY_MS = 30 * 24 * 3_600_000

/** The text is shown once and not stored. Throws NotFoundError while the mesh has no root certificate yet. */
export function createJoinToken(
  db: Database,
  input: { service: string; uses: number; ttlMs: number; actor: string },
): Promise<{ id: string; token: string; expiresAt: number }> {
  const { service, uses, ttlMs, actor } = input
  return db.transaction(async (tx) => {
    const root = await tx.certificate.findFirst({
      where: { kind: 'root', state: 'active' },
      orderBy: { createdAt: 'desc' },
      select: { id: true },
    })
    if (root === null)
      throw new NotFoundError('The mesh has no root certificate yet: the control plane makes it when it first starts.')
    const [id, secret] = [newId(), newSecret()]
    const expiresAt = new Date((await databaseTime(tx)) + ttlMs)
    await tx.joinToken.create({
      data: { id, secretHash: hashSecret(secret), service, uses, createdBy: actor, expiresAt },
    })
    const times = uses === 1 ? 'once' : `${uses} times`
    await audit(tx, { actor, kind: 'token', summary: `Join token ${id} for ${service} created, good ${times}` })
    return { id, token: formatJoinToken({ id, secret, rootSha256: root.id }), expiresAt: expiresAt.getTime() }
  })
}

const REFUSALS = {
  unknown: 'This join token is not known here. Make one with "heddle token create --service NAME".',
  revoked: 'This join token was revoked. Make another with "heddle token create".',
  expired: 'This join token has expired. Make another with "heddle token create".',
  used_up:
    'This join token has been used as often as it may be. Make another with "heddle token create", or one with more uses.',
  wrong_service: 'This join token is for another service.',
  other_instance:
    'The key of this proxy has joined with this token as another instance. Start with that instance id, or with a state directory of its own.',
} as const

export type Redemption = { ok: true; tokenId: string } | { ok: false; reason: keyof typeof REFUSALS; message: string }

const refusal = (reason: keyof typeof REFUSALS, message: string = REFUSALS[reason]): Redemption => ({
  ok: false,
  reason,
  message,
})

/** Spends a use, unless this public key has joined with the token before, as this instance. `keySha256`: of the SPKI DER, base64url. */
export async function redeemJoinToken(
  tx: Transaction,
  input: { token: string; service: string; instance: string; keySha256: string },
): Promise<Redemption> {
  const { service, instance, keySha256 } = input
  const parsed = parseJoinToken(input.token)
  if (parsed === undefined) return refusal('unknown')
  // Locks the row: of two that come for the last use one gets it.
  const rows = await tx.$queryRaw<
    { secretHash: string; service: string; uses: number; used: number; expired: boolean; revoked: boolean }[]
  >`SELECT "secret_hash" AS "secretHash", "service", "uses", "used",
           "expires_at" <= clock_timestamp() AS expired, "revoked_at" IS NOT NULL AS revoked
    FROM "join_token" WHERE "id" = ${parsed.id} FOR UPDATE`
  const stored = rows[0]
  if (stored === undefined) return refusal('unknown')
  const [given, expected] = [Buffer.from(hashSecret(parsed.secret)), Buffer.from(stored.secretHash)]
  if (given.length !== expected.length || !timingSafeEqual(given, expected)) return refusal('unknown')
  if (stored.service !== service)
    return refusal('wrong_service', `This join token is for the service "${stored.service}", not for "${service}".`)
  if (stored.revoked) return refusal('revoked')
  if (stored.expired) return refusal('expired')

  const where = { tokenId_keySha256: { tokenId: parsed.id, keySha256 } }
  const before = await tx.joinTokenRedemption.findUnique({ where })
  // One instance for each use: under another name a key would be admitted without one, also after its own was revoked.
  if (before !== null)
    return before.instance === instance ? { ok: true, tokenId: parsed.id } : refusal('other_instance')
  if (stored.used >= stored.uses) return refusal('used_up')
  await tx.joinTokenRedemption.create({ data: { tokenId: parsed.id, keySha256, instance } })
  await tx.joinToken.update({ where: { id: parsed.id }, data: { used: { increment: 1 } } })
  return { ok: true, tokenId: parsed.id }
}

/** Newest first; expired ones are listed for 30 days. */
export async function listJoinTokens(db: Database): Promise<JoinTokenRow[]> {
  const rows = await db.prisma.joinToken.findMany({
    where: { expiresAt: { gt: new Date((await databaseTime(db.prisma)) - LISTED_AFTER_EXPIRY_MS) } },
    orderBy: [{ createdAt: 'desc' }, { id: 'asc' }],
  })
  return rows.map(({ id, service, uses, used, createdBy, createdAt, expiresAt, revokedAt }) => ({
    id,
    service,
    uses,
    used,
    createdBy,
    createdAt: createdAt.getTime(),
    expiresAt: expiresAt.getTime(),
    revoked: revokedAt !== null,
  }))
}

/** Throws NotFoundError. Revoking twice is no error. */
export function revokeJoinToken(db: Database, { id, actor }: { id: string; actor: string }): Promise<void> {
  return db.transaction(async (tx) => {
    const token = await tx.joinToken.findUnique({ where: { id } })
    if (token === null) throw new NotFoundError(`There is no join token "${id}". "heddle token list" shows them.`)
    if (token.revokedAt !== null) return
    await tx.$executeRaw`UPDATE "join_token" SET "revoked_at" = clock_timestamp() WHERE "id" = ${id}`
    await audit(tx, { actor, kind: 'token', summary: `Join token ${id} for ${token.service} revoked` })
  })
}

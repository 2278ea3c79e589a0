// One-time links: the first admin, an invitation, a password reset. Stored hashed; expiry by Postgres' clock.
import { hashSecret, newSecret, ROLES, type Role } from '@heddle/shared'
import type { Database, Transaction } from '../connection/database.ts'
import { databaseTime } from './databaseTime.ts'

const PURPOSES = ['first_admin', 'invitation', 'password_reset'] as const
export type SetupPurpose = (typeof PURPOSES)[number]

export interface SetupGrant {
  purpose: SetupPurpose
  /** null for the first admin, who chooses. */
  userName: string | null
  role: Role | null
}

/** The text (256 bits, base64url) goes into the link and is not stored. A newer one for the same user replaces it. */
export function createSetupToken(
  db: Database,
  input: SetupGrant & { ttlMs: number; actor: string },
): Promise<{ token: string; expiresAt: number }> {
  const { purpose, userName, role, ttlMs, actor } = input
  return db.transaction(async (tx) => {
    const token = newSecret()
    const expiresAt = new Date((await databaseTime(tx)) + ttlMs)
    await tx.setupToken.deleteMany({ where: { purpose, userName, usedAt: null } })
    await tx.setupToken.create({
      data: { secretHash: hashSecret(token), purpose, userName, role, createdBy: actor, expiresAt },
    })
    return { token, expiresAt: expiresAt.getTime() }
  })
}

function toGrant(
  row: { purpose: string; userName: string | null; role: string | null } | undefined,
): SetupGrant | null {
  const purpose = PURPOSES.find((known) => known === row?.purpose)
  if (row === undefined || purpose === undefined) return null
  return { purpose, userName: row.userName, role: ROLES.find((role) => role === row.role) ?? null }
}

/** What the link would allow, without spending it; null: unknown, used or expired. */
export async function peekSetupToken(db: Database, token: string): Promise<SetupGrant | null> {
  const { rows } = await db.pool.query<{ purpose: string; userName: string | null; role: string | null }>(
    `SELECT "purpose", "user_name" AS "userName", "role" FROM "setup_token"
     WHERE "secret_hash" = $1 AND "used_at" IS NULL AND "expires_at" > clock_timestamp()`,
    [hashSecret(token)],
  )
  return toGrant(rows[0])
}

/** Spends it: of two at the same time one gets null. Roll the transaction back to give it back. */
export async function consumeSetupToken(tx: Transaction, token: string): Promise<SetupGrant | null> {
  const rows = await tx.$queryRaw<{ purpose: string; userName: string | null; role: string | null }[]>`
    UPDATE "setup_token" SET "used_at" = clock_timestamp()
    WHERE "secret_hash" = ${hashSecret(token)} AND "used_at" IS NULL AND "expires_at" > clock_timestamp()
    RETURNING "purpose", "user_name" AS "userName", "role"`
  return toGrant(rows[0])
}

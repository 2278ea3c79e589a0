// One-time links: the first admin, an invitation, a password reset. Stored hashed; expiry by Postgres' clock. Who makes
// one lets somebody in, so each is audited when it is made.
import { hashSecret, newSecret, ROLES, type Role } from '@heddle/shared'
import { audit } from '../changes/audit.ts'
import type { Database, Transaction } from '../connection/database.ts'
import { NotFoundError } from '../errors.ts'
import { databaseTime } from './databaseTime.ts'

const PURPOSES = ['first_admin', 'invitation', 'password_reset'] as const
export type SetupPurpose = (typeof PURPOSES)[number]

export interface SetupGrant {
  purpose: SetupPurpose
  /** null for the first admin, who chooses. */
  userName: string | null
  role: Role | null
}

/** A link that was used, and who made it: whoever holds a link may not be whom it names. */
export interface SpentGrant extends SetupGrant {
  createdBy: string
}

/** The text (256 bits, base64url) goes into the link and is not stored. A newer one for the same user replaces it. */
export function createSetupToken(
  db: Database,
  input: SetupGrant & { ttlMs: number; actor: string },
): Promise<{ token: string; expiresAt: number }> {
  const { purpose, userName, role, ttlMs, actor } = input
  return db.transaction(async (tx) => {
    const token = newSecret()
    await audit(tx, { actor, kind: 'user', summary: summaryOf(input) })
    const expiresAt = new Date((await databaseTime(tx)) + ttlMs)
    await tx.setupToken.deleteMany({ where: { purpose, userName, usedAt: null } })
    await tx.setupToken.create({
      data: { secretHash: hashSecret(token), purpose, userName, role, createdBy: actor, expiresAt },
    })
    return { token, expiresAt: expiresAt.getTime() }
  })
}

function summaryOf({ purpose, userName, role }: SetupGrant): string {
  switch (purpose) {
    case 'first_admin':
      return 'Made a link for the first admin'
    case 'invitation':
      return `Invited ${userName} as ${role}`
    case 'password_reset':
      return `Made a password link for ${userName}`
  }
}

interface Row {
  purpose: string
  userName: string | null
  role: string | null
}

function toGrant(row: Row | undefined): SetupGrant | null {
  const purpose = PURPOSES.find((known) => known === row?.purpose)
  if (row === undefined || purpose === undefined) return null
  return { purpose, userName: row.userName, role: ROLES.find((role) => role === row.role) ?? null }
}

export interface PendingInvitation {
  name: string
  role: Role
  createdBy: string
  /** Milliseconds since the epoch. */
  expiresAt: number
}

/** Invitations that nobody has accepted and that can still be, by name. */
export async function listInvitations(db: Database): Promise<PendingInvitation[]> {
  const { rows } = await db.pool.query<{ name: string; role: string; createdBy: string; expiresAt: Date }>(
    `SELECT "user_name" AS name, "role", "created_by" AS "createdBy", "expires_at" AS "expiresAt" FROM "setup_token"
     WHERE "purpose" = 'invitation' AND "user_name" IS NOT NULL AND "used_at" IS NULL
       AND "expires_at" > clock_timestamp() ORDER BY 1`,
  )
  return rows.flatMap(({ role, expiresAt, ...row }) => {
    const known = ROLES.find((one) => one === role)
    return known === undefined ? [] : [{ ...row, role: known, expiresAt: expiresAt.getTime() }]
  })
}

/** Makes an invitation's link worthless; audited. Throws NotFoundError. */
export function withdrawInvitation(db: Database, { name, actor }: { name: string; actor: string }): Promise<void> {
  return db.transaction(async (tx) => {
    const { count } = await tx.setupToken.deleteMany({
      where: { purpose: 'invitation' satisfies SetupPurpose, userName: name, usedAt: null },
    })
    if (count === 0) throw new NotFoundError(`There is no open invitation of ${name}.`)
    await audit(tx, { actor, kind: 'user', summary: `Invitation of ${name} withdrawn` })
  })
}

/** What the link would allow, without spending it; null: unknown, used or expired. */
export async function peekSetupToken(db: Database, token: string): Promise<SetupGrant | null> {
  const { rows } = await db.pool.query<Row>(
    `SELECT "purpose", "user_name" AS "userName", "role" FROM "setup_token"
     WHERE "secret_hash" = $1 AND "used_at" IS NULL AND "expires_at" > clock_timestamp()`,
    [hashSecret(token)],
  )
  return toGrant(rows[0])
}

/** Spends it: of two at the same time one gets null. Roll the transaction back to give it back. */
export async function consumeSetupToken(tx: Transaction, token: string): Promise<SpentGrant | null> {
  const [row] = await tx.$queryRaw<(Row & { createdBy: string })[]>`
    UPDATE "setup_token" SET "used_at" = clock_timestamp()
    WHERE "secret_hash" = ${hashSecret(token)} AND "used_at" IS NULL AND "expires_at" > clock_timestamp()
    RETURNING "purpose", "user_name" AS "userName", "role", "created_by" AS "createdBy"`
  const grant = toGrant(row)
  return row === undefined || grant === null ? null : { ...grant, createdBy: row.createdBy }
}

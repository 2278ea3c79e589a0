// One-time links: the first admin, an invitation, a password reset. Stored hashed.
import type { Role } from '@heddle/shared'
import type { Database, Transaction } from '../connection/database.ts'

export type SetupPurpose = 'first_admin' | 'invitation' | 'password_reset'

export interface SetupGrant {
  purpose: SetupPurpose
  /** null for the first admin, who chooses. */
  userName: string | null
  role: Role | null
}

/** The text (256 bits, base64url) goes into the link and is not stored. A newer one for the same user replaces it. */
export function createSetupToken(
  _db: Database,
  _input: SetupGrant & { ttlMs: number; actor: string },
): Promise<{ token: string; expiresAt: number }> {
  throw new Error('not written yet')
}

/** What the link would allow, without spending it; null: unknown, used or expired. */
export function peekSetupToken(_db: Database, _token: string): Promise<SetupGrant | null> {
  throw new Error('not written yet')
}

/** Spends it: of two at the same time one gets null. Roll the transaction back to give it back. */
export function consumeSetupToken(_tx: Transaction, _token: string): Promise<SetupGrant | null> {
  throw new Error('not written yet')
}

// Join tokens: per service, expiring, limited in uses, stored hashed, revocable.
import type { Database, Transaction } from '../connection/database.ts'

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

/** The text is shown once and not stored. Throws NotFoundError while the mesh has no root certificate yet. */
export function createJoinToken(
  _db: Database,
  _input: { service: string; uses: number; ttlMs: number; actor: string },
): Promise<{ id: string; token: string; expiresAt: number }> {
  throw new Error('not written yet')
}

export type Redemption =
  | { ok: true; tokenId: string }
  | { ok: false; reason: 'unknown' | 'revoked' | 'expired' | 'used_up' | 'wrong_service'; message: string }

/** Spends a use, unless this public key has joined with the token before. `keySha256`: of the SPKI DER, base64url. */
export function redeemJoinToken(
  _tx: Transaction,
  _input: { token: string; service: string; instance: string; keySha256: string },
): Promise<Redemption> {
  throw new Error('not written yet')
}

/** Newest first; expired ones are listed for 30 days. */
export function listJoinTokens(_db: Database): Promise<JoinTokenRow[]> {
  throw new Error('not written yet')
}

/** Throws NotFoundError. Revoking twice is no error. */
export function revokeJoinToken(_db: Database, _input: { id: string; actor: string }): Promise<void> {
  throw new Error('not written yet')
}

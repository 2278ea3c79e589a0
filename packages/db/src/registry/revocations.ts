// Identities that are no longer believed, whatever their certificates say.
import type { Database, Transaction } from '../connection/database.ts'

export interface Revocation {
  kind: 'service' | 'instance'
  name: string
  reason: string
  revokedBy: string
  /** Milliseconds since the epoch. */
  revokedAt: number
}

/** One change of kind `revocation`, with revision and NOTIFY. Answers the revision. */
export function revoke(
  _db: Database,
  _input: { kind: 'service' | 'instance'; name: string; reason: string; actor: string },
): Promise<{ revision: number }> {
  throw new Error('not written yet')
}

export function listRevocations(_db: Database): Promise<Revocation[]> {
  throw new Error('not written yet')
}

/** Whether this instance may hold a certificate: neither it nor its service is revoked. */
export function isRevoked(_tx: Transaction, _input: { service: string; instance: string }): Promise<boolean> {
  throw new Error('not written yet')
}

// API tokens, `heddle_api_<43 base64url>`: what the command line shows to the console.
import type { Role } from '@heddle/shared'
import type { Database } from '../connection/database.ts'

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

/** The text is shown once and not stored. */
export function createApiToken(
  _db: Database,
  _input: { name: string; role: Role; ttlMs: number | null; actor: string },
): Promise<{ id: string; token: string }> {
  throw new Error('not written yet')
}

/** For `heddle up`: makes `token` valid under this name, and every other token of the same name and actor invalid. */
export function ensureApiToken(
  _db: Database,
  _input: { name: string; role: Role; token: string; actor: string },
): Promise<void> {
  throw new Error('not written yet')
}

/** null: unknown, expired or revoked. */
export function verifyApiToken(
  _db: Database,
  _token: string,
): Promise<{ id: string; name: string; role: Role } | null> {
  throw new Error('not written yet')
}

export function listApiTokens(_db: Database): Promise<ApiTokenRow[]> {
  throw new Error('not written yet')
}

/** Throws NotFoundError. */
export function revokeApiToken(_db: Database, _input: { id: string; actor: string }): Promise<void> {
  throw new Error('not written yet')
}

/** A new token's text: `heddle_api_` and 256 random bits. */
export function newApiToken(): string {
  throw new Error('not written yet')
}

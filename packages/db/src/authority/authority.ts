// The certificate authority's state: public certificates for all, sealed keys for control planes only.
// Which key signs and how keys are sealed is decided by apps/control; here they are bytes.
import type { Database, Transaction } from '../connection/database.ts'

export interface AuthorityCertificate {
  /** SHA-256 of the DER, base64url. */
  id: string
  kind: 'root' | 'issuer'
  pem: string
  /** Of an issuer: the root above it. */
  parentId: string | null
  /** active: signs; trusted: in the bundle only; retired: out. */
  state: 'active' | 'trusted' | 'retired'
  /** Milliseconds since the epoch. */
  notBefore: number
  notAfter: number
}

export interface StoredAuthority {
  /** Without the retired ones, newest first. */
  certificates: AuthorityCertificate[]
  /** By certificate id. */
  sealedKeys: Map<string, Uint8Array>
}

export interface NewAuthority {
  certificates: (AuthorityCertificate & { sealedKey: Uint8Array })[]
  actor: string
}

/** null: none was made yet. */
export function loadAuthority(_db: Database): Promise<StoredAuthority | null> {
  throw new Error('not written yet')
}

/** Adds certificates and keys, audited as kind `ca`. */
export function storeAuthority(_tx: Transaction, _authority: NewAuthority): Promise<void> {
  throw new Error('not written yet')
}

/** Loads the authority, or makes it with `make`: of several control planes that start at once only one does. */
export function loadOrMakeAuthority(_db: Database, _make: () => Promise<NewAuthority>): Promise<StoredAuthority> {
  throw new Error('not written yet')
}

/** Roots and issuers in force, without keys: readable by the console. */
export function publicCertificates(_db: Database): Promise<AuthorityCertificate[]> {
  throw new Error('not written yet')
}

export interface IssuedCertificate {
  instance: string
  service: string
  /** Lower-case hex. */
  serial: string
  /** SHA-256 of the public key (SPKI DER), base64url. */
  keySha256: string
  issuerId: string
  /** Milliseconds since the epoch. */
  notBefore: number
  notAfter: number
}

/** Remembers the newest leaf of an instance. */
export function recordIssued(_db: Database | Transaction, _issued: IssuedCertificate): Promise<void> {
  throw new Error('not written yet')
}

/** The newest leaf of one instance (to refuse a second one with its name and another key), or null. */
export function findIssued(_tx: Database | Transaction, _instance: string): Promise<IssuedCertificate | null> {
  throw new Error('not written yet')
}

export function listIssued(_db: Database): Promise<IssuedCertificate[]> {
  throw new Error('not written yet')
}

// The certificate authority's state: public certificates for all, sealed keys for control planes only.
// Which key signs and how keys are sealed is decided by apps/control; here they are bytes.
import { audit } from '../changes/audit.ts'
import { lockMesh } from '../configuration/revision.ts'
import type { Database, Transaction } from '../connection/database.ts'
import type { CertificateModel } from '../generated/models.ts'

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

const STATES = ['active', 'trusted', 'retired'] as const

function toCertificate(row: CertificateModel): AuthorityCertificate {
  const state = STATES.find((known) => known === row.state)
  if (state === undefined)
    throw new Error(`The certificate ${row.id} has the state "${row.state}", which is not known here.`)
  return {
    id: row.id,
    kind: row.kind === 'root' ? 'root' : 'issuer',
    pem: row.pem,
    parentId: row.parentId,
    state,
    notBefore: row.notBefore.getTime(),
    notAfter: row.notAfter.getTime(),
  }
}

const inForce = (tx: Transaction): Promise<CertificateModel[]> =>
  tx.certificate.findMany({ where: { state: { not: 'retired' } }, orderBy: [{ createdAt: 'desc' }, { id: 'asc' }] })

async function load(tx: Transaction): Promise<StoredAuthority | null> {
  const certificates = await inForce(tx)
  if (certificates.length === 0) return null
  const keys = await tx.sealedKey.findMany({ where: { certificateId: { in: certificates.map(({ id }) => id) } } })
  return {
    certificates: certificates.map(toCertificate),
    sealedKeys: new Map(keys.map((key) => [key.certificateId, key.sealed])),
  }
}

/** null: none was made yet. */
export function loadAuthority(db: Database): Promise<StoredAuthority | null> {
  return db.transaction(load)
}

/** Adds certificates and keys, audited as kind `ca`. */
export async function storeAuthority(tx: Transaction, { certificates, actor }: NewAuthority): Promise<void> {
  const kinds = certificates.map((certificate) => certificate.kind).join(' and ')
  await audit(tx, { actor, kind: 'ca', summary: `Certificate authority: new ${kinds}` })
  for (const { sealedKey, notBefore, notAfter, ...certificate } of certificates) {
    await tx.certificate.create({
      data: {
        ...certificate,
        notBefore: new Date(notBefore),
        notAfter: new Date(notAfter),
        sealedKey: { create: { sealed: Uint8Array.from(sealedKey) } },
      },
    })
  }
}

/** Loads the authority, or makes it with `make`: of several control planes that start at once only one does. */
export function loadOrMakeAuthority(db: Database, make: () => Promise<NewAuthority>): Promise<StoredAuthority> {
  return db.transaction(async (tx) => {
    const found = await load(tx)
    if (found !== null) return found
    await lockMesh(tx)
    const madeMeanwhile = await load(tx)
    if (madeMeanwhile !== null) return madeMeanwhile
    await storeAuthority(tx, await make())
    const made = await load(tx)
    if (made === null) throw new Error('The certificate authority was made without a certificate.')
    return made
  })
}

/** Roots and issuers in force, without keys, newest first: readable by the console. */
export async function publicCertificates(db: Database): Promise<AuthorityCertificate[]> {
  return (await inForce(db.prisma)).map(toCertificate)
}

// What is known of the newest leaf of each instance: for `heddle status`, and to tell two instances of one name apart.
import type { Database, Transaction } from '../connection/database.ts'
import type { IssuedCertificateModel } from '../generated/models.ts'

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

const through = (db: Database | Transaction): Transaction => ('prisma' in db ? db.prisma : db)

const toIssued = ({ issuedAt: _, ...row }: IssuedCertificateModel): IssuedCertificate => ({
  ...row,
  notBefore: row.notBefore.getTime(),
  notAfter: row.notAfter.getTime(),
})

/** Remembers the newest leaf of an instance. */
export async function recordIssued(db: Database | Transaction, issued: IssuedCertificate): Promise<void> {
  const { instance, notBefore, notAfter, ...rest } = issued
  const data = { ...rest, notBefore: new Date(notBefore), notAfter: new Date(notAfter), issuedAt: new Date() }
  await through(db).issuedCertificate.upsert({ where: { instance }, create: { instance, ...data }, update: data })
}

/** The newest leaf of one instance (to refuse a second one with its name and another key), or null. */
export async function findIssued(db: Database | Transaction, instance: string): Promise<IssuedCertificate | null> {
  const row = await through(db).issuedCertificate.findUnique({ where: { instance } })
  return row === null ? null : toIssued(row)
}

export async function listIssued(db: Database): Promise<IssuedCertificate[]> {
  return (await db.prisma.issuedCertificate.findMany({ orderBy: { instance: 'asc' } })).map(toIssued)
}

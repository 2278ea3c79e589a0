// The certificate authority of a running control plane. Keys are opened once and stay in memory, so that leaves are
// issued and renewed while the database is away. Making a new root is never a way out of a lost key file.
import { X509Certificate } from 'node:crypto'
import { type Database, type IssuedCertificate, loadAuthority, loadOrMakeAuthority, storeAuthority } from '@heddle/db'
import type { Clock } from '@heddle/shared/clock'
import { nextIssuerAt } from '@heddle/shared/issuerRenewal'
import type { Log } from '../log.ts'
import { type Bundle, certificateSha256, makeAuthority, makeNextIssuer, openBundle } from './bundle.ts'
import { BACKDATE_MS, makeLeaf, type Subject } from './certificates.ts'
import { publicKeySha256 } from './keys.ts'
import type { TrustedIssuer } from './peer.ts'
import { createKeyFile, readKeyFile } from './seal.ts'

export interface IssuedLeaf {
  /** Leaf, then issuer; PEM. */
  chain: string
  /** Lower-case hex. */
  serial: string
  /** SHA-256 of the public key (SPKI DER), base64url. */
  keySha256: string
  issuerId: string
  /** Milliseconds since the epoch. */
  notBefore: number
  notAfter: number
}

/** What is written down of an instance's leaf. */
export function issuedRecord(of: { service: string; instance: string }, leaf: IssuedLeaf): IssuedCertificate {
  const { serial, keySha256, issuerId, notBefore, notAfter } = leaf
  return { instance: of.instance, service: of.service, serial, keySha256, issuerId, notBefore, notAfter }
}

export interface Authority {
  readonly trustDomain: string
  /** PEM of every root in force. */
  roots(): readonly string[]
  /** PEM of the root above the issuer that signs now. */
  signingRoot(): string
  /** SHA-256 of that root's DER, base64url. */
  rootSha256(): string
  issuers(): readonly TrustedIssuer[]
  /** Certifies a public key. Needs no database. */
  issue(subject: Subject, spki: Buffer, ttlMs: number): Promise<IssuedLeaf>
  /** Takes over what is in the database now, and makes the next issuer when it is time for it (nextIssuerAt). */
  refresh(): Promise<void>
}

export interface AuthorityOptions {
  db: Database
  keyFile: string
  trustDomain: string
  clock: Clock
  log: Log
}

/** Loads the authority of the database, or makes it where there is none yet. */
export async function openAuthority({ db, keyFile, trustDomain, clock, log }: AuthorityOptions): Promise<Authority> {
  const key = await sealingKey(db, keyFile)
  const made = await loadOrMakeAuthority(db, () => {
    log('info', 'making the certificate authority', { trustDomain, keyFile })
    return makeAuthority(trustDomain, key, clock.now())
  })
  let bundle = await open(made)

  async function open(stored: typeof made): Promise<Bundle> {
    try {
      return await openBundle(stored, trustDomain, key, clock.now())
    } catch (error) {
      throw new Error(
        `The certificate authority cannot be used (CA key file: ${keyFile}). ` +
          'Restore the key file that belongs to this database, or use the database that belongs to it.',
        { cause: error },
      )
    }
  }

  return {
    trustDomain,
    roots: () => bundle.roots,
    signingRoot: () => bundle.root.pem,
    rootSha256: () => certificateSha256(bundle.root.pem),
    issuers: () => bundle.issuers,
    async issue(subject, spki, ttlMs) {
      const { signing } = bundle
      const now = clock.now()
      const validity = { notBefore: now - BACKDATE_MS, notAfter: now + ttlMs }
      const pem = await makeLeaf(trustDomain, signing, subject, spki, validity)
      const leaf = new X509Certificate(pem)
      return {
        chain: `${pem.trim()}\n${signing.certificate.trim()}\n`,
        serial: leaf.serialNumber.toLowerCase(),
        keySha256: publicKeySha256(spki),
        issuerId: signing.id,
        notBefore: Date.parse(leaf.validFrom),
        notAfter: Date.parse(leaf.validTo),
      }
    },
    async refresh() {
      const { signing, root } = bundle
      let stored = await loadAuthority(db)
      if (stored === null) throw new Error('The certificate authority is gone from the database.')
      const newest = (await open(stored)).signing
      if (newest.id === signing.id && clock.now() > nextIssuerAt(signing)) {
        const next = await makeNextIssuer(trustDomain, root, stored, key, clock.now())
        await db.transaction((tx) => storeAuthority(tx, next))
        log('info', 'made the next issuer', { notAfter: new Date(next.certificates[0]?.notAfter ?? 0).toISOString() })
        stored = (await loadAuthority(db)) ?? stored
      }
      bundle = await open(stored)
    },
  }
}

/** The key in the file; a new one only where the database has no authority that an older one would have sealed. */
async function sealingKey(db: Database, keyFile: string): Promise<Buffer> {
  const key = await readKeyFile(keyFile)
  if (key !== undefined) return key
  if ((await loadAuthority(db)) !== null)
    throw new Error(
      `The database has a certificate authority, but the CA key file ${keyFile} that opens its keys is missing. ` +
        'Restore that file from your backup, or start the control plane on the machine (with the HEDDLE_HOME) that has it. ' +
        'No new root is made by itself: every proxy would have to join again.',
    )
  return createKeyFile(keyFile)
}

// What the certificates of a mesh look like: root, issuer, leaf. Nothing here is stored and nobody is asked;
// dates and keys come in as arguments. What a leaf says comes from its caller, never from a certificate request.
import { randomBytes, type webcrypto } from 'node:crypto'
import { type Identity, meshServerName, spiffeId } from '@heddle/shared/spiffe'
import { type KeyPair, SIGNING } from './keys.ts'
import * as x509 from './x509.ts'

const DAY_MS = 24 * 3_600_000
/** Ten years: a root is replaced by a decision, not by the calendar. */
export const ROOT_LIFETIME_MS = 3_650 * DAY_MS
/** One year; the authority makes the next issuer under the same root when a third of it is left. */
export const ISSUER_LIFETIME_MS = 365 * DAY_MS
/** Certificates begin in the past, so that a peer whose clock is a little behind believes them. */
export const BACKDATE_MS = 5 * 60_000

export interface Validity {
  /** Milliseconds since the epoch; X.509 keeps whole seconds. */
  notBefore: number
  notAfter: number
}

export interface CertifiedKey {
  /** PEM. */
  certificate: string
  keys: KeyPair
}

const dates = (validity: Validity) => ({
  notBefore: new Date(validity.notBefore),
  notAfter: new Date(validity.notAfter),
})

/** RFC 5280, 4.1.2.2: positive, at most 20 octets; 128 random bits make it unique without a counter. */
const serialNumber = () => `01${randomBytes(16).toString('hex')}`

const authorityUsage = new x509.KeyUsagesExtension(x509.KeyUsageFlags.keyCertSign | x509.KeyUsageFlags.cRLSign, true)

export async function makeRoot(trustDomain: string, keys: KeyPair, now: number): Promise<string> {
  const root = await x509.X509CertificateGenerator.createSelfSigned({
    serialNumber: serialNumber(),
    name: [{ CN: [`Heddle root ${trustDomain}`] }],
    keys,
    signingAlgorithm: SIGNING,
    ...dates({ notBefore: now - BACKDATE_MS, notAfter: now + ROOT_LIFETIME_MS }),
    extensions: [
      new x509.BasicConstraintsExtension(true, 1, true),
      authorityUsage,
      new x509.SubjectAlternativeNameExtension([{ type: 'url', value: `spiffe://${trustDomain}` }]),
      await x509.SubjectKeyIdentifierExtension.create(keys.publicKey),
    ],
  })
  return root.toString('pem')
}

export interface Signer {
  /** PEM of the signer's own certificate. */
  certificate: string
  privateKey: webcrypto.CryptoKey
}

export async function makeIssuer(
  trustDomain: string,
  root: Signer,
  publicKey: webcrypto.CryptoKey,
  now: number,
): Promise<string> {
  const parent = new x509.X509Certificate(root.certificate)
  const issuer = await x509.X509CertificateGenerator.create({
    serialNumber: serialNumber(),
    subject: [{ CN: [`Heddle issuer ${trustDomain} ${randomBytes(4).toString('hex')}`] }],
    issuer: parent.subjectName.toJSON(),
    publicKey,
    signingKey: root.privateKey,
    signingAlgorithm: SIGNING,
    ...dates({
      notBefore: now - BACKDATE_MS,
      notAfter: Math.min(now + ISSUER_LIFETIME_MS, parent.notAfter.getTime()),
    }),
    extensions: [
      new x509.BasicConstraintsExtension(true, 0, true),
      authorityUsage,
      new x509.SubjectAlternativeNameExtension([{ type: 'url', value: `spiffe://${trustDomain}` }]),
      await x509.SubjectKeyIdentifierExtension.create(publicKey),
      await x509.AuthorityKeyIdentifierExtension.create(parent.publicKey),
    ],
  })
  return issuer.toString('pem')
}

/** What a leaf certifies. */
export type Subject =
  | { kind: 'instance'; service: string; version: string; instance: string }
  /** `hosts`: names and addresses that clients without SPIFFE know a control plane by. */
  | { kind: 'control'; hosts: readonly string[] }
  | { kind: 'console' }

/** SANs of a leaf: one URI; for an instance its id and the names by which its service and version are known. */
function namesOf(trustDomain: string, subject: Subject): x509.JsonGeneralName[] {
  const uri = (identity: Identity): x509.JsonGeneralName => ({ type: 'url', value: spiffeId(trustDomain, identity) })
  switch (subject.kind) {
    case 'instance': {
      const serverName = meshServerName(subject.service)
      return [
        uri({ kind: 'service', service: subject.service }),
        { type: 'dns', value: subject.instance },
        { type: 'dns', value: serverName },
        { type: 'dns', value: `${subject.version}.${serverName}` },
      ]
    }
    case 'control':
      return [
        uri(subject),
        ...subject.hosts.map((value) => ({ type: isAddress(value) ? ('ip' as const) : ('dns' as const), value })),
      ]
    case 'console':
      return [uri(subject)]
  }
}

/**
 * A leaf (SPIFFE X509-SVID): exactly one URI SAN, not an authority, for both ends of TLS. It never outlives its
 * issuer. `spki` is the DER of the public key to certify.
 */
export async function makeLeaf(
  trustDomain: string,
  issuer: Signer,
  subject: Subject,
  spki: Buffer,
  validity: Validity,
): Promise<string> {
  const parent = new x509.X509Certificate(issuer.certificate)
  const publicKey = new x509.PublicKey(new Uint8Array(spki))
  const names = namesOf(trustDomain, subject)
  const leaf = await x509.X509CertificateGenerator.create({
    serialNumber: serialNumber(),
    // RFC 5280, 4.1.2.6: with an empty subject the SAN is critical and the only name.
    subject: [],
    issuer: parent.subjectName.toJSON(),
    publicKey,
    signingKey: issuer.privateKey,
    signingAlgorithm: SIGNING,
    ...dates({ notBefore: validity.notBefore, notAfter: Math.min(validity.notAfter, parent.notAfter.getTime()) }),
    extensions: [
      new x509.BasicConstraintsExtension(false, undefined, true),
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.digitalSignature, true),
      new x509.ExtendedKeyUsageExtension([x509.ExtendedKeyUsage.serverAuth, x509.ExtendedKeyUsage.clientAuth]),
      new x509.SubjectAlternativeNameExtension(names, true),
      await x509.AuthorityKeyIdentifierExtension.create(parent.publicKey),
      await x509.SubjectKeyIdentifierExtension.create(publicKey),
    ],
  })
  return leaf.toString('pem')
}

const isAddress = (host: string): boolean => /^[0-9.]+$/.test(host) || host.includes(':')

// The authority as it is stored, opened: every root and issuer in force, and the one issuer that signs.
import { X509Certificate } from 'node:crypto'
import type { AuthorityCertificate, NewAuthority, StoredAuthority } from '@heddle/db'
import { makeIssuer, makeRoot, type Signer } from './certificates.ts'
import { importPrivateKey, newKeyPair, privateKeyDer } from './keys.ts'
import { type TrustedIssuer, trustedIssuers } from './peer.ts'
import { seal, unseal } from './seal.ts'

export interface Bundle {
  /** PEM, newest first. */
  roots: readonly string[]
  issuers: readonly TrustedIssuer[]
  signing: Signer & { id: string; notAfter: number; notBefore: number }
  /** The root above the signing issuer. */
  root: AuthorityCertificate
}

/** SHA-256 of a certificate's DER, base64url: the id of a certificate, and what a join token carries of a root. */
export function certificateSha256(pem: string): string {
  return Buffer.from(new X509Certificate(pem).fingerprint256.replaceAll(':', ''), 'hex').toString('base64url')
}

function describe(pem: string, kind: 'root' | 'issuer', parentId: string | null): AuthorityCertificate {
  const certificate = new X509Certificate(pem)
  return {
    id: certificateSha256(pem),
    kind,
    pem,
    parentId,
    state: 'active',
    notBefore: Date.parse(certificate.validFrom),
    notAfter: Date.parse(certificate.validTo),
  }
}

/** A new root and its first issuer, keys sealed with `sealingKey`. */
export async function makeAuthority(trustDomain: string, sealingKey: Buffer, now: number): Promise<NewAuthority> {
  const rootKeys = await newKeyPair()
  const root = describe(await makeRoot(trustDomain, rootKeys, now), 'root', null)
  const signer = { certificate: root.pem, privateKey: rootKeys.privateKey }
  const issuer = await makeSealedIssuer(trustDomain, signer, root.id, sealingKey, now)
  const sealedRoot = seal(sealingKey, root.id, await privateKeyDer(rootKeys.privateKey))
  return { actor: 'control plane', certificates: [{ ...root, sealedKey: new Uint8Array(sealedRoot) }, issuer] }
}

/** One more issuer under a root whose key is stored. */
export async function makeNextIssuer(
  trustDomain: string,
  root: AuthorityCertificate,
  stored: StoredAuthority,
  sealingKey: Buffer,
  now: number,
): Promise<NewAuthority> {
  const privateKey = await openKey(stored, root, sealingKey)
  const signer = { certificate: root.pem, privateKey }
  return {
    actor: 'control plane',
    certificates: [await makeSealedIssuer(trustDomain, signer, root.id, sealingKey, now)],
  }
}

async function makeSealedIssuer(trustDomain: string, root: Signer, rootId: string, sealingKey: Buffer, now: number) {
  const keys = await newKeyPair()
  const issuer = describe(await makeIssuer(trustDomain, root, keys.publicKey, now), 'issuer', rootId)
  const sealed = seal(sealingKey, issuer.id, await privateKeyDer(keys.privateKey))
  return { ...issuer, sealedKey: new Uint8Array(sealed) }
}

/** Throws where the key file does not open the keys, or the trust domain is another one. */
export async function openBundle(
  stored: StoredAuthority,
  trustDomain: string,
  sealingKey: Buffer,
  now: number,
): Promise<Bundle> {
  const inForce = stored.certificates
    .filter(({ state }) => state !== 'retired')
    .sort((a, b) => b.notBefore - a.notBefore || (a.id < b.id ? -1 : 1))
  const roots = inForce.filter(({ kind }) => kind === 'root')
  const issuers = inForce.filter(({ kind }) => kind === 'issuer')
  const chosen = issuers.find(({ state, notAfter }) => state === 'active' && notAfter > now)
  const root = roots.find(({ id }) => id === chosen?.parentId)
  if (chosen === undefined || root === undefined)
    throw new Error('The certificate authority in the database has no issuer in force.')
  const expected = `URI:spiffe://${trustDomain}`
  const actual = new X509Certificate(root.pem).subjectAltName
  if (actual !== expected)
    throw new Error(
      `The certificate authority in the database is of the trust domain ${actual?.slice('URI:spiffe://'.length) ?? '?'}, ` +
        `not ${trustDomain}. Set HEDDLE_TRUST_DOMAIN to that.`,
    )
  return {
    roots: roots.map(({ pem }) => pem),
    issuers: trustedIssuers(issuers.map(({ pem }) => pem)),
    signing: {
      id: chosen.id,
      certificate: chosen.pem,
      privateKey: await openKey(stored, chosen, sealingKey),
      notBefore: chosen.notBefore,
      notAfter: chosen.notAfter,
    },
    root,
  }
}

async function openKey(stored: StoredAuthority, certificate: AuthorityCertificate, sealingKey: Buffer) {
  const sealed = stored.sealedKeys.get(certificate.id)
  const der = sealed === undefined ? undefined : unseal(sealingKey, certificate.id, Buffer.from(sealed))
  if (der === undefined)
    throw new Error(
      `The key of the ${certificate.kind} certificate in the database does not open with this CA key file.`,
    )
  return importPrivateKey(der)
}

// Key pairs of the authority: ECDSA P-256, in the forms that WebCrypto, node:tls and the database want them.
import { createHash, type webcrypto } from 'node:crypto'
import * as x509 from './x509.ts'

export const SIGNING = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' } as const

export interface KeyPair {
  privateKey: webcrypto.CryptoKey
  publicKey: webcrypto.CryptoKey
}

export async function newKeyPair(): Promise<KeyPair> {
  const keys = await crypto.subtle.generateKey(SIGNING, true, ['sign', 'verify'])
  if (!('privateKey' in keys)) throw new TypeError('WebCrypto made no key pair')
  return keys
}

export async function privateKeyDer(key: webcrypto.CryptoKey): Promise<Buffer> {
  return Buffer.from(await crypto.subtle.exportKey('pkcs8', key))
}

export async function privateKeyPem(key: webcrypto.CryptoKey): Promise<string> {
  return x509.PemConverter.encode(await crypto.subtle.exportKey('pkcs8', key), 'PRIVATE KEY')
}

/** A signing key from its PKCS#8 DER; it cannot be exported again. Rejects what is not a P-256 key. */
export async function importPrivateKey(der: Buffer): Promise<webcrypto.CryptoKey> {
  return crypto.subtle.importKey('pkcs8', new Uint8Array(der), SIGNING, false, ['sign'])
}

/** SHA-256 of a public key's SubjectPublicKeyInfo, base64url: how one key is told from another. */
export function publicKeySha256(spki: Buffer): string {
  return createHash('sha256').update(spki).digest('base64url')
}

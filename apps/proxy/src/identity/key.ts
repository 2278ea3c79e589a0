// The instance's key pair, ECDSA on P-256. It is made here and never leaves: what goes out is a certificate request.
import { createPrivateKey, createPublicKey, generateKeyPairSync, type KeyObject, sign } from 'node:crypto'
import { encode, TAG } from './der.ts'

export interface InstanceKey {
  /** PKCS#8, PEM. */
  pem: string
  privateKey: KeyObject
}

export function newKey(): InstanceKey {
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  return { pem: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(), privateKey }
}

/** The key in a PEM text, or undefined where it is none of ours. */
export function readKey(pem: string): InstanceKey | undefined {
  try {
    const privateKey = createPrivateKey(pem)
    return privateKey.asymmetricKeyDetails?.namedCurve === 'prime256v1' ? { pem, privateKey } : undefined
  } catch {
    return undefined
  }
}

/** ecdsa-with-SHA256, 1.2.840.10045.4.3.2 (RFC 5758, 3.2). */
const ECDSA_WITH_SHA256 = encode(TAG.sequence, encode(TAG.oid, Buffer.from('2a8648ce3d040302', 'hex')))

/** A certificate request (PKCS#10, RFC 2986), PEM. It names nobody: who we are follows from the token or certificate. */
export function certificateRequest({ privateKey }: InstanceKey): string {
  const publicKey = createPublicKey(privateKey).export({ type: 'spki', format: 'der' })
  const info = encode(
    TAG.sequence,
    encode(TAG.integer, Buffer.of(0)),
    encode(TAG.sequence),
    publicKey,
    encode(TAG.context0),
  )
  const signature = sign('sha256', info, { key: privateKey, dsaEncoding: 'der' })
  const request = encode(TAG.sequence, info, ECDSA_WITH_SHA256, encode(TAG.bitString, Buffer.of(0), signature))
  const lines = request.toString('base64').replace(/.{1,64}/g, '$&\n')
  return `-----BEGIN CERTIFICATE REQUEST-----\n${lines}-----END CERTIFICATE REQUEST-----\n`
}

// Leaves that no authority of ours would issue, self-signed, for what verification must refuse by itself.
import 'reflect-metadata'
import type { webcrypto } from 'node:crypto'
import * as x509 from '@peculiar/x509'

const P256 = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' } as const

export interface OddLeaf {
  uris?: string[]
  usages?: number
  extendedUsages?: string[]
  algorithm?: webcrypto.RsaHashedKeyGenParams | webcrypto.EcKeyGenParams
  /** Adds an extension of so many bytes. */
  ballastBytes?: number
}

/** Its DER. */
export async function oddLeaf(options: OddLeaf): Promise<Buffer> {
  const algorithm = options.algorithm ?? P256
  const keys = await crypto.subtle.generateKey(algorithm, true, ['sign', 'verify'])
  if (!('privateKey' in keys)) throw new Error('no key pair')
  const extensions: x509.Extension[] = [
    new x509.BasicConstraintsExtension(false, undefined, true),
    new x509.KeyUsagesExtension(options.usages ?? x509.KeyUsageFlags.digitalSignature, true),
    new x509.ExtendedKeyUsageExtension(
      options.extendedUsages ?? [x509.ExtendedKeyUsage.serverAuth, x509.ExtendedKeyUsage.clientAuth],
    ),
  ]
  if (options.uris !== undefined) {
    extensions.push(
      new x509.SubjectAlternativeNameExtension(options.uris.map((value) => ({ type: 'url' as const, value }))),
    )
  }
  if (options.ballastBytes !== undefined) {
    extensions.push(new x509.Extension('1.2.3.4', false, new Uint8Array(options.ballastBytes)))
  }
  const leaf = await x509.X509CertificateGenerator.createSelfSigned({
    name: 'CN=odd',
    keys,
    signingAlgorithm: algorithm,
    notBefore: new Date(Date.now() - 60_000),
    notAfter: new Date(Date.now() + 3_600_000),
    extensions,
  })
  return Buffer.from(leaf.rawData)
}

export const USAGE = x509.KeyUsageFlags
export const EXTENDED_USAGE = x509.ExtendedKeyUsage

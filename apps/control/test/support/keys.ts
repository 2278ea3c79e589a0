// Keys and certificate requests as a client makes them, good and bad ones.
import 'reflect-metadata'
import * as x509 from '@peculiar/x509'

export interface ClientKey {
  /** PKCS#8, PEM. */
  pem: string
  csr: string
}

const P256 = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' }
const P384 = { name: 'ECDSA', namedCurve: 'P-384', hash: 'SHA-384' }
const RSA = {
  name: 'RSASSA-PKCS1-v1_5',
  modulusLength: 2048,
  publicExponent: new Uint8Array([1, 0, 1]),
  hash: 'SHA-256',
}

async function keyWith(
  algorithm: typeof P256 | typeof RSA,
  params: { name?: string; extensions?: x509.Extension[] } = {},
): Promise<ClientKey> {
  const keys = await crypto.subtle.generateKey(algorithm, true, ['sign', 'verify'])
  if (!('privateKey' in keys)) throw new Error('no key pair')
  const request = await x509.Pkcs10CertificateRequestGenerator.create({
    keys,
    signingAlgorithm: algorithm,
    name: params.name ?? '',
    extensions: params.extensions ?? [],
  })
  return {
    pem: x509.PemConverter.encode(await crypto.subtle.exportKey('pkcs8', keys.privateKey), 'PRIVATE KEY'),
    csr: request.toString('pem'),
  }
}

export const newKey = (): Promise<ClientKey> => keyWith(P256)
export const p384Key = (): Promise<ClientKey> => keyWith(P384)
export const rsaKey = (): Promise<ClientKey> => keyWith(RSA)

/** A request that asks to be an authority, for other names. */
export const greedyKey = (): Promise<ClientKey> =>
  keyWith(P256, {
    name: 'CN=control',
    extensions: [
      new x509.BasicConstraintsExtension(true, 3, true),
      new x509.SubjectAlternativeNameExtension([
        { type: 'url', value: 'spiffe://test.heddle/control' },
        { type: 'dns', value: '*.mesh' },
      ]),
    ],
  })

/** A request whose public key was exchanged after it was signed: the sender does not have that key. */
export async function stolenKey(): Promise<ClientKey> {
  const [mine, theirs] = await Promise.all([newKey(), newKey()])
  const request = new x509.Pkcs10CertificateRequest(mine.csr)
  const der = Buffer.from(request.rawData)
  const own = Buffer.from(request.publicKey.rawData)
  const other = Buffer.from(new x509.Pkcs10CertificateRequest(theirs.csr).publicKey.rawData)
  const at = der.indexOf(own)
  other.copy(der, at)
  return { pem: mine.pem, csr: x509.PemConverter.encode(new Uint8Array(der), 'CERTIFICATE REQUEST') }
}

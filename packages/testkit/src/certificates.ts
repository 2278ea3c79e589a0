// Real certificates for tests: a root, an issuer and leaves with any SPIFFE id, any dates, and any fault one asks for.
// The certificate authority of the product is in apps/control; this one can also make what that one never would.
import 'reflect-metadata'
import { type webcrypto, X509Certificate } from 'node:crypto'
import * as x509 from '@peculiar/x509'

const algorithm = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' } as const
const DAY_MS = 24 * 3_600_000

type KeyPair = webcrypto.CryptoKeyPair

async function newKeys(): Promise<KeyPair> {
  const keys = await crypto.subtle.generateKey(algorithm, true, ['sign', 'verify'])
  if (!('privateKey' in keys)) throw new Error('no key pair')
  return keys
}

async function keyPem(keys: KeyPair): Promise<string> {
  const pkcs8 = await crypto.subtle.exportKey('pkcs8', keys.privateKey)
  return x509.PemConverter.encode(pkcs8, 'PRIVATE KEY')
}

export interface LeafOptions {
  /** URI SANs; a good leaf has exactly one. */
  uris: string[]
  dns?: string[]
  ips?: string[]
  notBefore?: Date
  notAfter?: Date
  /** A leaf that claims to be an authority. */
  ca?: boolean
}

export interface Leaf {
  key: string
  /** Leaf, then issuer; PEM. */
  chain: string
  certificate: string
}

export interface TestAuthority {
  /** PEM of the root. */
  root: string
  /** PEM of the issuer. */
  issuer: string
  /** SHA-256 of the root's DER, base64url, as in a join token. */
  rootSha256: string
  trustDomain: string
  leaf(options: LeafOptions): Promise<Leaf>
  /** A leaf for the public key of a certificate request, as the control plane would answer one. */
  sign(csrPem: string, options: LeafOptions): Promise<string>
  /** A leaf as the product issues them: `spiffe://<td>/service/<service>`, SANs `<instance>` and `<service>.mesh`. */
  service(service: string, options?: Partial<LeafOptions> & { instance?: string }): Promise<Leaf>
}

export async function createAuthority(trustDomain = 'test.heddle'): Promise<TestAuthority> {
  const validity = { notBefore: new Date(Date.now() - DAY_MS), notAfter: new Date(Date.now() + 365 * DAY_MS) }
  const rootKeys = await newKeys()
  const root = await x509.X509CertificateGenerator.createSelfSigned({
    name: 'CN=Test root',
    keys: rootKeys,
    signingAlgorithm: algorithm,
    ...validity,
    extensions: [
      new x509.BasicConstraintsExtension(true, undefined, true),
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.keyCertSign | x509.KeyUsageFlags.cRLSign, true),
    ],
  })
  const issuerKeys = await newKeys()
  const issuer = await x509.X509CertificateGenerator.create({
    subject: 'CN=Test issuer',
    issuer: root.subject,
    publicKey: issuerKeys.publicKey,
    signingKey: rootKeys.privateKey,
    signingAlgorithm: algorithm,
    ...validity,
    extensions: [
      new x509.BasicConstraintsExtension(true, 0, true),
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.keyCertSign | x509.KeyUsageFlags.cRLSign, true),
    ],
  })
  const issuerPem = issuer.toString('pem')

  const certify = async (publicKey: x509.PublicKeyType, options: LeafOptions): Promise<string> => {
    const names: x509.JsonGeneralName[] = [
      ...options.uris.map((value) => ({ type: 'url' as const, value })),
      ...(options.dns ?? []).map((value) => ({ type: 'dns' as const, value })),
      ...(options.ips ?? []).map((value) => ({ type: 'ip' as const, value })),
    ]
    const leaf = await x509.X509CertificateGenerator.create({
      subject: '',
      issuer: issuer.subject,
      publicKey,
      signingKey: issuerKeys.privateKey,
      signingAlgorithm: algorithm,
      notBefore: options.notBefore ?? new Date(Date.now() - 300_000),
      notAfter: options.notAfter ?? new Date(Date.now() + DAY_MS),
      extensions: [
        new x509.BasicConstraintsExtension(options.ca ?? false, undefined, true),
        new x509.KeyUsagesExtension(x509.KeyUsageFlags.digitalSignature, true),
        new x509.ExtendedKeyUsageExtension([x509.ExtendedKeyUsage.serverAuth, x509.ExtendedKeyUsage.clientAuth]),
        new x509.SubjectAlternativeNameExtension(names, true),
      ],
    })
    return leaf.toString('pem')
  }

  const leaf = async (options: LeafOptions): Promise<Leaf> => {
    const keys = await newKeys()
    const certificate = await certify(keys.publicKey, options)
    return { key: await keyPem(keys), certificate, chain: `${certificate}\n${issuerPem}` }
  }

  const rootPem = root.toString('pem')
  return {
    root: rootPem,
    issuer: issuerPem,
    rootSha256: Buffer.from(new X509Certificate(rootPem).fingerprint256.replaceAll(':', ''), 'hex').toString(
      'base64url',
    ),
    trustDomain,
    leaf,
    sign: async (csrPem, options) => {
      const request = new x509.Pkcs10CertificateRequest(csrPem)
      return `${await certify(request.publicKey, options)}\n${issuerPem}`
    },
    service: (service, options = {}) =>
      leaf({
        uris: [`spiffe://${trustDomain}/service/${service}`],
        dns: [options.instance ?? `${service}-v1-0-test`, `${service}.mesh`],
        ...options,
      }),
  }
}

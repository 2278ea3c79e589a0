// Who is at the other end of a mutual TLS connection: judged on the leaf alone, against the issuers of our own
// database, never against certificates that the peer sends along. TLS has proven that the peer holds the key.
import { X509Certificate } from 'node:crypto'
import { meshServerName, parseSpiffeId } from '@heddle/shared/spiffe'
import { publicKeySha256 } from './keys.ts'
import * as x509 from './x509.ts'

export type PeerName =
  | { kind: 'instance'; service: string; version: string; instance: string }
  | { kind: 'control' }
  | { kind: 'console' }

export interface Peer {
  name: PeerName
  /** End of the leaf's validity, milliseconds since the epoch. */
  notAfter: number
  /** SHA-256 of the public key (SPKI DER), base64url. */
  keySha256: string
}

/** An issuer in force, parsed once. */
export interface TrustedIssuer {
  certificate: X509Certificate
  notAfter: number
}

export function trustedIssuers(pems: readonly string[]): TrustedIssuer[] {
  return pems.map((pem) => {
    const certificate = new X509Certificate(pem)
    return { certificate, notAfter: Date.parse(certificate.validTo) }
  })
}

/**
 * The identity of a leaf that one of `issuers` signed. An expired leaf is given back as any other: what an expired
 * peer may still do is its caller's decision. `now` in milliseconds since the epoch.
 */
export function verifyPeer(
  der: Buffer,
  issuers: readonly TrustedIssuer[],
  trustDomain: string,
  now: number,
): Peer | { refused: string } {
  let leaf: X509Certificate
  try {
    leaf = new X509Certificate(der)
  } catch {
    return { refused: 'the client certificate cannot be read' }
  }
  const issuer = issuers.find(({ certificate }) => leaf.checkIssued(certificate) && leaf.verify(certificate.publicKey))
  if (issuer === undefined) return { refused: 'the client certificate was not issued by this mesh' }
  if (leaf.ca) return { refused: 'the client certificate is an authority' }
  if (Date.parse(leaf.validFrom) > now) return { refused: 'the client certificate is not valid yet' }
  const names = subjectAlternativeNames(der)
  const uris = names.filter((name) => name.type === 'url')
  const [uri] = uris
  // SPIFFE X509-SVID, 2: exactly one URI SAN.
  if (uri === undefined || uris.length !== 1) return { refused: 'the client certificate has not exactly one identity' }
  const identity = parseSpiffeId(uri.value, trustDomain)
  if (identity === undefined) return { refused: 'the identity of the client certificate is not of this mesh' }
  const name = identity.kind === 'service' ? instanceIn(identity.service, names) : identity
  if (name === undefined) return { refused: 'the client certificate names not exactly one instance and version' }
  return {
    name,
    notAfter: Date.parse(leaf.validTo),
    keySha256: publicKeySha256(leaf.publicKey.export({ type: 'spki', format: 'der' })),
  }
}

/** The instance's id is the DNS SAN of one label; its version stands before the service's server name. */
function instanceIn(service: string, names: readonly x509.JsonGeneralName[]): PeerName | undefined {
  const dns = names.flatMap(({ type, value }) => (type === 'dns' ? [value] : []))
  const suffix = `.${meshServerName(service)}`
  const [instance, ...others] = dns.filter((value) => !value.includes('.'))
  const [version, ...moreVersions] = dns.filter((value) => value.endsWith(suffix))
  if (instance === undefined || version === undefined || others.length > 0 || moreVersions.length > 0) return undefined
  return { kind: 'instance', service, version: version.slice(0, -suffix.length), instance }
}

function subjectAlternativeNames(der: Buffer): readonly x509.JsonGeneralName[] {
  const extension = new x509.X509Certificate(new Uint8Array(der)).getExtension(x509.SubjectAlternativeNameExtension)
  return extension?.names.toJSON() ?? []
}

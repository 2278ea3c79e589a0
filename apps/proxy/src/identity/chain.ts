// Whether a chain of certificates that the control plane gave us is one that we can use: for our key, our service and
// instance, from leaf to root. Checked before it is installed, so that a wrong one never replaces a right one.
import { X509Certificate } from 'node:crypto'
import type { InstanceKey } from './key.ts'
import { type LeafIdentity, readLeafAtAnyTime } from './leaf.ts'

/** A chain of ours has two certificates. */
const LONGEST_CHAIN = 8

export interface OwnIdentity {
  key: InstanceKey
  service: string
  instance: string
}

/** The certificates in a PEM text. Throws where one cannot be read. */
export function certificatesIn(pem: string): X509Certificate[] {
  const blocks = pem.match(/-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g) ?? []
  return blocks.map((block) => new X509Certificate(block))
}

/** The leaf of a usable chain (its dates are not judged), or what is wrong with it. */
export function checkOwnChain(
  chain: string,
  roots: readonly string[],
  trustDomain: string,
  own: OwnIdentity,
): LeafIdentity | { refused: string } {
  let certificates: X509Certificate[]
  let anchors: X509Certificate[]
  try {
    certificates = certificatesIn(chain)
    anchors = roots.map((root) => new X509Certificate(root))
  } catch {
    return { refused: 'it cannot be read' }
  }
  const [leaf] = certificates
  if (leaf === undefined || certificates.length > LONGEST_CHAIN) return { refused: 'it is not a chain of certificates' }
  const identity = readLeafAtAnyTime(leaf.raw, trustDomain)
  if ('refused' in identity) return identity
  if (identity.identity.kind !== 'service' || identity.identity.service !== own.service) {
    return { refused: `it is for ${identity.spiffeId}, not for the service ${own.service}` }
  }
  if (identity.instance !== own.instance) return { refused: `it is for another instance than ${own.instance}` }
  if (!leaf.checkPrivateKey(own.key.privateKey)) return { refused: 'it is for another key' }
  for (const [at, certificate] of certificates.entries()) {
    const above = certificates[at + 1]
    const isSigned = above === undefined ? anchors.some((root) => signs(root, certificate)) : signs(above, certificate)
    if (!isSigned) return { refused: 'it does not end in a root of the mesh' }
  }
  return identity
}

/** A chain may also name its own root last: a root signs itself. */
function signs(issuer: X509Certificate, certificate: X509Certificate): boolean {
  return issuer.ca && certificate.checkIssued(issuer) && certificate.verify(issuer.publicKey)
}

// What a leaf certificate says, and whether it is a proper identity of our mesh (SPIFFE X509-SVID). Pure: the chain
// to a root was verified by TLS, revocation is judged by whoever knows what was revoked.
import { X509Certificate } from 'node:crypto'
import { DNS_LABEL } from '@heddle/shared/names'
import { type Identity, parseSpiffeId } from '@heddle/shared/spiffe'
import { elements, extensionsOf, TAG } from './der.ts'

/** A leaf of ours has less than 1 KiB; whoever sends much more wants to keep us busy. */
const LARGEST_LEAF_BYTES = 16_384

/** OIDs (RFC 5280, 4.2.1.3, 4.2.1.6, 4.2.1.9) as the hex of their DER contents. */
const KEY_USAGE = '551d0f'
const SUBJECT_ALTERNATIVE_NAME = '551d11'
const BASIC_CONSTRAINTS = '551d13'
/** Bits 5 and 6 of KeyUsage, keyCertSign and cRLSign, in its first octet. */
const SIGNS_CERTIFICATES = 0b0000_0110
/** id-kp-serverAuth and id-kp-clientAuth: a mesh leaf serves and calls. */
const NEEDED_USES = ['1.3.6.1.5.5.7.3.1', '1.3.6.1.5.5.7.3.2']

export interface LeafIdentity {
  identity: Identity
  spiffeId: string
  /** The DNS SAN that is a single label; null where there is none. */
  instance: string | null
  /** Milliseconds since the epoch. */
  notBefore: number
  notAfter: number
  /** SHA-256 of the DER, lower-case hex. */
  hash: string
}

/** The identity in a leaf at the time `now` (milliseconds since the epoch), or the reason why it has none. */
export function readLeaf(der: Buffer, trustDomain: string, now: number): LeafIdentity | { refused: string } {
  const leaf = readLeafAtAnyTime(der, trustDomain)
  if ('refused' in leaf) return leaf
  if (now < leaf.notBefore) {
    return {
      refused: `the certificate is not valid before ${new Date(leaf.notBefore).toISOString()}; are the clocks apart?`,
    }
  }
  if (now >= leaf.notAfter) return { refused: `the certificate expired at ${new Date(leaf.notAfter).toISOString()}` }
  return leaf
}

/** As `readLeaf`, whatever the time: for one's own certificate, which may be used expired to renew it. */
export function readLeafAtAnyTime(der: Buffer, trustDomain: string): LeafIdentity | { refused: string } {
  if (der.length > LARGEST_LEAF_BYTES) return { refused: 'the certificate is larger than any of the mesh' }
  try {
    return judge(new X509Certificate(der), extensionsOf(der), trustDomain)
  } catch {
    // OpenSSL reads some parts only when they are asked for.
    return { refused: 'the certificate cannot be read' }
  }
}

function judge(
  certificate: X509Certificate,
  extensions: ReadonlyMap<string, Buffer>,
  trustDomain: string,
): LeafIdentity | { refused: string } {
  // OpenSSL's own answer (`ca`) is no wherever keyCertSign is missing, whatever the constraint claims.
  if (certificate.ca || claimsAuthority(extensions.get(BASIC_CONSTRAINTS))) {
    return { refused: 'the certificate is an authority, not a leaf' }
  }
  if (signsCertificates(extensions.get(KEY_USAGE))) {
    return { refused: 'the certificate may sign certificates, which a leaf must not' }
  }
  if (certificate.publicKey.asymmetricKeyType !== 'ec') {
    return { refused: 'the key of the certificate is not of the kind that the mesh uses' }
  }
  const uses: readonly string[] = certificate.keyUsage ?? []
  if (!NEEDED_USES.every((use) => uses.includes(use))) {
    return { refused: 'the certificate is not meant for both ends of TLS' }
  }
  const { uris, dnsNames } = namesIn(extensions.get(SUBJECT_ALTERNATIVE_NAME))
  const [uri] = uris
  // X509-SVID, 2: exactly one URI SAN.
  if (uri === undefined || uris.length !== 1)
    return { refused: `the certificate has ${uris.length} identities, not one` }
  const identity = parseSpiffeId(uri, trustDomain)
  if (identity === undefined) return { refused: `${JSON.stringify(uri)} is no identity of the mesh ${trustDomain}` }
  return {
    identity,
    spiffeId: uri,
    instance: dnsNames.find((name) => DNS_LABEL.test(name)) ?? null,
    notBefore: certificate.validFromDate.getTime(),
    notAfter: certificate.validToDate.getTime(),
    hash: certificate.fingerprint256.replaceAll(':', '').toLowerCase(),
  }
}

/** BasicConstraints is a SEQUENCE of cA (BOOLEAN, absent: false) and a path length; anything else there claims too much. */
function claimsAuthority(extension: Buffer | undefined): boolean {
  if (extension === undefined) return false
  const [constraints] = elements(extension)
  const [first] = constraints === undefined ? [] : elements(constraints.contents)
  return first !== undefined && !(first.tag === TAG.boolean && first.contents[0] === 0)
}

function signsCertificates(extension: Buffer | undefined): boolean {
  if (extension === undefined) return false
  const [bits] = elements(extension)
  // Contents of a BIT STRING: the count of unused bits, then the bits.
  return bits?.tag !== TAG.bitString || ((bits.contents[1] ?? 0) & SIGNS_CERTIFICATES) !== 0
}

function namesIn(extension: Buffer | undefined): { uris: string[]; dnsNames: string[] } {
  const [list] = extension === undefined ? [] : elements(extension)
  const names = list === undefined ? [] : elements(list.contents)
  const of = (tag: number) =>
    names.filter((name) => name.tag === tag).map(({ contents }) => contents.toString('latin1'))
  return { uris: of(TAG.uri), dnsNames: of(TAG.dnsName) }
}

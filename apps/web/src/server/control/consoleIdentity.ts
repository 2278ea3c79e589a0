// The console's own identity towards control planes: one file, whole or absent, that only this user reads.
import { createHash, X509Certificate } from 'node:crypto'
import { mkdirSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { certificatesIn } from '@heddle/proxy/identity/chain'
import { type InstanceKey, readKey } from '@heddle/proxy/identity/key'
import { readLeafAtAnyTime } from '@heddle/proxy/identity/leaf'
import { readJson, writeFileAtomically } from '@heddle/proxy/state/atomicFile'
import { z } from 'zod'

const storedSchema = z.object({
  trustDomain: z.string(),
  /** PKCS#8, PEM. */
  key: z.string(),
  /** Leaf first. */
  chain: z.string(),
  roots: z.array(z.string()).min(1),
  /** When the leaf came, milliseconds since the epoch. */
  receivedAt: z.number(),
})
type Stored = z.infer<typeof storedSchema>

export interface ConsoleIdentity extends Stored {
  /** End of the leaf's validity, milliseconds since the epoch. */
  notAfter: number
}

/** What a control plane answered for our key, checked; or what is wrong with it. */
export function checkIdentity(stored: Stored): ConsoleIdentity | { refused: string } {
  let certificates: X509Certificate[]
  let roots: X509Certificate[]
  let key: InstanceKey | undefined
  try {
    certificates = certificatesIn(stored.chain)
    roots = stored.roots.map((root) => new X509Certificate(root))
    key = readKey(stored.key)
  } catch {
    return { refused: 'the certificate cannot be read' }
  }
  const [leaf] = certificates
  if (leaf === undefined || certificates.length > 8) return { refused: 'it is not a chain of certificates' }
  const identity = readLeafAtAnyTime(leaf.raw, stored.trustDomain)
  if ('refused' in identity) return identity
  if (identity.identity.kind !== 'console') return { refused: `it is for ${identity.spiffeId}, not for the console` }
  if (key === undefined || !leaf.checkPrivateKey(key.privateKey)) return { refused: 'it is for another key' }
  for (const [at, certificate] of certificates.entries()) {
    const above = certificates[at + 1]
    const issuers = above === undefined ? roots : [above]
    if (!issuers.some((issuer) => issuer.ca && certificate.checkIssued(issuer) && certificate.verify(issuer.publicKey)))
      return { refused: 'it does not end in a root of the mesh' }
  }
  return { ...stored, notAfter: identity.notAfter }
}

/** SHA-256 of a certificate's DER, base64url: how a root is named in one-time secrets. */
export function rootHash(pem: string): string {
  return createHash('sha256').update(new X509Certificate(pem).raw).digest('base64url')
}

const identityPath = (home: string): string => join(home, 'console', 'identity.json')

/** undefined: none, or not usable any more (a corrupt file is set aside). */
export function readIdentity(home: string): ConsoleIdentity | undefined {
  const read = readJson(identityPath(home), storedSchema)
  if (!('found' in read)) return undefined
  const identity = checkIdentity(read.found)
  return 'refused' in identity ? undefined : identity
}

/** @throws what the file system throws. */
export function writeIdentity(home: string, { trustDomain, key, chain, roots, receivedAt }: ConsoleIdentity): void {
  const path = identityPath(home)
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 })
  writeFileAtomically(path, `${JSON.stringify({ trustDomain, key, chain, roots, receivedAt })}\n`)
}

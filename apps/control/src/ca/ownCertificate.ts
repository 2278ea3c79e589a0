// The control plane's own leaf: identity `control`, made and renewed by itself, key only in memory.
import type { Clock } from '@heddle/shared/clock'
import type { Authority } from './authority.ts'
import { newKeyPair, privateKeyPem } from './keys.ts'

/** Not the mesh's leaf TTL: that one is made small in tests of rotation, and this one costs every client a handshake. */
const OWN_TTL_MS = 24 * 3_600_000

export interface OwnCertificate {
  /** PEM. */
  key: string
  /** Leaf, issuer and root, PEM: a joining client recognises the mesh by the SHA-256 of the root. */
  chain: string
  notAfter: number
  /** When it is time for the next: half of its life. */
  renewAt: number
}

export async function makeOwnCertificate(
  authority: Authority,
  hosts: readonly string[],
  clock: Clock,
): Promise<OwnCertificate> {
  const keys = await newKeyPair()
  const spki = Buffer.from(await crypto.subtle.exportKey('spki', keys.publicKey))
  const leaf = await authority.issue({ kind: 'control', hosts }, spki, OWN_TTL_MS)
  return {
    key: await privateKeyPem(keys.privateKey),
    chain: `${leaf.chain}${authority.signingRoot().trim()}\n`,
    notAfter: leaf.notAfter,
    renewAt: clock.now() + (leaf.notAfter - clock.now()) / 2,
  }
}

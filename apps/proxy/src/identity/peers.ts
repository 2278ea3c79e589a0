// Who is at the other end of a mesh connection: the workload identity in its certificate, unless it was revoked.
import type { Clock } from '@heddle/shared/clock'
import type { PeerCertificateFacts, PeerIdentity } from '../interfaces.ts'
import { readLeaf } from './leaf.ts'

/** Names kept of what was revoked. Leaves live for hours, so that old entries stop mattering. */
const MOST_REVOCATIONS = 10_000

export interface Revoked {
  /** Services, by name or SPIFFE id. */
  identities: string[]
  instances: string[]
}

export class Peers {
  readonly #trustDomain: string
  readonly #clock: Clock
  readonly #listeners = new Set<(isRevoked: (peer: PeerIdentity) => boolean) => void>()
  readonly #identities = new Set<string>()
  readonly #instances = new Set<string>()

  constructor(trustDomain: string, clock: Clock) {
    this.#trustDomain = trustDomain
    this.#clock = clock
  }

  /** Of a peer whose chain TLS has verified. */
  verify({ raw }: PeerCertificateFacts): PeerIdentity | { refused: string } {
    const leaf = readLeaf(raw, this.#trustDomain, this.#clock.now())
    if ('refused' in leaf) return leaf
    const { identity, spiffeId, instance, notAfter, hash } = leaf
    if (identity.kind !== 'service') return { refused: `${spiffeId} is no workload` }
    const peer = { service: identity.service, spiffeId, instance, notAfter, hash }
    return this.#isRevoked(peer) ? { refused: `${spiffeId} was revoked` } : peer
  }

  onRevoked(listener: (isRevoked: (peer: PeerIdentity) => boolean) => void): Disposable {
    this.#listeners.add(listener)
    return { [Symbol.dispose]: () => this.#listeners.delete(listener) }
  }

  /** What is worth nothing from now on, besides what was revoked before. */
  revoke({ identities, instances }: { identities: readonly string[]; instances: readonly string[] }): void {
    for (const [kept, added] of [
      [this.#identities, identities],
      [this.#instances, instances],
    ] as const) {
      for (const name of added) kept.add(name)
      for (const oldest of kept) {
        if (kept.size <= MOST_REVOCATIONS) break
        kept.delete(oldest)
      }
    }
    if (identities.length === 0 && instances.length === 0) return
    const isRevoked = (peer: PeerIdentity) => this.#isRevoked(peer)
    for (const listener of this.#listeners) listener(isRevoked)
  }

  /** All that was revoked. */
  revoked(): Revoked {
    return { identities: [...this.#identities], instances: [...this.#instances] }
  }

  #isRevoked(peer: PeerIdentity): boolean {
    return (
      this.#identities.has(peer.service) ||
      this.#identities.has(peer.spiffeId) ||
      (peer.instance !== null && this.#instances.has(peer.instance))
    )
  }
}

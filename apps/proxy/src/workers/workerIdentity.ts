// The identity of the instance in one of its workers: what the primary has obtained and renews, and who was revoked.
import type { Clock } from '@heddle/shared/clock'
import { Peers, type Revoked } from '../identity/peers.ts'
import type { IdentitySource, PeerCertificateFacts, PeerIdentity, TlsMaterial } from '../interfaces.ts'

export class WorkerIdentity implements IdentitySource {
  #material: TlsMaterial
  readonly #peers: Peers
  readonly #listeners = new Set<(material: TlsMaterial) => void>()

  constructor(material: TlsMaterial, revoked: Revoked, clock: Clock) {
    this.#material = material
    this.#peers = new Peers(material.trustDomain, clock)
    this.#peers.revoke(revoked)
  }

  current(): TlsMaterial {
    return this.#material
  }

  onChange(listener: (material: TlsMaterial) => void): Disposable {
    this.#listeners.add(listener)
    return { [Symbol.dispose]: () => this.#listeners.delete(listener) }
  }

  verifyPeer(certificate: PeerCertificateFacts): PeerIdentity | { refused: string } {
    return this.#peers.verify(certificate)
  }

  onRevoked(listener: (isRevoked: (peer: PeerIdentity) => boolean) => void): Disposable {
    return this.#peers.onRevoked(listener)
  }

  replace(material: TlsMaterial): void {
    this.#material = material
    for (const listener of this.#listeners) listener(material)
  }

  revoke(revoked: Revoked): void {
    this.#peers.revoke(revoked)
  }
}

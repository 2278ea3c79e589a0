// The identity of this instance towards its peers: the certificate in force, who a peer is, who was revoked. Getting
// a first certificate is join.ts; asking for a renewal is the control session's, which hands what comes to `install`.
import { X509Certificate } from 'node:crypto'
import type { Clock } from '@heddle/shared/clock'
import type { IdentitySource, PeerCertificateFacts, PeerIdentity, TlsMaterial } from '../interfaces.ts'
import type { StoredCertificate } from '../state/stateDirectory.ts'
import { checkOwnChain, type OwnIdentity } from './chain.ts'
import { certificateRequest } from './key.ts'
import { Peers, type Revoked } from './peers.ts'
import { renewalDueAt } from './renewal.ts'

export interface MeshIdentityOptions {
  own: OwnIdentity
  /** A certificate that `checkOwnChain` has accepted. */
  certificate: StoredCertificate
  clock: Clock
  /** In [0, 1), for the jitter of renewals. */
  random: () => number
  /** Called with each new certificate or set of roots, to keep it on disk. */
  save: (certificate: StoredCertificate) => void
}

export class MeshIdentity implements IdentitySource {
  readonly #options: MeshIdentityOptions
  #certificate: StoredCertificate
  #material: TlsMaterial
  #renewalDueAt: number
  readonly #listeners = new Set<(material: TlsMaterial) => void>()
  readonly #peers: Peers

  /** Throws where the certificate is not for this instance. */
  constructor(options: MeshIdentityOptions) {
    this.#options = options
    this.#certificate = options.certificate
    const { chain, roots, trustDomain } = options.certificate
    const leaf = checkOwnChain(chain, roots, trustDomain, options.own)
    if ('refused' in leaf) throw new Error(`the certificate cannot be used: ${leaf.refused}`)
    this.#material = { generation: 1, key: options.own.key.pem, chain, roots, trustDomain, notAfter: leaf.notAfter }
    this.#renewalDueAt = this.#nextRenewal()
    this.#peers = new Peers(trustDomain, options.clock)
  }

  current(): TlsMaterial {
    return this.#material
  }

  /** Milliseconds since the epoch. */
  get renewalDueAt(): number {
    return this.#renewalDueAt
  }

  /** A request for a new certificate for the same key, PEM. */
  certificateRequest(): string {
    return certificateRequest(this.#options.own.key)
  }

  onChange(listener: (material: TlsMaterial) => void): Disposable {
    this.#listeners.add(listener)
    return { [Symbol.dispose]: () => this.#listeners.delete(listener) }
  }

  onRevoked(listener: (isRevoked: (peer: PeerIdentity) => boolean) => void): Disposable {
    return this.#peers.onRevoked(listener)
  }

  verifyPeer(certificate: PeerCertificateFacts): PeerIdentity | { refused: string } {
    return this.#peers.verify(certificate)
  }

  /** Takes a renewed certificate into use, or says why not and keeps the old. */
  install(chain: string, roots: string[]): { installed: true } | { refused: string } {
    const { clock, own } = this.#options
    const certificate = { ...this.#certificate, chain, roots, receivedAt: clock.now() }
    const leaf = checkOwnChain(chain, roots, certificate.trustDomain, own)
    if ('refused' in leaf) return leaf
    if (clock.now() >= leaf.notAfter) return { refused: 'it has expired already; this machine’s clock may be ahead' }
    if (clock.now() < leaf.notBefore) return { refused: 'it is not valid yet; this machine’s clock may be behind' }
    this.#replace(certificate, leaf.notAfter)
    return { installed: true }
  }

  /** The roots in force changed without a new certificate. Unreadable ones are refused. */
  setRoots(roots: string[]): { installed: true } | { refused: string } {
    if (roots.join() === this.#certificate.roots.join()) return { installed: true }
    try {
      for (const root of roots) new X509Certificate(root)
    } catch {
      return { refused: 'a root cannot be read' }
    }
    const { chain, trustDomain } = this.#certificate
    this.#replace({ ...this.#certificate, roots }, this.#material.notAfter)
    // The root above our own certificate may have gone: then peers will refuse it, and the next one is due now.
    const isAnchored = !('refused' in checkOwnChain(chain, roots, trustDomain, this.#options.own))
    if (!isAnchored) this.#renewalDueAt = this.#options.clock.now()
    return { installed: true }
  }

  /** Services (by name or SPIFFE id) and instance ids that are worth nothing from now on. */
  revoke(identities: readonly string[], instances: readonly string[]): void {
    this.#peers.revoke({ identities, instances })
  }

  /** What was revoked, to be kept across a restart. */
  revoked(): Revoked {
    return this.#peers.revoked()
  }

  #replace(certificate: StoredCertificate, notAfter: number): void {
    const { chain, roots } = certificate
    this.#material = { ...this.#material, generation: this.#material.generation + 1, chain, roots, notAfter }
    this.#certificate = certificate
    this.#renewalDueAt = this.#nextRenewal()
    this.#options.save(certificate)
    for (const listener of this.#listeners) listener(this.#material)
  }

  #nextRenewal(): number {
    const { clock, random } = this.#options
    // A clock that was set back since must not put the renewal off.
    const receivedAt = Math.min(this.#certificate.receivedAt, clock.now())
    return renewalDueAt(receivedAt, this.#material.notAfter, random())
  }
}

// What tells the application who calls: Envoy's x-forwarded-client-cert, from the certificate that was verified. It is the
// same for all that comes over a connection, so it is made once for the peer at its other end.
import { spiffeId } from '@heddle/shared/spiffe'
import type { PeerIdentity } from '../interfaces.ts'

interface Made {
  readonly trustDomain: string
  readonly service: string
  readonly value: string
}

const known = new WeakMap<PeerIdentity, Made>()

/** `trustDomain`, `service`: our own. */
export function clientCertificate(peer: PeerIdentity, trustDomain: string, service: string): string {
  const before = known.get(peer)
  if (before?.trustDomain === trustDomain && before.service === service) return before.value
  const own = spiffeId(trustDomain, { kind: 'service', service })
  const made = { trustDomain, service, value: `By=${own};Hash=${peer.hash};URI=${peer.spiffeId}` }
  known.set(peer, made)
  return made.value
}

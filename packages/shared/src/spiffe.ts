// SPIFFE ids of the mesh (https://github.com/spiffe/spiffe/blob/main/standards/SPIFFE-ID.md):
//   spiffe://<trust domain>/service/<name>   a workload
//   spiffe://<trust domain>/control          a control plane
//   spiffe://<trust domain>/console          the console
import { DNS_LABEL } from './names.ts'

export type Identity = { kind: 'service'; service: string } | { kind: 'control' } | { kind: 'console' }

const TRUST_DOMAIN = /^[a-z0-9._-]{1,255}$/

export function isTrustDomain(text: string): boolean {
  return TRUST_DOMAIN.test(text)
}

export function spiffeId(trustDomain: string, identity: Identity): string {
  const path = identity.kind === 'service' ? `service/${identity.service}` : identity.kind
  return `spiffe://${trustDomain}/${path}`
}

/** The identity that a URI names in this trust domain, or undefined: no other spelling of an id is accepted. */
export function parseSpiffeId(uri: string, trustDomain: string): Identity | undefined {
  const prefix = `spiffe://${trustDomain}/`
  if (!uri.startsWith(prefix)) return undefined
  const path = uri.slice(prefix.length)
  if (path === 'control' || path === 'console') return { kind: path }
  const service = path.startsWith('service/') ? path.slice('service/'.length) : ''
  return DNS_LABEL.test(service) ? { kind: 'service', service } : undefined
}

/** Server name (SNI) that a mesh connection asks for: `<service>.mesh`. */
export function meshServerName(service: string): string {
  return `${service}.mesh`
}

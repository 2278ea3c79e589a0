// What a host names: a service of the mesh, or something outside. By syntax alone, so that no outage of discovery can
// turn a call inside the mesh into one that leaves it in clear text.
import { DNS_LABEL } from '@heddle/shared/names'

export type HostClass =
  | { readonly kind: 'service'; readonly name: string }
  | { readonly kind: 'egress'; readonly host: string }
  /** A single label or `<label>.mesh` that cannot be a service name: 502 no_such_service. */
  | { readonly kind: 'invalid'; readonly host: string }

const MESH_SUFFIX = '.mesh'

/** `host` as `canonicalAuthority` gives it. `localhost` is this machine for everybody, so it is never a service. */
export function classifyHost(host: string): HostClass {
  if (host === 'localhost') return { kind: 'egress', host }
  const dot = host.indexOf('.')
  const isMeshName = dot !== -1 && dot === host.length - MESH_SUFFIX.length && host.endsWith(MESH_SUFFIX)
  if ((dot !== -1 && !isMeshName) || host.startsWith('[')) return { kind: 'egress', host }
  const name = isMeshName ? host.slice(0, dot) : host
  if (name === 'localhost' || !DNS_LABEL.test(name)) return { kind: 'invalid', host }
  return { kind: 'service', name }
}

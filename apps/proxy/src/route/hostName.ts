export type HostClass =
  | { readonly kind: 'service'; readonly name: string }
  | { readonly kind: 'egress'; readonly host: string }
  /** A single label or `<label>.mesh` that cannot be a service name: 502 no_such_service. */
  | { readonly kind: 'invalid'; readonly host: string }

/** `host` as `canonicalAuthority` gives it. */
export function classifyHost(host: string): HostClass {
  throw new Error(`pending ${host}`)
}

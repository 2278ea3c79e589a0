// Opaque TCP between two proxies: each connection of an application has a mesh connection of its own, so that no other
// one holds it up and the kernel's own back pressure holds. The called side says one octet first, what it did with it;
// from then on the bytes are the applications' own, both ways.
import type { MeshErrorCode } from '../errors.ts'

/** Tells these connections apart from HTTP on the same port. */
export const OPAQUE_ALPN = 'heddle-tcp'

const ACCEPTED = 0

/** A number is never given to another code: proxies of two builds talk. */
const REFUSALS = {
  denied: 1,
  rate_limited: 2,
  misdirected: 3,
  tls_failed: 4,
  app_unreachable: 5,
  overloaded: 6,
  destination_unknown: 7,
  protocol_mismatch: 8,
} as const satisfies Partial<Record<MeshErrorCode, number>>

/** Why the called side refuses a connection; nothing of it has reached the application then. */
export type OpaqueRefusal = keyof typeof REFUSALS
export type OpaqueAnswer = 'accepted' | OpaqueRefusal

const ANSWERS: ReadonlyMap<number, OpaqueAnswer> = new Map<number, OpaqueAnswer>([
  [ACCEPTED, 'accepted'],
  ...Object.entries(REFUSALS).map(([code, octet]): [number, OpaqueAnswer] => [octet, code as OpaqueRefusal]),
])

/** The first octet of the called side. */
export function encodeOpaqueAnswer(answer: OpaqueAnswer): Uint8Array {
  return Uint8Array.of(answer === 'accepted' ? ACCEPTED : REFUSALS[answer])
}

/** undefined: a refusal that this build does not know. */
export function decodeOpaqueAnswer(octet: number): OpaqueAnswer | undefined {
  return ANSWERS.get(octet)
}

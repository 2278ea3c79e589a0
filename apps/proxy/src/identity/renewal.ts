// When a certificate is renewed. Pure.

/** A new try after one that failed comes after a tenth of what is left, within these bounds. */
const RETRY_MIN_MS = 1_000
const RETRY_MAX_MS = 60_000

/**
 * The time (milliseconds since the epoch) at which a certificate that came at `receivedAt` is renewed: half of its
 * life with us, up to 5 % earlier or later, so that proxies that started together do not renew together. A backdated
 * beginning does not count. `random` in [0, 1).
 */
export function renewalDueAt(receivedAt: number, notAfter: number, random: number): number {
  return receivedAt + Math.max(0, notAfter - receivedAt) * (0.45 + 0.1 * random)
}

/** Milliseconds until a renewal that was not answered or was refused is tried again. */
export function renewalRetryMs(now: number, notAfter: number, random: number): number {
  const bounded = Math.min(RETRY_MAX_MS, Math.max(RETRY_MIN_MS, (notAfter - now) / 10))
  return bounded * (0.5 + random)
}

/** An expired, unrevoked certificate may be used to renew it for this long, at the control plane only. */
export const RENEWABLE_AFTER_EXPIRY_MS = 30 * 24 * 3_600_000

export type Usability = 'valid' | 'renewable' | 'lost'

export function usability(notAfter: number, now: number): Usability {
  if (now < notAfter) return 'valid'
  return now < notAfter + RENEWABLE_AFTER_EXPIRY_MS ? 'renewable' : 'lost'
}

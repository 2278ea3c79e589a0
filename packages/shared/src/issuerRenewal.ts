// When an issuer of the certificate authority is followed by the next: decided by the control plane, told by the console.

/** Of an issuer's life: with less than this left the next one is made, so that every proxy knows it long before. */
const LEFT_AT_RENEWAL = 1 / 3

/** Milliseconds since the epoch, as are `notBefore` and `notAfter`. */
export function nextIssuerAt({ notBefore, notAfter }: { notBefore: number; notAfter: number }): number {
  return notAfter - (notAfter - notBefore) * LEFT_AT_RENEWAL
}

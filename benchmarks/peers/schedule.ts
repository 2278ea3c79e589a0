// When requests of an open loop are to be sent. Pure: time is milliseconds since the first one was due.

/** When request `i` (from 0) is due. */
export const dueAtMs = (i: number, perSecond: number): number => (i * 1_000) / perSecond

/** How many of `total` are due at that time. */
export function dueBy(elapsedMs: number, perSecond: number, total: number): number {
  if (elapsedMs < 0) return 0
  return Math.min(total, Math.floor((elapsedMs * perSecond) / 1_000) + 1)
}

// How long to wait before the next try to reach a control plane: exponential with full jitter, so that proxies that
// lost one together do not come back together. Pure.

const FIRST_MS = 250
/** Short enough that everything is well again 5 s after a control plane came back. */
const LONGEST_MS = 5_000

/** `round`: how often the whole list of control planes was tried in vain, from 0. `random` in [0, 1). */
export function reconnectDelayMs(round: number, random: number): number {
  return random * Math.min(LONGEST_MS, FIRST_MS * 2 ** Math.min(round, 10))
}

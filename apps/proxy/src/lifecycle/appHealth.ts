// Whether the app behind the proxy takes traffic, decided from one probe a second. Pure.

/** So many probes in a row must fail before a ready app counts as gone: one lost probe is no outage. */
export const FAILURES_UNTIL_UNREADY = 3

export interface AppHealth {
  isReady: boolean
  failures: number
  /** Why it is not ready, or why the last probe failed; null after a success. */
  reason: string | null
}

export const UNPROBED: AppHealth = { isReady: false, failures: 0, reason: 'not asked yet' }

/** `failure`: null where the probe succeeded. One success makes ready. */
export function afterProbe(health: AppHealth, failure: string | null): AppHealth {
  if (failure === null) return { isReady: true, failures: 0, reason: null }
  const failures = health.failures + 1
  return { isReady: health.isReady && failures < FAILURES_UNTIL_UNREADY, failures, reason: failure }
}

/** While nothing listens yet, `heddle run` should not wait for a second that has not passed: a connection costs little. */
const STARTING_MS = 100
const INTERVAL_MS = 1_000
/** An app that does not listen after so many quick looks (ten seconds) is no longer starting. */
const QUICK_LOOKS = 100

/** Until the next probe. `wasAsked`: a connection was made, so that a request, if one is sent, has been. */
export function pauseMs({ isReady, failures }: AppHealth, wasAsked: boolean): number {
  return isReady || wasAsked || failures > QUICK_LOOKS ? INTERVAL_MS : STARTING_MS
}

/** Monotonic deadline of a request; null where the route sets none (absent or 0). */
export function requestDeadline(startedMs: number, requestTimeoutMs: number | null): number | null {
  throw new Error(`pending ${startedMs} ${requestTimeoutMs}`)
}
/** Monotonic deadline of one attempt: the earlier of the request's and its own; `whose` says which one a lapse would be. */
export function attemptDeadline(
  nowMs: number,
  backendRequestTimeoutMs: number | null,
  requestDeadlineMs: number | null,
): { readonly atMs: number; readonly whose: 'request' | 'attempt' } | null {
  throw new Error(`pending ${nowMs} ${backendRequestTimeoutMs} ${requestDeadlineMs}`)
}

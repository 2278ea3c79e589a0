// When a request, and one attempt of it, must have been answered (HTTPRouteTimeouts of the Gateway API). Monotonic
// milliseconds.

/** null where the route sets no timeout; "0s" means none too (GEP-1742). */
export function requestDeadline(startedMs: number, requestTimeoutMs: number | null): number | null {
  return requestTimeoutMs === null || requestTimeoutMs === 0 ? null : startedMs + requestTimeoutMs
}

/** The earlier of the request's deadline and the attempt's own; null: none. */
export function attemptDeadline(
  nowMs: number,
  backendRequestTimeoutMs: number | null,
  requestDeadlineMs: number | null,
): number | null {
  return earlier(requestDeadline(nowMs, backendRequestTimeoutMs), requestDeadlineMs)
}

/** The first of two deadlines; null: none. */
export function earlier(oneMs: number | null, otherMs: number | null): number | null {
  if (oneMs === null || otherMs === null) return oneMs ?? otherMs
  return Math.min(oneMs, otherMs)
}

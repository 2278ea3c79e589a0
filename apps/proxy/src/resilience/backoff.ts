// How long a request waits before it is tried again, so that those that failed together do not come back together.

/** A retry waits at most this many times its base (Envoy's default). */
const MAX_FACTOR = 10

/**
 * Before the `retry`th repeat (from 1) of a request, milliseconds. At least the base, which a route's `backoff` is the
 * minimum for (GEP-1731), doubled with each repeat, plus up to half of it.
 */
export function retryBackoffMs(baseMs: number, retry: number, random: () => number): number {
  return baseMs * Math.min(2 ** (retry - 1), MAX_FACTOR) * (1 + random() / 2)
}

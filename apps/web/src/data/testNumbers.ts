// Numbers for tests of what a row shows.

export const golden = {
  requests: 52_000,
  failures: 12,
  requestsPerSecond: 14.441,
  successRate: 99.976_9,
  latencyMs: { p50: 12.001, p95: 40.004, p99: 181.2 },
}
export const health = { state: 'healthy', reason: null, cause: null, since: null } as const
/** What a tick moves and nobody sees. */
export const moved = { ...golden, requests: 52_010, requestsPerSecond: 14.444, successRate: 99.976_93 }

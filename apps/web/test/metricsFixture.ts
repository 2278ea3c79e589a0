// Metrics of a small mesh, committed to Postgres as a control plane does.
import { commitDeltas, type Database, ensurePartitions } from '@heddle/db'
import { bucketOf } from '@heddle/shared/histogram'
import type { EdgeRow, MetricsPayload, Outcomes, RouteRow, RuleRow } from '@heddle/shared/wire/metrics'
import { NO_OUTCOMES } from '@heddle/testkit/outcomes'

export function outcomes(given: Partial<Outcomes> & { latencyMs?: number } = {}): Outcomes {
  const { latencyMs, ...rest } = given
  const counted = {
    ...NO_OUTCOMES,
    ...rest,
  }
  if (latencyMs === undefined || counted.requests === counted.cancelled) return counted
  return { ...counted, latency: { index: [bucketOf(latencyMs)], count: [counted.requests - counted.cancelled] } }
}

export interface Call {
  source: string
  destination: string
  version: string
  route: string
  outcomes: Outcomes
}

/** The rows that the caller's proxy (and, where the caller is `public`, only the server's) reports of these calls. */
export function rowsOf(calls: readonly Call[]): { routes: RouteRow[]; edges: EdgeRow[] } {
  const routes: RouteRow[] = []
  const edges: EdgeRow[] = []
  for (const { source, destination, version, route, outcomes: counted } of calls) {
    const sides = source === 'public' ? (['inbound'] as const) : (['outbound', 'inbound'] as const)
    for (const side of sides) {
      routes.push({ side, destination, version, route, ...counted })
      edges.push({ side, source, destination, ...counted })
    }
  }
  return { routes, edges }
}

let sequence = 0

/** Commits what happened up to `at` (milliseconds since the epoch), once. */
export async function commitCalls(
  db: Database,
  at: number,
  calls: readonly Call[],
  rules: readonly RuleRow[] = [],
): Promise<void> {
  const payload: MetricsPayload = {
    bootId: 'fixture',
    sequence: ++sequence,
    intervalMs: 5_000,
    ...rowsOf(calls),
    rules: [...rules],
    patterns: [],
    droppedReports: 0,
  }
  await ensurePartitions(db, at)
  await ensurePartitions(db, Date.now())
  await commitDeltas(db, 'control-1', [{ instance: 'fixture', service: 'fixture', receivedAt: at, ageMs: 0, payload }])
}

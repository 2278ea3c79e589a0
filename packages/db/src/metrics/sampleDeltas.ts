// Deltas for the tests of this folder.
import { Histogram } from '@heddle/shared'
import type { EdgeRow, MetricsPayload, Outcomes, RouteRow } from '@heddle/shared/wire/metrics'
import { NO_OUTCOMES } from '@heddle/testkit/outcomes'
import type { MetricsDelta } from './commit.ts'

/** The start of the present hour: everything that a test sends lies in one bucket of each table. */
export const HOUR_MS = 3_600_000
export const hour = Math.floor(Date.now() / HOUR_MS) * HOUR_MS
export const range = { from: hour, to: hour + HOUR_MS, stepMs: null }

export function outcomes(requests: number, latenciesMs: number[] = [], extra: Partial<Outcomes> = {}): Outcomes {
  const histogram = new Histogram()
  for (const ms of latenciesMs) histogram.record(ms)
  return {
    ...NO_OUTCOMES,
    requests,
    ok: requests,
    latency: histogram.toSparse(),
    ...extra,
  }
}
export const routeRow = (counts: Outcomes, destination = 'catalog', version = 'v1'): RouteRow => ({
  side: 'outbound',
  destination,
  version,
  route: 'catalog/products',
  ...counts,
})
export const edgeRow = (counts: Outcomes, source = 'storefront'): EdgeRow => ({
  side: 'outbound',
  source,
  destination: 'catalog',
  ...counts,
})

export function delta(
  sequence: number,
  payload: Partial<MetricsPayload>,
  extra: Partial<MetricsDelta> & { bootId?: string } = {},
): MetricsDelta {
  const { bootId = 'boot', ...rest } = extra
  return {
    instance: 'storefront-v1-1-abcd',
    service: 'storefront',
    receivedAt: hour + 7_000,
    ageMs: 0,
    payload: {
      bootId,
      sequence,
      intervalMs: 5_000,
      routes: [],
      edges: [],
      rules: [],
      patterns: [],
      droppedReports: 0,
      ...payload,
    },
    ...rest,
  }
}

// Rows of metrics for tests, with everything at zero but what is said.
import type { EdgeRow, MetricsPayload, Outcomes, RouteRow } from '@heddle/shared/wire/metrics'

const nothing: Outcomes = {
  requests: 0,
  ok: 0,
  clientError: 0,
  serverError: 0,
  meshErrors: {},
  denied: 0,
  limited: 0,
  cancelled: 0,
  recovered: 0,
  retriesMade: 0,
  retriesSkipped: {},
  bytesIn: 0,
  bytesOut: 0,
  latency: { index: [], count: [] },
}

export const routeRow = (row: Partial<RouteRow>): RouteRow => ({
  side: 'outbound',
  destination: 'catalog',
  version: 'v1',
  route: 'default',
  ...nothing,
  ...row,
})

export const edgeRow = (row: Partial<EdgeRow>): EdgeRow => ({
  side: 'outbound',
  source: 'web',
  destination: 'catalog',
  ...nothing,
  ...row,
})

export const payload = (parts: Partial<MetricsPayload>): MetricsPayload => ({
  bootId: 'boot',
  sequence: 1,
  intervalMs: 5_000,
  routes: [],
  edges: [],
  rules: [],
  patterns: [],
  droppedReports: 0,
  ...parts,
})

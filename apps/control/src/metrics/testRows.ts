// Rows of metrics for tests, with everything at zero but what is said.
import type { EdgeRow, MetricsPayload, RouteRow } from '@heddle/shared/wire/metrics'
import { NO_OUTCOMES } from '@heddle/testkit/outcomes'

export const routeRow = (row: Partial<RouteRow>): RouteRow => ({
  side: 'outbound',
  destination: 'catalog',
  version: 'v1',
  route: 'default',
  ...NO_OUTCOMES,
  ...row,
})

export const edgeRow = (row: Partial<EdgeRow>): EdgeRow => ({
  side: 'outbound',
  source: 'web',
  destination: 'catalog',
  ...NO_OUTCOMES,
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

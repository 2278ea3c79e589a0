import { expect, test } from 'vitest'
import type { Edge, ServiceRouteRow, ServiceRow } from '../server/schemas/services.ts'
import { isSame } from './isSame.ts'
import { shownEdge, shownRoute, shownService } from './shownRow.ts'
import { golden, health, moved } from './testNumbers.ts'

const service: ServiceRow = {
  ...golden,
  service: 'cart',
  owner: 'shop',
  protocol: 'http',
  bytesPerSecond: null,
  joinedAt: null,
  health,
  objective: { successRate: 99.5, latencyP99Ms: 500 },
  spark: { requestsPerSecond: [1, 2], troubled: [] },
  versions: [{ version: 'v1', share: 100, state: 'healthy' }],
  sharesSince: null,
  instances: { ready: 2, all: 2 },
  lastTrafficAt: 1_000,
}
const route: ServiceRouteRow = {
  ...golden,
  route: 'cart/items',
  match: 'GET /items',
  health,
  retries: { made: 0, recovered: 0, skipped: {} },
  denied: 0,
  limited: 0,
  cancelled: 0,
  meshErrors: {},
  split: [{ backend: 'cart-v1', percent: 100 }],
  retryPolicy: null,
  timeoutMs: null,
}
const edge: Edge = { ...golden, peer: 'catalog', bytesPerSecond: null, health }

const seen = [
  { successRate: 99.96 },
  { requestsPerSecond: 14.46 },
  { latencyMs: { ...golden.latencyMs, p99: 190 } },
  { requests: 20 },
  { health: { ...health, state: 'degraded' as const } },
]

// A row whose texts are the same stays as it is drawn.
test('what nobody sees draws no row', () => {
  expect(isSame(shownService({ ...service, ...moved, lastTrafficAt: 2_000 }), shownService(service))).toBe(true)
  expect(isSame(shownRoute({ ...route, ...moved, denied: 3 }, 99.5), shownRoute(route, 99.5))).toBe(true)
  expect(isSame(shownEdge({ ...edge, ...moved }), shownEdge(edge))).toBe(true)
})

// Whatever a row shows draws it anew.
test('what is read of a row draws it', () => {
  for (const change of seen) {
    expect(isSame(shownService({ ...service, ...change }), shownService(service))).toBe(false)
    expect(isSame(shownRoute({ ...route, ...change }, 99.5), shownRoute(route, 99.5))).toBe(false)
    expect(isSame(shownEdge({ ...edge, ...change }), shownEdge(edge))).toBe(false)
  }
  const slow = { ...edge, health: { ...health, state: 'degraded' as const, reason: 'p99 190 ms > 100 ms' } }
  const failing = { ...slow, health: { ...slow.health, reason: 'success 98.69 % < 99.5 %' } }
  expect(isSame(shownEdge(slow), shownEdge(failing))).toBe(false)
  expect(isSame(shownEdge({ ...edge, bytesPerSecond: { to: 1, from: 2 } }), shownEdge(edge))).toBe(false)
  const ofService: Partial<ServiceRow>[] = [
    { joinedAt: 1_000 },
    { sharesSince: 1_000 },
    { bytesPerSecond: { to: 1, from: 2 } },
    { failures: 13 },
    { owner: null },
    { spark: null },
    { instances: { ready: 1, all: 2 } },
    { versions: [{ version: 'v2', share: 100, state: 'healthy' }] },
    { objective: { successRate: 99.99, latencyP99Ms: 500 } },
    { objective: { successRate: 99.5, latencyP99Ms: 100 } },
  ]
  for (const change of ofService)
    expect(isSame(shownService({ ...service, ...change }), shownService(service))).toBe(false)
  const ofRoute: Partial<ServiceRouteRow>[] = [
    { failures: 13 },
    { timeoutMs: 5 },
    { retryPolicy: '2 ×' },
    { split: [] },
  ]
  for (const change of ofRoute)
    expect(isSame(shownRoute({ ...route, ...change }, 99.5), shownRoute(route, 99.5))).toBe(false)
  expect(isSame(shownRoute(route, 99.99), shownRoute(route, 99.5))).toBe(false)
  const silent = { ...service, requests: 0 }
  expect(isSame(shownService({ ...silent, lastTrafficAt: 2_000 }), shownService(silent))).toBe(false)
})

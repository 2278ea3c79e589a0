import { expect, test } from 'vitest'
import type { Split, TrafficListRow } from '../server/schemas/routeEdits.ts'
import type { TrafficRule } from '../server/schemas/traffic.ts'
import { isSame } from './isSame.ts'
import { shownRule, shownTraffic } from './shownTraffic.ts'
import { golden, health, moved } from './testNumbers.ts'

/** Failures are nowhere in a row of the list. */
const unseen = { ...moved, failures: 13 }

const backend: Split['backends'][number] = { name: 'cart-v1', version: 'v1', weight: 90, golden, health }
const split: Split = { label: 'cart/items', match: 'GET /items', backends: [backend], moved: null }
const row: TrafficListRow = { service: 'cart', owner: 'shop', rules: 2, golden, health, splits: [split] }
const withBackend = (part: Partial<Split['backends'][number]>): TrafficListRow => ({
  ...row,
  splits: [{ ...split, backends: [{ ...backend, ...part }] }],
})

const part: TrafficRule['backends'][number] = {
  name: 'cart-v1',
  service: 'cart',
  version: 'v1',
  weight: 90,
  percent: 90,
  instances: { ready: 2, all: 2 },
  isDistinct: true,
  joinedAt: null,
  golden,
  rateSinceChange: null,
  spark: { from: 0, stepMs: 60_000, requestsPerSecond: [], successRate: [], p99Ms: [] },
  health,
}
const rule: TrafficRule = {
  kind: 'HTTPRoute',
  route: 'cart',
  rule: 'items',
  label: 'cart/items',
  match: 'GET /items',
  pathType: 'Exact',
  winsBy: 'exact path',
  resourceVersion: '1',
  total: 100,
  backends: [part],
  retryPolicy: null,
  timeoutMs: null,
  filters: [],
  golden,
  lastChange: null,
  isFresh: false,
}

// A row whose texts are the same stays as it is drawn.
test('what nobody sees draws no row', () => {
  expect(isSame(shownTraffic({ ...withBackend({ golden: unseen }), golden: unseen }), shownTraffic(row))).toBe(true)
  const later = { ...rule, golden: unseen, backends: [{ ...part, golden: unseen }] }
  expect(isSame(shownRule(later), shownRule(rule))).toBe(true)
})

// Whatever a row shows draws it anew.
test('what is read of a row draws it', () => {
  const changes: TrafficListRow[] = [
    { ...row, owner: null },
    { ...row, rules: 3 },
    { ...row, golden: { ...golden, successRate: 99.96 } },
    { ...row, golden: { ...golden, requests: 20 } },
    { ...row, golden: { ...golden, requestsPerSecond: 14.46 } },
    { ...row, health: { ...health, state: 'degraded' } },
    { ...row, health: { ...health, state: 'degraded', reason: 'success 98.69 % < 99.5 %' } },
    { ...row, splits: [] },
    { ...row, splits: [{ ...split, match: 'GET /item' }] },
    { ...row, splits: [{ ...split, moved: { revision: 3, actor: 'an operator', at: 1_000 } }] },
    withBackend({ weight: 80 }),
    withBackend({ version: 'v2' }),
    withBackend({ golden: null }),
    withBackend({ golden: { ...golden, requests: 20 } }),
    withBackend({ golden: { ...golden, successRate: 99.96 } }),
    withBackend({ health: { ...health, state: 'failing', reason: 'success 90.00 % < 99.5 %' } }),
  ]
  for (const change of changes) expect(isSame(shownTraffic(change), shownTraffic(row))).toBe(false)
  const ofRule: TrafficRule[] = [
    { ...rule, match: 'GET /item' },
    { ...rule, winsBy: null },
    { ...rule, backends: [] },
    { ...rule, backends: [{ ...part, weight: 80 }] },
    { ...rule, backends: [{ ...part, version: 'v2' }] },
    { ...rule, golden: { ...golden, successRate: 99.96 } },
    { ...rule, golden: { ...golden, requests: 20 } },
    { ...rule, golden: { ...golden, requestsPerSecond: 14.46 } },
    { ...rule, golden: { ...golden, latencyMs: { ...golden.latencyMs, p99: 190 } } },
  ]
  for (const change of ofRule) expect(isSame(shownRule(change), shownRule(rule))).toBe(false)
})

import { expect, test } from 'vitest'
import type { ServiceRow } from '../server/schemas/services.ts'
import { isShown, matchesFilter, matchesOfWords, servicesTitle, sortRows } from './serviceList.ts'

function row(service: string, part: Partial<ServiceRow> = {}): ServiceRow {
  return Object.freeze<ServiceRow>({
    service,
    owner: null,
    protocol: 'http',
    bytesPerSecond: null,
    joinedAt: null,
    health: { state: 'healthy', reason: null, cause: null, since: null },
    objective: { successRate: 99.5, latencyP99Ms: null },
    spark: null,
    versions: [],
    sharesSince: null,
    instances: { ready: 1, all: 1 },
    lastTrafficAt: null,
    requests: 1_000,
    failures: 0,
    requestsPerSecond: 1,
    successRate: 100,
    latencyMs: { p50: 1, p95: 2, p99: 3 },
    ...part,
  })
}
const rows = Object.freeze([
  row('cart', { owner: 'shop', requestsPerSecond: 5 }),
  row('payments', {
    owner: 'money',
    health: { state: 'failing', reason: null, cause: null, since: null },
    successRate: 98,
  }),
  row('gift-cards', {
    requests: 0,
    successRate: null,
    health: { state: 'idle', reason: null, cause: null, since: null },
  }),
])

// The filter's words must all hold, and each kind of word means one thing.
test('filtering', () => {
  expect(rows.filter((r) => matchesFilter(r, 'owner:mon')).map((r) => r.service)).toEqual(['payments'])
  expect(rows.filter((r) => matchesFilter(r, 'car')).map((r) => r.service)).toEqual(['cart', 'gift-cards'])
  expect(rows.filter((r) => matchesFilter(r, 'car owner:shop')).map((r) => r.service)).toEqual(['cart'])
  expect(matchesOfWords(rows, 'owner:shop version:v9')).toEqual([
    { word: 'owner:shop', rows: 1 },
    { word: 'version:v9', rows: 0 },
  ])
  expect(rows.filter((r) => isShown(r, 'attention'))).toHaveLength(1)
})

// "No traffic in this range" is said of the range, not of the 15 minutes by which health is judged.
test('the title says which time it means', () => {
  const none = { all: 0, attention: 0, unknown: 0, idle: 0, withoutCalls: 0 }
  const titleOf = (counts: Partial<typeof none>, attention = 0) =>
    servicesTitle({ counts: { ...none, ...counts }, attention }).replaceAll('\u00a0', ' ')
  expect(titleOf({ all: 1, idle: 1, withoutCalls: 1 })).toBe('1 service, no traffic in this range')
  expect(titleOf({ all: 2, idle: 2, withoutCalls: 1 })).toBe('2 services, no traffic in the last 15 min of this range')
  expect(titleOf({ all: 3, idle: 1 }, 1)).toBe('1 of 3 services needs attention')
})

// No traffic is neither best nor worst: it goes last in both directions, and the order given is kept among equals.
test('sorting never counts a missing value', () => {
  const listed = [rows[2], rows[0], rows[1], row('books')].flatMap((one) => one ?? [])
  const sorted = (...by: [Parameters<typeof sortRows>[1], 'asc' | 'desc']) =>
    sortRows(listed, ...by).map(({ service }) => service)
  expect(sorted('success', 'asc')).toEqual(['payments', 'cart', 'books', 'gift-cards'])
  expect(sorted('success', 'desc')).toEqual(['cart', 'books', 'payments', 'gift-cards'])
  expect(sorted('status', 'asc')).toEqual(['payments', 'cart', 'books', 'gift-cards'])
  expect(sorted('service', 'desc')).toEqual(['payments', 'gift-cards', 'cart', 'books'])
})

import { expect, test } from 'vitest'
import type { ServiceRow, ServicesListInput } from '../schemas/services.ts'
import { type ServiceList, viewOf } from './listView.ts'

const row = (number: number): ServiceRow => ({
  service: `service-${String(number).padStart(3, '0')}`,
  owner: number % 2 === 0 ? 'even' : 'odd',
  protocol: 'http',
  bytesPerSecond: null,
  joinedAt: null,
  health: { state: number < 10 ? 'failing' : 'healthy', reason: null, cause: null, since: null },
  objective: { successRate: 99.5, latencyP99Ms: null },
  spark: null,
  versions: [],
  sharesSince: null,
  instances: { ready: 1, all: 1 },
  lastTrafficAt: null,
  requests: number < 5 ? 0 : 1_000,
  failures: 0,
  requestsPerSecond: 300 - number,
  successRate: 100,
  latencyMs: { p50: 1, p95: 2, p99: 3 },
})
const golden = {
  requests: 0,
  failures: 0,
  requestsPerSecond: 0,
  successRate: null,
  latencyMs: { p50: null, p95: null, p99: null },
}
const list: ServiceList = {
  range: { from: 0, to: 60_000, stepMs: 10_000 },
  data: { at: null, partial: false, reason: null },
  mesh: {
    ...golden,
    before: golden,
    spark: { from: 0, stepMs: 10_000, requestsPerSecond: [], successRate: [], failures: [], p99Ms: [] },
  },
  worst: [],
  closest: null,
  attention: 10,
  rows: Array.from({ length: 300 }, (_, number) => row(number)),
}
const whole: Omit<ServicesListInput, 'range'> = {
  filter: '',
  show: 'all',
  sort: 'status',
  order: 'asc',
  from: 0,
  count: 1_000,
}
const names = (wanted: Partial<typeof whole>) =>
  viewOf(list, { ...whole, ...wanted }).rows.map(({ service }) => service)

// However the list is cut into windows, they make the same list.
test('windows that follow one another are the whole list', () => {
  const view = { sort: 'volume', order: 'asc', filter: 'owner:odd' } as const
  const parts = [0, 50, 100].flatMap((from) => names({ ...view, from, count: 50 }))
  expect(parts).toEqual(names(view))
  expect(parts).toHaveLength(150)
  expect(parts[0]).toBe('service-299')
})

// The head counts every service, whatever is filtered.
test('counts are of all, kept of what the filter leaves', () => {
  const view = viewOf(list, { ...whole, filter: 'owner:even', show: 'attention', count: 2 })
  expect(view.counts).toEqual({ all: 300, attention: 10, unknown: 0, idle: 0, withoutCalls: 5 })
  expect(view).toMatchObject({ kept: 5, from: 0, words: [] })
  expect(view.rows).toHaveLength(2)
})

// Who had scrolled down when the filter left fewer rows sees the last ones, not none.
test('a window beyond the end is the last one', () => {
  const view = viewOf(list, { ...whole, filter: 'service-00', from: 200, count: 4 })
  expect(view).toMatchObject({ kept: 10, from: 6 })
  expect(view.rows.map(({ service }) => service)).toEqual(['service-006', 'service-007', 'service-008', 'service-009'])
})

test('a filter that keeps nothing says which of its words is to blame', () => {
  const view = viewOf(list, { ...whole, filter: 'owner:even nothing' })
  expect(view).toMatchObject({ kept: 0, rows: [], from: 0 })
  expect(view.words).toEqual([
    { word: 'owner:even', rows: 150 },
    { word: 'nothing', rows: 0 },
  ])
})

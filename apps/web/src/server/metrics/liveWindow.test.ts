import type { LiveBucket } from '@heddle/shared/wire/console'
import type { RouteRow } from '@heddle/shared/wire/metrics'
import { NO_OUTCOMES } from '@heddle/testkit/outcomes'
import { expect, test } from 'vitest'
import { LIVE_WINDOW_MS, LiveWindow } from './liveWindow.ts'
import { sumOf } from './totals.ts'

const NOW = 1_700_000_000_000
const MINUTE = 60_000

const row = (requests: number, version = 'v1'): RouteRow => ({
  side: 'outbound',
  destination: 'catalog',
  version,
  route: 'default',
  ...NO_OUTCOMES,
  requests,
  ok: requests,
  meshErrors: requests === 1 ? { timeout: 1 } : {},
  latency: { index: [40, 50], count: [requests, 1] },
})
const bucket = (at: number, ...routes: RouteRow[]): LiveBucket => ({ at, routes, edges: [], rules: [] })
const total = (window: LiveWindow) => sumOf(window.routes(0, Number.MAX_SAFE_INTEGER)).requests

// A bucket that comes again has more rows in it: they add, histograms too.
test('rows of a bucket that comes again add', () => {
  const window = new LiveWindow()
  window.setState('a', NOW, [bucket(NOW - MINUTE, row(5))])
  window.add('a', NOW, [bucket(NOW - MINUTE, row(7), row(1, 'v2'))])
  const rows = window.routes(NOW - MINUTE, NOW)
  expect(rows.map(({ version, requests, at }) => [version, requests, at])).toEqual([
    ['v1', 12, NOW - MINUTE],
    ['v2', 1, NOW - MINUTE],
  ])
  expect(rows[0]?.latency).toEqual({ index: [40, 50], count: [12, 2] })
})

// After a reconnect everything comes again: it replaces what was known, or all of it would count twice.
test('a new state replaces the old one of that control plane alone', () => {
  const window = new LiveWindow()
  window.setState('a', NOW, [bucket(NOW - MINUTE, row(5))])
  window.setState('b', NOW, [bucket(NOW - MINUTE, row(3))])
  expect(total(window)).toBe(8)
  window.setState('a', NOW, [bucket(NOW - MINUTE, row(6))])
  expect(total(window)).toBe(9)
})

// A control plane that has just started holds nothing of what others committed before: Postgres answers for that.
test('the window is relied on only from where every control plane holds everything', () => {
  const window = new LiveWindow()
  expect(window.coveredFrom()).toBe(null)
  window.setState('a', NOW, [bucket(NOW - 10 * MINUTE, row(1))])
  expect(window.coveredFrom()).toBe(NOW - 10 * MINUTE + 10_000)
  window.setState('b', NOW, [])
  expect(window.coveredFrom()).toBe(NOW + 10_000)
})

// While a stream is away its control plane may commit what nobody here sees.
test('a stream that ended leaves a floor until it comes back', () => {
  const window = new LiveWindow()
  window.setState('a', NOW, [bucket(NOW - 10 * MINUTE, row(1))])
  window.setState('b', NOW, [bucket(NOW - 10 * MINUTE, row(1))])
  window.drop('b', NOW + 5_000)
  expect(total(window)).toBe(1)
  expect(window.coveredFrom()).toBe(NOW + 10_000)
  window.setState('b', NOW + MINUTE, [bucket(NOW - 9 * MINUTE, row(1))])
  expect(window.coveredFrom()).toBe(NOW - 9 * MINUTE + 10_000)
})

test('what is older than the window goes, and rows of unknown control planes are not taken', () => {
  const window = new LiveWindow()
  window.setState('a', NOW, [bucket(NOW, row(1))])
  window.add('a', NOW + LIVE_WINDOW_MS + 20_000, [bucket(NOW + LIVE_WINDOW_MS, row(2))])
  expect(total(window)).toBe(2)
  expect(window.dataAt).toBe(NOW + LIVE_WINDOW_MS + 20_000)
  window.add('stranger', NOW, [bucket(NOW, row(1_000))])
  expect(total(window)).toBe(2)
})

// A message without rows says that there are none: an idle mesh is up to date, not broken. With two control planes the
// numbers are as old as the one that was silent for longest; when all streams end, they stay as old as they are.
test('a message without rows moves the data on', () => {
  const window = new LiveWindow()
  expect(window.dataAt).toBe(null)
  window.setState('a', NOW, [])
  expect(window.dataAt).toBe(NOW)
  window.add('a', NOW + 30_000, [bucket(NOW + 20_000, row(1))])
  window.add('a', NOW + 10 * MINUTE + 4_000, [])
  expect(window.dataAt).toBe(NOW + 10 * MINUTE)
  window.setState('b', NOW + 5 * MINUTE, [])
  expect(window.dataAt).toBe(NOW + 5 * MINUTE)
  window.drop('b', NOW + 11 * MINUTE)
  window.drop('a', NOW + 11 * MINUTE)
  expect(window.dataAt).toBe(NOW + 10 * MINUTE)
})

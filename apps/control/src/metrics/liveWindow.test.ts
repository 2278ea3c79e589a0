import type { RouteRow } from '@heddle/shared/wire/metrics'
import { expect, test } from 'vitest'
import { LiveWindow, WINDOW_MS } from './liveWindow.ts'
import { routeRow } from './testRows.ts'

const rows = (...routes: RouteRow[]) => ({ routes, edges: [], rules: [] })
const NOW = 1_700_000_000_000

// Rows of one series and bucket add up, histograms included; other series stay apart.
test('rows add up', () => {
  const live = new LiveWindow()
  live.add(NOW, rows(routeRow({ requests: 2, ok: 2, latency: { index: [3], count: [2] } })), NOW)
  live.add(NOW, rows(routeRow({ requests: 1, serverError: 1, latency: { index: [1, 3], count: [1, 4] } })), NOW)
  live.add(NOW, rows(routeRow({ route: 'other/route', requests: 9 })), NOW)
  const [bucket] = live.all(NOW)
  expect(bucket?.routes).toHaveLength(2)
  expect(bucket?.routes[0]).toMatchObject({
    requests: 3,
    ok: 2,
    serverError: 1,
    latency: { index: [1, 3], count: [1, 6] },
  })
})

// What was told once as news is not told again, but is part of everything.
test('news are told once', () => {
  const live = new LiveWindow()
  live.add(NOW, rows(routeRow({ requests: 2 })), NOW)
  expect(live.takeFresh().map(({ routes }) => routes[0]?.requests)).toEqual([2])
  live.add(NOW, rows(routeRow({ requests: 3 })), NOW)
  expect(live.takeFresh().map(({ routes }) => routes[0]?.requests)).toEqual([3])
  expect(live.takeFresh()).toEqual([])
  expect(live.all(NOW).map(({ routes }) => routes[0]?.requests)).toEqual([5])
})

// The window is 15 minutes long: what is older leaves, and what comes that late does not enter.
test('old buckets leave', () => {
  const live = new LiveWindow()
  live.add(NOW, rows(routeRow({})), NOW)
  expect(live.all(NOW + WINDOW_MS - 1)).toHaveLength(1)
  expect(live.all(NOW + WINDOW_MS)).toHaveLength(0)
  expect(live.rows).toBe(0)
  live.add(NOW, rows(routeRow({})), NOW + WINDOW_MS)
  expect(live.rows).toBe(0)
})

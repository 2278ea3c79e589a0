import type { RouteFilter } from '@heddle/db'
import type { RouteRow } from '@heddle/shared/wire/metrics'
import { NO_OUTCOMES } from '@heddle/testkit/outcomes'
import { expect, test } from 'vitest'
import type { At } from './liveWindow.ts'
import { readShownRoutes } from './queries.ts'
import { isWantedRoute, type MetricsReader } from './reader.ts'

const row = (side: RouteRow['side'], destination: string): At<RouteRow> => ({
  at: 0,
  side,
  destination,
  version: 'v1',
  route: 'default',
  ...NO_OUTCOMES,
  requests: 1,
  ok: 1,
})
const stored = [row('outbound', 'cart'), row('inbound', 'cart'), row('inbound', 'storefront')]
const range = { from: 0, to: 60_000, stepMs: 10_000 }

/** Reads those rows, and remembers what it was asked for. */
function reader() {
  const asked: RouteFilter[] = []
  const routes: MetricsReader['routes'] = async (_range, filter = {}) => {
    asked.push(filter)
    return {
      rows: stored.filter((one) => isWantedRoute(one, filter)),
      knownFrom: 0,
      data: { at: 60_000, partial: false, reason: null },
    }
  }
  const none = () => Promise.reject(new Error('not asked for'))
  const metrics: MetricsReader = { routes, edges: none, rules: none, lastCalls: none, lastHits: none, since: none }
  return { metrics, asked }
}
const sides = (rows: readonly RouteRow[]) => rows.map(({ side, destination }) => `${side} ${destination}`)

// Each call counts once: as its caller saw it, or as the server did where no caller is in the mesh.
test('the server stands in for services that nobody in the mesh called', async () => {
  const { metrics } = reader()
  for (const services of [['cart', 'storefront', 'idle'], undefined]) {
    const shown = await readShownRoutes(metrics, range, {}, {}, services)
    expect(sides(shown.rows)).toEqual(['outbound cart', 'inbound storefront'])
    expect([...shown.onServer]).toEqual(['storefront'])
  }
})

// The server's side of a service with a thousand routes is not read where nobody looks at it.
test('the server is asked only about services that nobody called', async () => {
  const { metrics, asked } = reader()
  const shown = await readShownRoutes(metrics, range, { destinations: ['cart'] })
  expect(sides(shown.rows)).toEqual(['outbound cart'])
  await readShownRoutes(metrics, range, {}, {}, ['cart', 'storefront'])
  expect(asked.map(({ side, destinations }) => [side, destinations])).toEqual([
    ['outbound', ['cart']],
    ['outbound', undefined],
    ['inbound', ['storefront']],
  ])
})

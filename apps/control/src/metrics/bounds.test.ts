import { expect, test } from 'vitest'
import { attribute } from './attribute.ts'
import { IDLE_MS, SeriesCap } from './seriesCap.ts'
import { edgeRow, payload, routeRow } from './testRows.ts'

// A proxy speaks for its own service: rows that speak for another are left out and counted.
test('forged rows are left out', () => {
  const { payload: kept, forged } = attribute(
    payload({
      routes: [
        routeRow({ side: 'outbound', destination: 'catalog' }),
        routeRow({ side: 'outbound', destination: 'invented' }),
        routeRow({ side: 'outbound', destination: 'egress' }),
        routeRow({ side: 'outbound', destination: '-' }),
        routeRow({ side: 'inbound', destination: 'web' }),
        routeRow({ side: 'inbound', destination: 'payments' }),
      ],
      edges: [
        edgeRow({ side: 'outbound', source: 'web' }),
        edgeRow({ side: 'outbound', source: 'payments' }),
        edgeRow({ side: 'inbound', source: 'anybody', destination: 'web' }),
        edgeRow({ side: 'inbound', source: 'public', destination: 'web' }),
        edgeRow({ side: 'inbound', source: 'web', destination: 'payments' }),
      ],
      rules: [
        { rule: 'own', source: 'x', verdict: 'denied', hits: 1 },
        { rule: 'deleted', source: 'x', verdict: 'denied', hits: 1 },
        { rule: 'foreign', source: 'x', verdict: 'denied', hits: 1 },
      ],
    }),
    'web',
    {
      isService: (name) => ['web', 'catalog', 'payments'].includes(name),
      ruleTarget: (rule) => ({ own: 'web', foreign: 'payments' })[rule],
    },
  )
  expect(kept.routes.map(({ side, destination }) => [side, destination])).toEqual([
    ['outbound', 'catalog'],
    ['outbound', 'other'],
    ['outbound', 'egress'],
    ['outbound', '-'],
    ['inbound', 'web'],
  ])
  expect(kept.edges.map(({ source, destination }) => [source, destination])).toEqual([
    ['web', 'catalog'],
    ['other', 'web'],
    ['public', 'web'],
  ])
  expect(kept.rules.map(({ rule }) => rule)).toEqual(['own', 'deleted'])
  expect(forged).toBe(4)
})

// Text that Postgres cannot store would keep everybody's rows from being written.
test('labels are made storable', () => {
  const { payload: kept } = attribute(
    payload({ routes: [routeRow({ route: 'a\0b\ud800', destination: '\0', meshErrors: { x: 1, y: 2, timeout: 3 } })] }),
    'web',
    { isService: () => false, ruleTarget: () => undefined },
  )
  expect(kept.routes[0]).toMatchObject({ route: 'ab\ufffd', destination: '-', meshErrors: { other: 3, timeout: 3 } })
})

// However many destinations and rules are invented, series stay bounded.
test('destinations and rules are folded too', () => {
  const cap = new SeriesCap(2)
  const routes = Array.from({ length: 50 }, (_, n) => routeRow({ destination: `d-${n}` }))
  const rules = Array.from({ length: 50 }, (_, n) => ({
    rule: `r-${n}`,
    source: 's',
    verdict: 'denied' as const,
    hits: 1,
  }))
  const folded = cap.fold(payload({ routes, rules }), 0)
  expect(new Set(folded.routes.map(({ destination }) => destination))).toEqual(
    new Set(['d-0', 'd-1', 'd-2', 'd-3', 'other']),
  )
  expect(new Set(folded.rules.map(({ rule }) => rule))).toEqual(new Set(['other']))
  expect(cap.size).toBe(4)
})

// Beyond the cap sums stay right and labels get coarser; series that fell idle make room.
test('series beyond the cap are folded and counted', () => {
  const cap = new SeriesCap(2)
  const report = (route: string, at: number) =>
    cap.fold(payload({ routes: [routeRow({ route, requests: 1 })] }), at).routes[0]?.route
  expect(['a', 'b', 'c', 'a'].map((route) => report(route, 0))).toEqual(['a', 'b', 'other', 'a'])
  expect([cap.size, cap.folded]).toEqual([3, 1])
  report('b', 1_000)
  cap.forgetIdle(IDLE_MS)
  expect(cap.size).toBe(1)
  expect(report('c', IDLE_MS)).toBe('c')
})

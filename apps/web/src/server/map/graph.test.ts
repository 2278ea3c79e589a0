import type { EdgeRow } from '@heddle/shared/wire/metrics'
import { expect, test } from 'vitest'
import { outcomes } from '../../../test/metricsFixture.ts'
import { HEALTHY } from '../services/health.ts'
import { graphOf, type MapService, MOST_EDGES, MOST_NODES } from './graph.ts'

const service = (name: string, owner: string | null = null): MapService => ({
  name,
  owner,
  isTcp: false,
  health: HEALTHY,
  objective: { successRate: 99.5, latencyP99Ms: null },
})
const row = (
  source: string,
  destination: string,
  given: Parameters<typeof outcomes>[0] = { requests: 10, ok: 10 },
): EdgeRow => ({
  side: source === 'public' ? 'inbound' : 'outbound',
  source,
  destination,
  ...outcomes(given),
})
const graph = (services: MapService[], rows: EdgeRow[], more: { focus?: string; expanded?: string[] } = {}) =>
  graphOf({ services, rows, recent: rows, spanMsOf: () => 10_000, expanded: [], ...more })

/** 1,000 services of 10 owners, each calling the next and one far away. */
const many = Array.from({ length: 1_000 }, (_, i) => service(`s${i}`, `owner${i % 10}`))
const manyRows = many.flatMap((_, i) => [row(`s${i}`, `s${(i + 1) % 1_000}`), row(`s${i}`, `s${(i * 7 + 3) % 1_000}`)])

// Only what leaves or enters the mesh is without mutual TLS, and only that is marked so.
test('edges of a small mesh', () => {
  const { nodes, edges, quiet } = graph(
    [service('front'), service('cart'), service('idle')],
    [row('public', 'front'), row('front', 'cart'), row('cart', 'egress')],
  )
  expect(nodes.map(({ id, kind }) => [id, kind])).toEqual([
    ['cart', 'service'],
    ['egress', 'egress'],
    ['front', 'service'],
    ['public', 'public'],
  ])
  expect(edges.find(({ source }) => source === 'front')?.isMutualTls).toBe(true)
  expect(
    edges
      .filter(({ isMutualTls }) => !isMutualTls)
      .map(({ source }) => source)
      .sort(),
  ).toEqual(['cart', 'public'])
  expect(quiet).toEqual({ count: 1, names: ['idle'] })
})

// What a service of TCP was sent is told in bytes; where requests are among the calls, neither word would be true.
test('connections on the map', () => {
  const cache = { ...service('cache', 'shop'), isTcp: true }
  const carried = { requests: 2, ok: 2, bytesIn: 500, bytesOut: 2_000 }
  const rows = [row('front', 'cache', carried), row('front', 'cart', carried)]
  const { nodes, edges } = graph([service('front'), service('cart', 'shop'), cache], rows)
  const bytesOf = (id: string) => edges.find(({ target }) => target === id)?.bytesPerSecond
  expect(bytesOf('cache')).toEqual({ to: 50, from: 200 })
  expect(bytesOf('cart')).toBe(null)
  expect(nodes.find(({ id }) => id === 'cache')?.bytesPerSecond).toEqual({ to: 50, from: 200 })
  const crowd = Array.from({ length: MOST_NODES }, (_, i) => service(`s${i}`, 'crowd'))
  const folded = graph([service('front', 'web'), service('cart', 'shop'), cache, ...crowd], rows)
  expect(folded.edges.map(({ bytesPerSecond }) => bytesPerSecond)).toEqual([null])
})

// A thousand services are a picture of their owners; an expanded owner shows its services, within bounds.
test('a large mesh is folded into owners', () => {
  const folded = graph(many, manyRows)
  expect(folded.isGrouped).toBe(true)
  expect(folded.nodes).toHaveLength(10)
  expect(folded.nodes.every(({ kind, services }) => kind === 'group' && services === 100)).toBe(true)
  const all = many.map(({ owner }) => owner ?? '')
  const open = graph(many, manyRows, { expanded: [...new Set(all)] })
  expect(open.nodes.length).toBeLessThanOrEqual(MOST_NODES + 10)
  expect(open.edges.length).toBeLessThanOrEqual(MOST_EDGES)
  expect(open.all.edges).toBe(folded.all.edges)
})

// A neighbourhood in a large mesh is the service with its callers and callees, one by one.
test('focus in a large mesh', () => {
  const { nodes, edges } = graph(many, manyRows, { focus: 's5' })
  expect(nodes.every(({ kind }) => kind === 'service')).toBe(true)
  expect(edges.every(({ source, target }) => source === 's5' || target === 's5')).toBe(true)
})

// An edge in trouble is counted once and comes first, also inside a folded one.
test('trouble shows through', () => {
  const rows = [...manyRows, row('s0', 's11', { requests: 1_000, ok: 500, serverError: 500 })]
  const { edges, all } = graph(many, rows)
  expect(all.troubled).toBe(1)
  expect(edges[0]).toMatchObject({ source: 'owner:owner0', target: 'owner:owner1', health: { state: 'failing' } })
})

import { expect, test } from 'vitest'
import { createTestDatabase } from '../testing.ts'
import { commitDeltas } from './commit.ts'
import { readEdges, readRoutes, readRules } from './read.ts'
import { delta, edgeRow, hour, outcomes, range, routeRow } from './sampleDeltas.ts'

// Filters and steps: what a page asks for is what it gets.
test('filters and steps', async () => {
  await using database = await createTestDatabase()
  const { db } = database
  const at = (minutes: number) => ({ receivedAt: hour + minutes * 60_000 + 7_000 })
  await commitDeltas(db, 'c', [
    delta(
      1,
      {
        routes: [routeRow(outcomes(1)), routeRow(outcomes(2), 'cart')],
        edges: [edgeRow(outcomes(1)), edgeRow(outcomes(4), 'checkout')],
      },
      at(0),
    ),
    delta(2, { routes: [routeRow(outcomes(8))] }, at(6)),
  ])
  expect(await readRoutes(db, { ...range, stepMs: 300_000, destinations: ['catalog'] })).toMatchObject([
    { at: hour, requests: 1 },
    { at: hour + 300_000, requests: 8 },
  ])
  expect(await readRoutes(db, { ...range, side: 'inbound' })).toEqual([])
  expect(await readRoutes(db, { ...range, routes: ['other'] })).toEqual([])
  expect(await readEdges(db, { ...range, service: 'checkout' })).toMatchObject([{ source: 'checkout', requests: 4 }])
  expect(await readEdges(db, { ...range, sources: ['storefront'], destinations: ['catalog'] })).toMatchObject([
    { requests: 1 },
  ])
})

// Less detail is the same calls in fewer rows; without latencies, the same counts.
test('rows of many in one, and counts alone', async () => {
  await using database = await createTestDatabase()
  const { db } = database
  const out = { ...edgeRow(outcomes(16)), destination: 'egress' }
  await commitDeltas(db, 'c', [
    delta(1, {
      routes: [
        routeRow(outcomes(1, [5])),
        { ...routeRow(outcomes(2, [7], { meshErrors: { timeout: 1 } })), route: 'catalog/search' },
        routeRow(outcomes(4, [9]), 'catalog', 'v2'),
      ],
      edges: [edgeRow(outcomes(1, [5])), edgeRow(outcomes(2, [7]), 'checkout'), out],
    }),
  ])
  const routes = await readRoutes(db, { ...range, destinations: ['catalog'], by: 'version', counts: true })
  expect(routes).toMatchObject([
    { version: 'v1', route: '*', requests: 3, meshErrors: { timeout: 1 }, latency: { index: [], count: [] } },
    { version: 'v2', route: '*', requests: 4, meshErrors: {}, latency: { index: [], count: [] } },
  ])
  const mesh = await readEdges(db, { ...range, by: 'mesh', inside: true })
  expect(mesh).toMatchObject([{ source: '*', destination: '*', requests: 3 }])
  expect(mesh[0]?.latency).toEqual(outcomes(2, [5, 7]).latency)
  expect(await readEdges(db, { ...range, by: 'mesh' })).toMatchObject([{ requests: 19 }])

  await commitDeltas(db, 'c', [delta(2, { edges: [edgeRow(outcomes(5, [], { ok: 2, denied: 3 }), 'returns')] })])
  expect(await readEdges(db, { ...range, denied: true })).toMatchObject([{ source: 'returns', denied: 3 }])
})

// A rule's first hits count, also those in the bucket in which it was made; what its name was hit with before does not.
test('hits of a rule since its making', async () => {
  await using database = await createTestDatabase()
  const { db } = database
  const hit = (hits: number) => ({
    rules: [{ rule: 'young', source: 'web', verdict: 'denied' as const, hits }],
  })
  const at = (minutes: number) => ({ receivedAt: hour + minutes * 60_000 + 7_000 })
  await commitDeltas(db, 'c', [delta(1, hit(1), at(0)), delta(2, hit(2), at(1)), delta(3, hit(4), at(2))])
  const hits = async (stepMs: number, sinceMs: number) =>
    (await readRules(db, { ...range, stepMs, since: [['young', hour + sinceMs]] })).reduce(
      (sum, row) => sum + row.hits,
      0,
    )
  expect(await hits(60_000, 90_000)).toBe(6)
  expect(await hits(60_000, 120_000)).toBe(4)
  expect(await hits(10_000, 90_000)).toBe(4)
  expect(await hits(3_600_000, 90_000)).toBe(7)
  expect(await hits(60_000, -90_000)).toBe(7)
})

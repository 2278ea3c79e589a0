import { expect, test } from 'vitest'
import { createTestDatabase } from '../testing.ts'
import { commitDeltas } from './commit.ts'
import { readEdges, readRoutes } from './read.ts'
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

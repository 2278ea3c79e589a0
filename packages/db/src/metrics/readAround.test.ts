import { expect, test } from 'vitest'
import { createTestDatabase } from '../testing.ts'
import { commitDeltas } from './commit.ts'
import { readAround } from './readAround.ts'
import { delta, edgeRow, hour, outcomes } from './sampleDeltas.ts'

const MINUTE_MS = 60_000

// Each window gets the minutes that begin in it, calls of the mesh as their callers saw them and those from outside as
// the service saw them, each once.
test('minutes of windows', async () => {
  await using database = await createTestDatabase()
  const { db } = database
  const at = (minutes: number) => ({ receivedAt: hour + minutes * MINUTE_MS + 7_000 })
  const inbound = (source: string, requests: number) => ({
    ...edgeRow(outcomes(requests), source),
    side: 'inbound' as const,
  })
  await commitDeltas(db, 'c', [
    delta(1, { edges: [edgeRow(outcomes(10, [], { serverError: 2, meshErrors: { timeout: 1 } }))] }, at(1)),
    delta(2, { edges: [edgeRow(outcomes(5, [], { meshErrors: { timeout: 2 } }), 'cart')] }, at(1)),
    delta(3, { edges: [inbound('public', 4), inbound('storefront', 10)] }, at(2)),
    delta(4, { edges: [edgeRow(outcomes(7))] }, at(3)),
  ])
  const windows = [
    { service: 'catalog', from: hour + MINUTE_MS, to: hour + 3 * MINUTE_MS },
    { service: 'nobody', from: hour, to: hour + 60 * MINUTE_MS },
    { service: 'catalog', from: hour + 3 * MINUTE_MS, to: hour + 4 * MINUTE_MS },
  ]
  expect(await readAround(db, { windows, outside: 'public' })).toEqual([
    { window: 0, at: hour + MINUTE_MS, requests: 15, cancelled: 0, serverError: 2, meshErrors: { timeout: 3 } },
    { window: 0, at: hour + 2 * MINUTE_MS, requests: 4, cancelled: 0, serverError: 0, meshErrors: {} },
    { window: 2, at: hour + 3 * MINUTE_MS, requests: 7, cancelled: 0, serverError: 0, meshErrors: {} },
  ])
  expect(await readAround(db, { windows: [], outside: 'public' })).toEqual([])
})

import { mergeHistograms } from '@heddle/shared'
import type { MetricsPayload } from '@heddle/shared/wire/metrics'
import { expect, test } from 'vitest'
import { createTestDatabase } from '../testing.ts'
import { commitDeltas } from './commit.ts'
import { readEdges, readRoutes, readRules } from './read.ts'
import { delta, edgeRow, HOUR_MS, hour, outcomes, range, routeRow } from './sampleDeltas.ts'

// However often a delta is delivered, to one control plane or to several at once, it counts exactly once in each table.
test('deltas count exactly once under redelivery', async () => {
  await using database = await createTestDatabase()
  const { db } = database
  const payload = {
    routes: [routeRow(outcomes(10))],
    edges: [edgeRow(outcomes(10))],
    rules: [{ rule: 'r', source: 's', verdict: 'denied', hits: 2 }],
  } satisfies Partial<MetricsPayload>
  const deltas = [1, 2, 3].map((sequence) => delta(sequence, payload))
  const first = await commitDeltas(db, 'control-1', deltas.slice(0, 2))
  expect(first.map((result) => [result.isNew, result.at])).toEqual([
    [true, hour],
    [true, hour],
  ])
  const again = await Promise.all(
    ['control-1', 'control-2', 'control-2'].map((control) => commitDeltas(db, control, deltas)),
  )
  expect(again.flat().filter((result) => result.isNew)).toHaveLength(1)
  for (const stepMs of [10_000, 60_000, HOUR_MS]) {
    expect(await readRoutes(db, { ...range, stepMs })).toMatchObject([{ at: hour, requests: 30 }])
    expect(await readEdges(db, { ...range, stepMs })).toMatchObject([{ at: hour, requests: 30 }])
    expect(await readRules(db, { ...range, stepMs })).toMatchObject([{ at: hour, hits: 6 }])
  }
})

// A crash between the rows and the cursor leaves neither: what was not acknowledged is sent again and counts once.
test('rows and cursor are one transaction', async () => {
  await using database = await createTestDatabase()
  const { db } = database
  const good = delta(1, { routes: [routeRow(outcomes(10))] })
  const broken = delta(2, { edges: [edgeRow({ ...outcomes(1), latency: { index: [1], count: [1.5] } })] })
  await expect(commitDeltas(db, 'control-1', [good, broken])).rejects.toThrow()
  expect(await readRoutes(db, range)).toEqual([])
  expect((await commitDeltas(db, 'control-1', [good]))[0]?.isNew).toBe(true)
  expect(await readRoutes(db, range)).toMatchObject([{ requests: 10 }])
})

// A restarted proxy begins at sequence 1 again, under a new boot id; a report that was held back for long counts where
// its time was.
test('a restart and a late report', async () => {
  await using database = await createTestDatabase()
  const { db } = database
  await commitDeltas(db, 'c', [delta(7, { routes: [routeRow(outcomes(1))] }, { receivedAt: hour + 30 * 60_000 })])
  const late = await commitDeltas(db, 'c', [
    delta(
      1,
      { routes: [routeRow(outcomes(2))] },
      { bootId: 'next', receivedAt: hour + 30 * 60_000, ageMs: 14 * 60_000 },
    ),
  ])
  expect(late).toMatchObject([{ isNew: true, at: hour + 15 * 60_000 + 50_000 }])
  const perMinute = await readRoutes(db, { ...range, stepMs: 60_000 })
  expect(perMinute.map((row) => [row.at - hour, row.requests])).toEqual([
    [15 * 60_000, 2],
    [29 * 60_000, 1],
  ])
})

// A proxy that invents boot ids replaces its own cursors, and nobody else's.
test('cursors of an instance are bounded', async () => {
  await using database = await createTestDatabase()
  const { db } = database
  await commitDeltas(db, 'c', [delta(1, {}, { instance: 'other' })])
  for (let n = 0; n < 20; n++) await commitDeltas(db, 'c', [delta(1, {}, { bootId: `boot-${n}` })])
  const { rows } = await db.pool.query('SELECT instance, count(*)::int AS n FROM metrics.cursor GROUP BY 1 ORDER BY 1')
  expect(rows).toEqual([
    { instance: 'other', n: 1 },
    { instance: 'storefront-v1-1-abcd', n: 16 },
  ])
  expect(await commitDeltas(db, 'c', [delta(1, {}, { bootId: 'boot-19' })])).toMatchObject([{ isNew: false }])
})

// Merging is adding: over proxies, control planes, versions and time; percentiles of the sum are those of all requests.
test('merging adds every counter and the histograms', async () => {
  await using database = await createTestDatabase()
  const { db } = database
  const full = (n: number) =>
    outcomes(
      10 * n,
      Array.from({ length: 10 * n }, (_, i) => i + 1),
      {
        ok: n,
        clientError: n,
        serverError: n,
        meshErrors: { timeout: n, [n === 1 ? 'loop' : 'no_endpoint']: 1 },
        denied: n,
        limited: n,
        cancelled: n,
        recovered: n,
        retriesMade: n,
        retriesSkipped: { deadline: n },
        bytesIn: n,
        bytesOut: n,
      },
    )
  await commitDeltas(db, 'control-1', [
    delta(1, { routes: [routeRow(full(1)), routeRow(outcomes(5), 'catalog', 'v2')] }),
  ])
  await commitDeltas(db, 'control-1', [delta(2, { routes: [routeRow(full(2))] })])
  await commitDeltas(db, 'control-2', [delta(1, { routes: [routeRow(full(3))] }, { instance: 'other' })])
  const [v1, v2] = await readRoutes(db, { ...range, stepMs: 10_000 })
  expect(v2).toMatchObject({ version: 'v2', requests: 5, latency: { index: [], count: [] } })
  expect(v1).toMatchObject({
    requests: 60,
    ok: 6,
    clientError: 6,
    serverError: 6,
    meshErrors: { timeout: 6, loop: 1, no_endpoint: 2 },
    denied: 6,
    limited: 6,
    cancelled: 6,
    recovered: 6,
    retriesMade: 6,
    retriesSkipped: { deadline: 6 },
    bytesIn: 6,
    bytesOut: 6,
  })
  const all = mergeHistograms([1, 2, 3].map((n) => full(n).latency))
  for (const q of [0.5, 0.95, 0.99]) expect(v1 && mergeHistograms([v1.latency]).quantile(q)).toBe(all.quantile(q))
  expect(v1?.latency).toEqual(all.toSparse())
})

// Many rows of one delta with the same key, which Postgres would refuse to touch twice in one statement, are one row.
test('equal keys within a batch are merged before they are written', async () => {
  await using database = await createTestDatabase()
  const { db } = database
  await commitDeltas(db, 'c', [delta(1, { routes: [routeRow(outcomes(1, [5])), routeRow(outcomes(2, [5, 50]))] })])
  expect(await readRoutes(db, range)).toMatchObject([{ requests: 3 }])
})

// One bucket for everything is put together from hours, minutes and seconds: without gap or overlap, exact to 10 s
// Partitions are made ahead of time, once, however many control planes make them; and dropped after their time, with

import { Histogram, mergeHistograms } from '@heddle/shared'
import type { EdgeRow, MetricsPayload, Outcomes, RouteRow } from '@heddle/shared/wire/metrics'
import { expect, test } from 'vitest'
import { createTestDatabase } from '../testing.ts'
import { commitDeltas, type MetricsDelta } from './commit.ts'
import { addPatterns, OTHER_PATTERN_PATH } from './insert.ts'
import { inTransaction } from './inTransaction.ts'
import { addHistograms } from './merge.ts'
import { dropExpiredPartitions, ensurePartitions } from './partitions.ts'
import { piecesOf } from './pieces.ts'
import { readEdges, readRoutes, readRules } from './read.ts'
import { readPatterns } from './readPatterns.ts'

/** The start of the present hour: everything that a test sends lies in one bucket of each table. */
const HOUR_MS = 3_600_000
const hour = Math.floor(Date.now() / HOUR_MS) * HOUR_MS
const range = { from: hour, to: hour + HOUR_MS, stepMs: null }

function outcomes(requests: number, latenciesMs: number[] = [], extra: Partial<Outcomes> = {}): Outcomes {
  const histogram = new Histogram()
  for (const ms of latenciesMs) histogram.record(ms)
  return {
    requests,
    ok: requests,
    clientError: 0,
    serverError: 0,
    meshErrors: {},
    denied: 0,
    limited: 0,
    cancelled: 0,
    recovered: 0,
    retriesMade: 0,
    retriesSkipped: {},
    bytesIn: 0,
    bytesOut: 0,
    latency: histogram.toSparse(),
    ...extra,
  }
}
const routeRow = (counts: Outcomes, destination = 'catalog', version = 'v1'): RouteRow => ({
  side: 'outbound',
  destination,
  version,
  route: 'catalog/products',
  ...counts,
})
const edgeRow = (counts: Outcomes, source = 'storefront'): EdgeRow => ({
  side: 'outbound',
  source,
  destination: 'catalog',
  ...counts,
})

function delta(
  sequence: number,
  payload: Partial<MetricsPayload>,
  extra: Partial<MetricsDelta> & { bootId?: string } = {},
): MetricsDelta {
  const { bootId = 'boot', ...rest } = extra
  return {
    instance: 'storefront-v1-1-abcd',
    service: 'storefront',
    receivedAt: hour + 7_000,
    ageMs: 0,
    payload: {
      bootId,
      sequence,
      intervalMs: 5_000,
      routes: [],
      edges: [],
      rules: [],
      patterns: [],
      droppedReports: 0,
      ...payload,
    },
    ...rest,
  }
}

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
  expect(addHistograms({ index: [3, 9], count: [1, 2] }, { index: [2, 9], count: [4, 8] })).toEqual({
    index: [2, 3, 9],
    count: [4, 1, 10],
  })
})

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

// The coarsest table that fits the step is read, and a coarser one where the finer has forgotten the time.
test('the table follows the step and what is kept', () => {
  const now = hour
  const of = (agoMs: number, stepMs: number) => {
    const answer = piecesOf({ from: now - agoMs, to: now, stepMs }, now)
    return [answer.pieces.map((piece) => piece.resolution), answer.stepMs]
  }
  expect(of(HOUR_MS, 10_000)).toEqual([[10_000], 10_000])
  expect(of(HOUR_MS, 30_000)).toEqual([[10_000], 30_000])
  expect(of(HOUR_MS, 60_000)).toEqual([[60_000], 60_000])
  expect(of(HOUR_MS, 2 * HOUR_MS)).toEqual([[HOUR_MS], 2 * HOUR_MS])
  expect(of(7 * HOUR_MS, 10_000)).toEqual([[60_000], 60_000])
  expect(of(20 * 24 * HOUR_MS, 60_000)).toEqual([[HOUR_MS], HOUR_MS])
})

// One bucket for everything is put together from hours, minutes and seconds: without gap or overlap, exact to 10 s
// where that is still kept, and from few rows.
test('a whole range is exact and made of few buckets', () => {
  const now = hour + 34 * 60_000 + 20_000
  for (const [from, to] of [
    [now - 60_000, now],
    [now - 13_000, now],
    [now - 5.9 * HOUR_MS, now],
    [now - 3 * HOUR_MS + 7, now - 7],
    [now - 30 * 24 * HOUR_MS, now],
    [now - 2 * 24 * HOUR_MS, now - 24 * HOUR_MS],
  ] as const) {
    const { pieces } = piecesOf({ from, to, stepMs: null }, now)
    const ordered = [...pieces].sort((a, b) => a.from - b.from)
    for (const [i, piece] of ordered.entries()) if (i > 0) expect(piece.from).toBe(ordered[i - 1]?.to)
    const [first, last] = [ordered[0], ordered.at(-1)]
    const allowed = now - from < 6 * HOUR_MS ? 10_000 : now - from < 14 * 24 * HOUR_MS ? 60_000 : HOUR_MS
    expect(from - (first?.from ?? 0)).toBeGreaterThanOrEqual(0)
    expect(from - (first?.from ?? 0)).toBeLessThan(allowed)
    expect((last?.to ?? 0) - to).toBeGreaterThanOrEqual(0)
    expect((last?.to ?? 0) - to).toBeLessThan(allowed)
    const buckets = pieces.reduce((sum, piece) => sum + (piece.to - piece.from) / piece.resolution, 0)
    expect(buckets).toBeLessThan(10 + 118 + (to - from) / HOUR_MS)
  }
})

// Patterns are bounded per service and hour: the most called stay, and the calls of the rest are not lost.
test('call patterns are bounded and their sum stays', async () => {
  await using database = await createTestDatabase()
  const { db } = database
  const pattern = (path: string, calls: number) => ({
    source: 'storefront',
    method: 'GET',
    path,
    route: 'default',
    calls,
  })
  await commitDeltas(db, 'c', [delta(1, { patterns: [pattern('/a/*', 3), pattern('/b', 9), pattern('/a/*', 4)] })])
  const read = () => readPatterns(db, { service: 'storefront', from: hour, to: hour + HOUR_MS })
  expect(await read()).toEqual([pattern('/b', 9), pattern('/a/*', 7)])
  const many = Array.from({ length: 1_200 }, (_, i) => pattern(`/p${i}`, 1 + (i % 2)))
  await commitDeltas(db, 'c', [delta(2, { patterns: many })])
  const rows = await read()
  expect(rows).toHaveLength(501)
  expect(rows[0]).toEqual(pattern('/b', 9))
  expect(rows.at(-1)).toMatchObject({ path: OTHER_PATTERN_PATH, source: '*' })
  expect(rows.reduce((sum, row) => sum + row.calls, 0)).toBe(16 + 1_800)
  const stored = await db.pool.query('SELECT 1 FROM metrics.pattern_1h')
  expect(stored.rowCount).toBe(501)
  await inTransaction(db.pool, (client) => addPatterns(client, 'c', []))
})

// Partitions are made ahead of time, once, however many control planes make them; and dropped after their time, with
// what was in them and nothing else.
test('partitions come and go', async () => {
  await using database = await createTestDatabase()
  const { db } = database
  await Promise.all([1, 2, 3].map(() => ensurePartitions(db, hour)))
  await commitDeltas(db, 'c', [delta(1, { routes: [routeRow(outcomes(1))] })])
  expect(await dropExpiredPartitions(db, hour)).toEqual([])
  const later = hour + 8 * HOUR_MS
  await ensurePartitions(db, later)
  const dropped = await dropExpiredPartitions(db, later)
  expect(dropped.filter((name) => name.startsWith('route_10s_')).length).toBeGreaterThan(0)
  expect(dropped.every((name) => name.includes('_10s_'))).toBe(true)
  const requestsOf = async (table: string) => (await db.pool.query(`SELECT requests FROM metrics.${table}`)).rows.length
  expect([await requestsOf('route_10s'), await requestsOf('route_1m'), await requestsOf('route_1h')]).toEqual([0, 1, 1])
  const muchLater = hour + 500 * 24 * HOUR_MS
  await dropExpiredPartitions(db, muchLater)
  expect([await requestsOf('route_1m'), await requestsOf('route_1h')]).toEqual([0, 0])
})

// Nobody has to have made partitions first: a delta for a time without one makes them.
test('a missing partition is made by the commit that needs it', async () => {
  await using database = await createTestDatabase()
  const { db } = database
  expect(await commitDeltas(db, 'c', [delta(1, { routes: [routeRow(outcomes(1))] })])).toMatchObject([{ isNew: true }])
  expect(await readRoutes(db, range)).toMatchObject([{ requests: 1 }])
})

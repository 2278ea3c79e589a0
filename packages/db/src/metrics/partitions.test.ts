import { expect, test } from 'vitest'
import { createTestDatabase } from '../testing.ts'
import { commitDeltas } from './commit.ts'
import { dropExpiredPartitions, ensurePartitions } from './partitions.ts'
import { readRoutes } from './read.ts'
import { delta, HOUR_MS, hour, outcomes, range, routeRow } from './sampleDeltas.ts'

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

// Five minutes of every service are found without reading the day that they lie in, also in a partition made later.
test('rows are found by their time alone', async () => {
  await using database = await createTestDatabase()
  const { db } = database
  await ensurePartitions(db, hour + 40 * 24 * HOUR_MS)
  const { rows } = await db.pool.query<{ table: string; hasTimes: boolean }>(
    `SELECT tablename AS table, bool_or(indexdef LIKE '%USING brin (at)%') AS "hasTimes" FROM pg_indexes
     WHERE schemaname = 'metrics' AND tablename ~ '^(route|edge)_' GROUP BY 1`,
  )
  expect(rows.length).toBeGreaterThan(12)
  expect(rows.filter(({ hasTimes }) => !hasTimes)).toEqual([])
})

import { expect, test } from 'vitest'
import { createTestDatabase } from '../testing.ts'
import { commitDeltas } from './commit.ts'
import { addPatterns, OTHER_PATTERN_PATH } from './insert.ts'
import { inTransaction } from './inTransaction.ts'
import { ensurePartitions } from './partitions.ts'
import { readPatterns } from './readPatterns.ts'
import { delta, HOUR_MS, hour } from './sampleDeltas.ts'

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
  const inOneHour = (path: string, calls: number) => ({ ...pattern(path, calls), hours: [{ at: hour, calls }] })
  await commitDeltas(db, 'c', [delta(1, { patterns: [pattern('/a/*', 3), pattern('/b', 9), pattern('/a/*', 4)] })])
  const read = () => readPatterns(db, { service: 'storefront', from: hour, to: hour + HOUR_MS })
  expect(await read()).toEqual([inOneHour('/b', 9), inOneHour('/a/*', 7)])
  const many = Array.from({ length: 1_200 }, (_, i) => pattern(`/p${i}`, 1 + (i % 2)))
  await commitDeltas(db, 'c', [delta(2, { patterns: many })])
  const rows = await read()
  expect(rows).toHaveLength(501)
  expect(rows[0]).toEqual(inOneHour('/b', 9))
  expect(rows.at(-1)).toMatchObject({ path: OTHER_PATTERN_PATH, source: '*' })
  expect(rows.reduce((sum, row) => sum + row.calls, 0)).toBe(16 + 1_800)
  const stored = await db.pool.query('SELECT 1 FROM metrics.pattern_1h')
  expect(stored.rowCount).toBe(501)
  await inTransaction(db.pool, (client) => addPatterns(client, 'c', []))
})

// Hours stay apart, so that it can be shown when a caller called; what a proxy folded keeps its caller.
test('patterns keep their hours, and folded ones their caller', async () => {
  await using database = await createTestDatabase()
  const { db } = database
  const row = { source: 'cart', method: 'GET', path: '/a', route: 'default', calls: 2 }
  const folded = { ...row, method: 'other', path: OTHER_PATTERN_PATH, calls: 1 }
  await ensurePartitions(db, hour - HOUR_MS)
  await inTransaction(db.pool, (client) =>
    addPatterns(client, 'c', [
      { at: hour - HOUR_MS, row: { service: 'catalog', ...row } },
      { at: hour, row: { service: 'catalog', ...row, calls: 3 } },
      { at: hour, row: { service: 'catalog', ...folded } },
    ]),
  )
  const rows = await readPatterns(db, { service: 'catalog', from: hour - HOUR_MS, to: hour + HOUR_MS })
  expect(rows).toEqual([
    {
      ...row,
      calls: 5,
      hours: [
        { at: hour - HOUR_MS, calls: 2 },
        { at: hour, calls: 3 },
      ],
    },
    { ...folded, hours: [{ at: hour, calls: 1 }] },
  ])
})

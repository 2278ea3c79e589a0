import { expect, test } from 'vitest'
import { createTestDatabase } from '../testing.ts'
import { newEpoch } from './newEpoch.ts'

// After a restore proxies accept lower revisions, since the epoch only grows.
test('a new epoch is higher, whatever the clock says', async () => {
  await using database = await createTestDatabase()
  const { db } = database
  await db.pool.query('UPDATE mesh SET epoch = 99999999999999')
  expect(await newEpoch(db, { actor: 'ada' })).toBe(100000000000000)
})

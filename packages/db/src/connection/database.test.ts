import { expect, test } from 'vitest'
import { createTestDatabase } from '../testing.ts'
import { openDatabase } from './database.ts'

// Every connection has the settings, not only the first.
test('settings hold on every connection', async () => {
  await using database = await createTestDatabase()
  await using db = await openDatabase({ url: database.url, applicationName: 'test', settings: { work_mem: '7MB' } })
  const shown = await Promise.all(
    [1, 2, 3].map(
      async () => (await db.pool.query("SELECT current_setting('work_mem') AS value, pg_sleep(0.05)")).rows[0],
    ),
  )
  expect(db.pool.totalCount).toBe(3)
  expect(shown.map(({ value }) => value)).toEqual(['7MB', '7MB', '7MB'])
})

import { expect, test } from 'vitest'
import { ensureService } from '../changes/ensureService.ts'
import { createTestDatabase } from '../testing.ts'
import { metricsBeginning } from './beginning.ts'
import { commitDeltas } from './commit.ts'
import { ensurePartitions } from './partitions.ts'
import { delta, edgeRow, HOUR_MS, hour, outcomes } from './sampleDeltas.ts'

const DAY_MS = 24 * HOUR_MS

// As exact as it is kept: to 10 s for hours, to the minute for days, to the hour for months. Nothing has no beginning.
test('metrics begin with the first call', async () => {
  await using database = await createTestDatabase()
  const { db } = database
  expect(await metricsBeginning(db, hour)).toBeNull()
  await db.transaction((tx) => ensureService(tx, { service: 'catalog', version: 'v1', actor: 'test' }))
  await ensurePartitions(db, hour + HOUR_MS, hour)
  for (const minutes of [20, 7, 31])
    await commitDeltas(db, 'c', [
      delta(
        minutes,
        { edges: [edgeRow(outcomes(1))] },
        { receivedAt: hour + minutes * 60_000 + 15_000, bootId: `${minutes}` },
      ),
    ])
  const first = hour + 7 * 60_000
  expect(await metricsBeginning(db, hour + HOUR_MS)).toBe(first + 10_000)
  expect(await metricsBeginning(db, hour + 2 * DAY_MS)).toBe(first)
  expect(await metricsBeginning(db, hour + 20 * DAY_MS)).toBe(hour)
})

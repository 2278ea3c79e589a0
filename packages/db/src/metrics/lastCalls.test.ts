import { expect, test } from 'vitest'
import { createTestDatabase } from '../testing.ts'
import { commitDeltas } from './commit.ts'
import { readLastCalls } from './lastCalls.ts'
import { readEdges } from './read.ts'
import { delta, edgeRow, hour, outcomes, range } from './sampleDeltas.ts'

const minute = (minutes: number) => ({ receivedAt: hour + minutes * 60_000 + 7_000 })

// An idle service says since when it is idle: the newest call counts, whoever made it, and no call before the limit.
test('the last call of each service, and callers together', async () => {
  await using database = await createTestDatabase()
  const { db } = database
  await commitDeltas(db, 'c', [
    delta(1, { edges: [edgeRow(outcomes(1)), edgeRow(outcomes(4), 'checkout')] }, minute(0)),
    delta(2, { edges: [edgeRow(outcomes(2), 'checkout')] }, minute(6)),
  ])
  const [first] = await readEdges(db, { ...range, sources: ['checkout'] })
  const destination = first?.destination ?? ''
  const last = (from: number) => readLastCalls(db, { resolution: 60_000, from, destinations: [destination, 'nobody'] })
  expect(await last(hour)).toEqual(new Map([[destination, hour + 6 * 60_000]]))
  expect(await last(hour + 7 * 60_000)).toEqual(new Map())

  // Where nobody asks who called, the callers of a destination are one row, and none of their calls is lost.
  const together = await readEdges(db, { ...range, stepMs: 3_600_000, by: 'destination' })
  const apart = await readEdges(db, { ...range, stepMs: 3_600_000 })
  const sum = (rows: readonly { destination: string; requests: number }[]) =>
    rows.filter((row) => row.destination === destination).reduce((total, { requests }) => total + requests, 0)
  expect(together.filter((row) => row.destination === destination)).toMatchObject([{ source: '*' }])
  expect(sum(together)).toBe(sum(apart))
})

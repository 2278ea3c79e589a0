import { expect, test } from 'vitest'
import { createTestDatabase } from '../testing.ts'
import { commitDeltas } from './commit.ts'
import { readLastHits } from './lastHits.ts'
import { delta, hour } from './sampleDeltas.ts'

const MINUTE_MS = 60_000
const minute = (minutes: number) => ({ receivedAt: hour + minutes * MINUTE_MS + 7_000 })
const hit = (rule: string, hits = 1) => ({ rules: [{ rule, source: 'web', verdict: 'denied' as const, hits }] })

// The newest hit counts; what a rule's name was hit with before its making, or before the limit, does not.
test('the last hit of each rule', async () => {
  await using database = await createTestDatabase()
  const { db } = database
  await commitDeltas(db, 'c', [
    delta(1, hit('old'), minute(0)),
    delta(2, hit('old'), minute(6)),
    delta(3, hit('remade'), minute(3)),
    delta(4, hit('idle', 0), minute(4)),
  ])
  const last = (from: number, remadeMs: number, resolution: 60_000 | 3_600_000 = 60_000) =>
    readLastHits(db, {
      ...{ resolution, from },
      rules: [['old', 0] as const, ['remade', remadeMs] as const, ['idle', 0] as const, ['never', 0] as const],
    })
  const [old, remade] = [hour + 6 * MINUTE_MS, hour + 3 * MINUTE_MS]
  // Of the minute in which it was made all hits are its own.
  expect(await last(hour, remade + 59_000)).toEqual(
    new Map([
      ['old', old],
      ['remade', remade],
    ]),
  )
  expect(await last(hour, remade + MINUTE_MS)).toEqual(new Map([['old', old]]))
  expect(await last(old + MINUTE_MS, 0)).toEqual(new Map())
  expect(await last(hour, hour, 3_600_000)).toEqual(
    new Map([
      ['old', hour],
      ['remade', hour],
    ]),
  )
  expect(await readLastHits(db, { resolution: 60_000, from: hour, rules: [] })).toEqual(new Map())
})

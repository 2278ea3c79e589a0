import { newEpoch } from '@heddle/db'
import { createTestDatabase } from '@heddle/db/testing'
import { eventually } from '@heddle/testkit/eventually'
import { FakeClock } from '@heddle/testkit/fakeClock'
import { expect, test } from 'vitest'
import { MeshIndex } from '../render/meshIndex.ts'
import { MeshLoader } from './meshLoader.ts'

// A commit of this process that the database does not know any more (it was put back in between) must not be waited
// for without end: neither in the new epoch nor before it.
test('a reading ends, whatever was committed before a restore', async () => {
  await using database = await createTestDatabase()
  const { db } = database
  const lines: string[] = []
  const loader = new MeshLoader({
    db,
    index: new MeshIndex('td'),
    clock: new FakeClock(),
    log: (_level, message) => lines.push(message),
    onChange: () => {},
    onRevocations: () => {},
    isAhead: () => false,
  })
  await db.pool.query('UPDATE mesh SET revision = 5')
  await loader.load()
  loader.committed(9)
  await loader.load({ withMembership: true })
  expect(loader.at.revision).toBe(5)
  await db.pool.query('UPDATE mesh SET revision = 1')
  await loader.load()
  expect(loader.at.revision).toBe(5)
  expect(lines).toEqual(['the database has an older revision than the one in force; nothing is taken back'])
  const epoch = await newEpoch(db, { actor: 'test' })
  // Told of it, although the revision is lower than the one in force.
  loader.notified({ epoch, revision: 2 })
  await eventually('the new epoch', () => (loader.at.epoch === epoch ? true : undefined))
  expect(loader.at).toEqual({ epoch, revision: 2 })
  loader.close()
})

import { newEpoch, setReady, upsertInstance } from '@heddle/db'
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

// A reading of all instances that began before this process committed a readiness must not take it back: a service
// would be left without endpoints until something else changed.
test('a reading undoes nothing that was committed while it ran', async () => {
  await using database = await createTestDatabase()
  const { db } = database
  const instance = 'cart-v1-1-abcd'
  await upsertInstance(db, {
    instance,
    service: 'cart',
    version: 'v1',
    hostId: 'host',
    bootId: 'boot',
    inbound: { address: '127.0.0.1', port: 4143, public: null },
    outbound: 4140,
    admin: 4191,
    ready: false,
    build: 'test',
    controlId: 'control',
  })
  const index = new MeshIndex('td')
  const loader = new MeshLoader({
    db,
    index,
    clock: new FakeClock(),
    log: () => {},
    onChange: () => {},
    onRevocations: () => {},
    isAhead: () => false,
  })
  await loader.load()
  const [found] = index.instances()
  if (found === undefined) throw new Error('the instance was not read')
  expect(found.isServing).toBe(false)

  // The reading has its snapshot and stands before the names when the readiness is committed.
  const holder = await db.pool.connect()
  await holder.query('BEGIN')
  await holder.query('LOCK TABLE "name" IN ACCESS EXCLUSIVE MODE')
  const reading = loader.load({ withMembership: true })
  await eventually('the reading waits for the names', async () => {
    const { rows } = await db.pool.query(
      `SELECT FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'`,
    )
    return rows.length > 0 ? true : undefined
  })
  const { revision } = await setReady(db, { instance, ready: true, reason: null })
  if (revision === null) throw new Error('the readiness changed nothing')
  index.setInstance({ ...found, isServing: true })
  loader.committed(revision)
  await holder.query('COMMIT')
  holder.release()

  await reading
  expect([...index.instances()]).toEqual([{ ...found, isServing: true }])
  expect(loader.at.revision).toBe(revision)
  loader.close()
})

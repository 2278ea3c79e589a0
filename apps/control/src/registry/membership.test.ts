import { type Database, listInstances, openDatabase, type Registration, upsertInstance } from '@heddle/db'
import { createTestDatabase } from '@heddle/db/testing'
import { expect, test } from 'vitest'
import { MeshIndex } from '../render/meshIndex.ts'
import { Membership } from './membership.ts'

const registration = (n: number, extra: Partial<Registration> = {}): Registration => ({
  instance: `catalog-v1-${n}-abcd`,
  service: 'catalog',
  version: 'v1',
  hostId: 'host',
  bootId: 'boot',
  inbound: { address: '10.0.0.1', port: 4143, public: null },
  outbound: 4140,
  admin: 4191,
  ready: true,
  build: 'test',
  controlId: 'control',
  ...extra,
})

function membershipOf(db: Database) {
  const lines: string[] = []
  const refused: string[] = []
  let outages = 0
  const index = new MeshIndex('td')
  const membership = new Membership({
    db,
    index,
    log: (_level, message, fields) => lines.push(`${message}: ${fields?.reason}`),
    onChange: () => {},
    onCommitted: () => {},
    onRefused: (instance) => refused.push(instance),
    onFailed: () => outages++,
  })
  return { membership, index, lines, refused, outages: () => outages }
}

// All proxies come back at once: every one is registered, none fails, and the database is not declared away.
test('a storm of hellos', async () => {
  await using database = await createTestDatabase()
  const all = Array.from({ length: 600 }, (_, n) => registration(n))
  await upsertInstance(database.db, registration(0))
  await database.db.pool.query(
    `INSERT INTO instance (instance, service, version, host_id, boot_id, outbound, admin, ready, build, address, port, lease_until)
     SELECT 'catalog-v1-' || n || '-abcd', service, version, host_id, boot_id, outbound, admin, ready, build, address, port, now()
     FROM instance, generate_series(1, 589) AS n`,
  )
  await using db = await openDatabase({ url: database.url, applicationName: 'test', maxConnections: 3 })
  const { membership, lines, outages } = membershipOf(db)
  await Promise.all(all.map((one) => membership.hello(one)))
  while (all.some(({ instance }) => membership.isAhead(instance)) && lines.length === 0)
    await new Promise((resolve) => setImmediate(resolve))
  expect(lines).toEqual([])
  expect(outages()).toBe(0)
  const rows = await listInstances(database.db)
  expect(rows.filter(({ controlId }) => controlId === 'control')).toHaveLength(600)
})

// A write that fails although the database is there is owed and written later, and is no outage.
test('a busy database is not one that is away', async () => {
  await using database = await createTestDatabase()
  await using db = await openDatabase({ url: database.url, applicationName: 'test', maxConnections: 1 })
  const { membership, lines, outages } = membershipOf(db)
  const holder = await db.pool.connect()
  db.pool.options.connectionTimeoutMillis = 100
  await membership.hello(registration(1))
  while (lines.length === 0) await new Promise((resolve) => setImmediate(resolve))
  expect(outages()).toBe(0)
  expect(membership.isAhead(registration(1).instance)).toBe(true)
  db.pool.options.connectionTimeoutMillis = 5_000
  holder.release()
  membership.settleDebts()
  while (membership.isAhead(registration(1).instance)) await new Promise((resolve) => setImmediate(resolve))
  expect(await listInstances(database.db)).toHaveLength(1)
})

// An instance whose name is taken is told so, and is nobody's endpoint.
test('a refused instance is no endpoint', async () => {
  await using database = await createTestDatabase()
  await upsertInstance(database.db, registration(1, { instance: 'catalog-v1-0-aaaa' }))
  const { membership, index, refused } = membershipOf(database.db)
  const clashing = registration(2, { instance: 'catalog-v1-v1-1-abcd', service: 'catalog-v1' })
  await membership.hello(clashing)
  expect(refused).toEqual([clashing.instance])
  expect(index.instance(clashing.instance)).toBeUndefined()
  expect(membership.connected()).toEqual([])
})

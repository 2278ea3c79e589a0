import { expect, test } from 'vitest'
import { applyDocuments } from '../changes/changes.ts'
import { currentRevision, loadMesh } from '../configuration/mesh.ts'
import type { Database } from '../connection/database.ts'
import { NameClashError } from '../errors.ts'
import { createTestDatabase } from '../testing.ts'
import { heartbeatControlPlane, listControlPlanes, removeControlPlane } from './controlPlanes.ts'
import { lapseEndpoints, removeStaleInstances } from './expiry.ts'
import type { Registration } from './instance.ts'
import {
  listInstances,
  registerUnchanged,
  renewLeases,
  setReady,
  startGrace,
  upsertInstance,
  withdrawInstance,
} from './registry.ts'
import { isRevoked, listRevocations, revoke } from './revocations.ts'
import { recordUsedDestinations, usedDestinations } from './usedDestinations.ts'

const registration = (n: number, extra: Partial<Registration> = {}): Registration => ({
  instance: `catalog-v1-${n}-abcd`,
  service: 'catalog',
  version: 'v1',
  hostId: 'host',
  bootId: 'boot',
  inbound: { address: '10.0.0.1', port: 4143 + n, public: null },
  outbound: 4140,
  admin: 4191,
  ready: true,
  build: 'test',
  controlId: 'control-1',
  ...extra,
})
const idOf = (n: number): string => `catalog-v1-${n}-abcd`
const offered = async (db: Database) =>
  (await listInstances(db)).filter((row) => row.offered).map((row) => row.instance)
/** Time passes in the row, not in the test. */
const leaseEnded = (db: Database, ago: string, ...ns: number[]) =>
  db.pool.query(`UPDATE instance SET lease_until = clock_timestamp() - $1::interval WHERE instance = ANY($2)`, [
    ago,
    ns.map(idOf),
  ])

// What callers see numbers a revision; what they do not see (a renewal, the same hello again) does not.
test('membership takes a revision only where callers see a difference', async () => {
  await using database = await createTestDatabase()
  const { db } = database
  const first = await upsertInstance(db, registration(1))
  expect(first.revision).not.toBeNull()
  expect(await upsertInstance(db, registration(1, { bootId: 'again', admin: 5000 }))).toEqual({ revision: null })
  expect(await renewLeases(db, { controlId: 'control-2', instances: [idOf(1), 'unheard-of'] })).toEqual({
    revision: null,
    unknown: ['unheard-of'],
  })
  expect(await setReady(db, { instance: idOf(1), ready: true, reason: null })).toEqual({ revision: null })
  expect(await setReady(db, { instance: 'unheard-of', ready: true, reason: null })).toEqual({ revision: null })
  expect((await currentRevision(db)).revision).toBe(first.revision)
  expect(await listInstances(db)).toMatchObject([
    { controlId: 'control-2', admin: 5000, bootId: 'again', offered: true },
  ])
  const moved = await upsertInstance(db, registration(1, { inbound: { address: '10.0.0.2', port: 1, public: 8080 } }))
  expect(moved.revision).toBe((first.revision ?? 0) + 1)
})

// A hello that says what is known renews its lease without waiting for those who change the mesh; every other one is
// left to be registered by itself.
test('unchanged hellos are written together', async () => {
  await using database = await createTestDatabase()
  const { db } = database
  for (const n of [1, 2, 3, 4, 5]) await upsertInstance(db, registration(n))
  await upsertInstance(db, registration(6, { inbound: null }))
  await withdrawInstance(db, idOf(2))
  await db.pool.query('UPDATE instance SET lapsed_at = now() WHERE instance = $1', [idOf(3)])
  await leaseEnded(db, '1 minute', 1)
  const { revision } = await currentRevision(db)
  const holder = await db.pool.connect()
  await holder.query('BEGIN')
  await holder.query('SELECT 1 FROM mesh FOR UPDATE')
  const known = await registerUnchanged(db, [
    registration(1, { bootId: 'again', controlId: 'control-2' }),
    registration(2),
    registration(3),
    registration(4, { ready: false }),
    registration(5, { inbound: { address: '10.0.0.9', port: 1, public: null } }),
    registration(6, { inbound: null, build: 'newer' }),
    registration(7),
  ])
  await holder.query('COMMIT')
  holder.release()
  expect([...known].sort()).toEqual([idOf(1), idOf(6)])
  const rows = new Map((await listInstances(db)).map((row) => [row.instance, row]))
  expect(rows.get(idOf(1))).toMatchObject({ bootId: 'again', controlId: 'control-2', offered: true })
  expect(rows.get(idOf(1))?.leaseUntil).toBeGreaterThan(Date.now() - 60_000)
  expect(rows.get(idOf(6))).toMatchObject({ build: 'newer', inbound: null })
  expect((await currentRevision(db)).revision).toBe(revision)
  await db.pool.query("DELETE FROM name WHERE name = 'catalog-v1'")
  expect(await registerUnchanged(db, [registration(1)])).toEqual(new Set())
})

// An endpoint goes at once when it withdraws or when its readiness fails, and comes back with a hello.
test('withdrawing and readiness', async () => {
  await using database = await createTestDatabase()
  const { db } = database
  await upsertInstance(db, registration(1))
  await upsertInstance(db, registration(2))
  expect((await setReady(db, { instance: idOf(1), ready: false, reason: 'port closed' })).revision).not.toBeNull()
  expect(await offered(db)).toEqual([idOf(2)])
  expect((await withdrawInstance(db, idOf(2))).revision).not.toBeNull()
  expect((await withdrawInstance(db, idOf(2))).revision).toBeNull()
  expect(await offered(db)).toEqual([])
  await renewLeases(db, { controlId: 'c', instances: [idOf(2)] })
  expect(await offered(db)).toEqual([])
  await upsertInstance(db, registration(2))
  expect(await offered(db)).toEqual([idOf(2)])
})

// A disconnected instance keeps its endpoint for 30 s after its lease, and gets it back with the next renewal.
test('an endpoint lapses 30 s after its lease', async () => {
  await using database = await createTestDatabase()
  const { db } = database
  for (const n of [1, 2, 3]) await upsertInstance(db, registration(n))
  await leaseEnded(db, '29 s', 1)
  expect(await lapseEndpoints(db)).toEqual({ revision: null, lapsed: [] })
  await leaseEnded(db, '31 s', 1)
  const lapse = await lapseEndpoints(db)
  expect(lapse.lapsed).toEqual([idOf(1)])
  expect(lapse.revision).not.toBeNull()
  expect(await offered(db)).toEqual([idOf(2), idOf(3)])
  expect((await renewLeases(db, { controlId: 'c', instances: [idOf(1)] })).revision).toBe((lapse.revision ?? 0) + 1)
  expect(await offered(db)).toHaveLength(3)
})

// When everybody's lease ends at once it is the network, not the services: the one heard of last stays.
test('the last endpoint never lapses by its lease alone', async () => {
  await using database = await createTestDatabase()
  const { db } = database
  for (const n of [1, 2, 3]) await upsertInstance(db, registration(n))
  await leaseEnded(db, '2 minutes', 1, 3)
  await leaseEnded(db, '1 minute', 2)
  expect((await lapseEndpoints(db)).lapsed).toEqual([idOf(1), idOf(3)])
  expect(await offered(db)).toEqual([idOf(2)])
  await leaseEnded(db, '1 day', 2)
  expect((await lapseEndpoints(db)).lapsed).toEqual([])
  // One that could not answer anyway is not what keeps the others.
  await setReady(db, { instance: idOf(2), ready: false, reason: 'dead' })
  expect((await lapseEndpoints(db)).lapsed).toEqual([idOf(2)])
  expect(await offered(db)).toEqual([])
})

// After a control plane's start nobody lapses for 60 s, whoever asks; another start never shortens that.
test('the grace row keeps all leases', async () => {
  await using database = await createTestDatabase()
  const { db } = database
  for (const n of [1, 2]) await upsertInstance(db, registration(n))
  await leaseEnded(db, '10 minutes', 1)
  await startGrace(db)
  const { rows } = await db.pool.query<{ ms: number }>(
    `SELECT extract(epoch FROM until - clock_timestamp())::float8 * 1000 AS ms FROM grace`,
  )
  expect(rows[0]?.ms).toBeGreaterThan(55_000)
  expect((await lapseEndpoints(db)).lapsed).toEqual([])
  await db.pool.query(`UPDATE grace SET until = clock_timestamp() + interval '1 hour'`)
  await startGrace(db)
  expect((await lapseEndpoints(db)).lapsed).toEqual([])
  await db.pool.query(`UPDATE grace SET until = clock_timestamp() - interval '1 ms'`)
  expect((await lapseEndpoints(db)).lapsed).toEqual([idOf(1)])
})

// Rows go after 72 h, those of ended clients after 1 h; a version's name goes with its last row, unless a route needs it.
test('forgotten rows and names are removed', async () => {
  await using database = await createTestDatabase()
  const { db } = database
  await upsertInstance(db, registration(1))
  await upsertInstance(db, registration(2, { instance: 'catalog-v2-1-abcd', version: 'v2' }))
  await upsertInstance(db, registration(3, { instance: 'probe-v1-1-abcd', service: 'probe', inbound: null }))
  await upsertInstance(db, registration(4, { instance: 'probe-v1-2-abcd', service: 'probe', inbound: null }))
  await recordUsedDestinations(db, 'probe-v1-1-abcd', ['catalog'])
  await applyDocuments(db, {
    actor: 'ada',
    documents: [
      {
        apiVersion: 'gateway.networking.k8s.io/v1',
        kind: 'HTTPRoute',
        metadata: { name: 'r' },
        spec: {
          parentRefs: [{ kind: 'Service', name: 'catalog' }],
          rules: [{ backendRefs: [{ name: 'catalog-v2' }] }],
        },
      },
    ],
  })
  expect(await removeStaleInstances(db)).toEqual({ revision: null, removed: [] })
  await db.pool.query(
    `UPDATE instance SET withdrawn_at = clock_timestamp() - interval '61 minutes' WHERE instance = 'probe-v1-1-abcd'`,
  )
  await db.pool.query(
    `UPDATE instance SET lease_until = clock_timestamp() - interval '71 hours' WHERE instance <> 'probe-v1-1-abcd'`,
  )
  expect((await removeStaleInstances(db)).removed).toEqual(['probe-v1-1-abcd'])
  expect(await usedDestinations(db, 'probe-v1-1-abcd')).toEqual([])
  await db.pool.query(`UPDATE instance SET lease_until = clock_timestamp() - interval '73 hours'`)
  expect((await removeStaleInstances(db)).removed).toEqual([idOf(1), 'catalog-v2-1-abcd', 'probe-v1-2-abcd'])
  expect((await loadMesh(db)).names.map((row) => row.name)).toEqual(['catalog', 'catalog-v2', 'probe'])
})

// An instance id belongs to the service and version it joined as.
test('an instance id cannot change sides', async () => {
  await using database = await createTestDatabase()
  const { db } = database
  await upsertInstance(db, registration(1))
  await expect(upsertInstance(db, registration(1, { service: 'cart' }))).rejects.toThrow(NameClashError)
})

// Two control planes that renew the same instances in opposite orders do not block each other.
test('concurrent renewals do not deadlock', async () => {
  await using database = await createTestDatabase()
  const { db } = database
  const ns = Array.from({ length: 20 }, (_, n) => n)
  for (const n of ns) await upsertInstance(db, registration(n))
  const ids = ns.map(idOf)
  const rounds = Array.from({ length: 10 }, (_, round) =>
    Promise.all([
      renewLeases(db, { controlId: 'a', instances: ids }),
      renewLeases(db, { controlId: 'b', instances: [...ids].reverse() }),
      setReady(db, { instance: idOf(round), ready: false, reason: 'x' }),
    ]),
  )
  await Promise.all(rounds)
  expect(await offered(db)).toHaveLength(10)
})

// What an instance used is known to the next control plane, newest first, and bounded.
test('used destinations are remembered and bounded', async () => {
  await using database = await createTestDatabase()
  const { db } = database
  await recordUsedDestinations(db, 'i', ['cart', 'catalog', 'cart'])
  await db.pool.query(`UPDATE used_destination SET last_used_at = now() - interval '1 hour'`)
  await recordUsedDestinations(db, 'i', ['catalog'])
  expect(await usedDestinations(db, 'i')).toEqual(['catalog', 'cart'])
  await recordUsedDestinations(
    db,
    'i',
    Array.from({ length: 1_000 }, (_, n) => `n${n}`),
  )
  const names = await usedDestinations(db, 'i')
  expect(names).toHaveLength(1_000)
  expect(names).not.toContain('cart')
})

// A control plane is listed while its heart beats.
test('control planes', async () => {
  await using database = await createTestDatabase()
  const { db } = database
  for (const id of ['a', 'b', 'a'])
    await heartbeatControlPlane(db, { id, address: `https://${id}:4000`, build: 'test' })
  expect((await listControlPlanes(db)).map((row) => row.address)).toEqual(['https://a:4000', 'https://b:4000'])
  await db.pool.query(`UPDATE control_plane SET heartbeat_at = now() - interval '31 s' WHERE id = 'a'`)
  expect((await listControlPlanes(db)).map((row) => row.id)).toEqual(['b'])
  await removeControlPlane(db, 'b')
  expect(await listControlPlanes(db)).toEqual([])
})

// A revocation is a change that travels like config, and holds for a service's every instance.
test('revocations', async () => {
  await using database = await createTestDatabase()
  const { db } = database
  const { revision } = await revoke(db, { kind: 'service', name: 'catalog', reason: 'key leaked', actor: 'ada' })
  expect(revision).toBe(1)
  await revoke(db, { kind: 'service', name: 'catalog', reason: 'again', actor: 'ada' })
  expect(await listRevocations(db)).toMatchObject([{ kind: 'service', name: 'catalog', reason: 'again' }])
  expect(await isRevoked(db.prisma, { service: 'catalog', instance: 'x' })).toBe(true)
  expect(await isRevoked(db.prisma, { service: 'cart', instance: 'catalog' })).toBe(false)
  expect((await loadMesh(db)).revocations).toHaveLength(1)
})

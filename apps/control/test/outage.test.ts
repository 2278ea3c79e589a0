// The database goes and comes back: what is in memory goes on, what happened meanwhile is not lost.
import { applyDocuments, lapseEndpoints, listInstances } from '@heddle/db'
import { eventually } from '@heddle/testkit/eventually'
import { expect, test } from 'vitest'
import { codeOf, join, tryJoin } from './support/joinClient.ts'
import { newKey } from './support/keys.ts'
import { ProxyClient } from './support/proxyClient.ts'
import { startTestControl } from './support/testControl.ts'

const inbound = { address: '10.0.0.1', port: 20_002, public: null }

// Without Postgres proxies connect, subscribe, renew, become ready, leave; with it again all of that is in Postgres.
test('an outage of the database', { timeout: 60_000 }, async () => {
  await using mesh = await startTestControl()
  const { port } = mesh.control
  const [catalogId, webId, lateId] = [await join(mesh, 'catalog'), await join(mesh, 'web'), await join(mesh, 'late')]
  await using catalog = await ProxyClient.connect(port, catalogId, { inbound })
  await using web = await ProxyClient.connect(port, webId)
  await eventually('both in the registry', async () => ((await listInstances(mesh.db)).length === 2 ? true : undefined))

  mesh.relay.cut()
  web.subscribe('destination/catalog')
  await eventually('the endpoint', () => (web.endpoints('catalog')?.length === 1 ? true : undefined))
  const refused = await tryJoin(mesh, { token: await mesh.token('web'), service: 'web' })
  expect([refused.status, codeOf(refused)]).toEqual([503, 'unavailable'])
  web.send({ type: 'renew', csr: (await newKey()).csr })
  await web.next('certificate')
  await using late = await ProxyClient.connect(port, lateId, { inbound })
  web.subscribe('destination/late')
  await eventually('the newcomer', () => (web.endpoints('late')?.length === 1 ? true : undefined))
  catalog.send({ type: 'withdraw' })
  expect((await catalog.next('withdrawn')).callersTold).toBe(true)
  expect(web.endpoints('catalog')).toEqual([])
  // Somebody else, on whose side the database still answers, changes the configuration meanwhile.
  const rule = {
    apiVersion: 'heddle.dev/v1',
    kind: 'AccessRule',
    metadata: { name: 'rule' },
    spec: { target: { service: 'web' }, action: 'Allow', from: [{ any: 'authenticated' }] },
  }
  await applyDocuments(mesh.db, { actor: 'test', documents: [rule] })
  expect(web.held.get('inbound/web')).toMatchObject({ rules: [] })

  mesh.relay.mend()
  await eventually('the change', () => {
    const document = web.held.get('inbound/web')
    return document?.kind === 'inbound' && document.rules.length === 1 ? true : undefined
  })
  const rows = await eventually('what is owed to be written', async () => {
    const found = new Map((await listInstances(mesh.db)).map((row) => [row.service, row]))
    return found.get('catalog')?.withdrawnAt !== null && found.has('late') ? found : undefined
  })
  expect(rows.get('late')).toMatchObject({ offered: true })
  expect(late.closed).toBeNull()
  expect(web.endpoints('catalog')).toEqual([])
  expect((await tryJoin(mesh, { token: await mesh.token('web'), service: 'web' })).status).toBe(200)
})

// Leases end while nobody can renew them; the grace that comes with the return keeps the endpoints.
test('no endpoint lapses because the database or the control plane was away', async () => {
  await using mesh = await startTestControl()
  const { port } = mesh.control
  const ids = [await join(mesh, 'catalog'), await join(mesh, 'catalog')]
  await using _one = await ProxyClient.connect(port, ids[0] ?? fail(), { inbound })
  await using _two = await ProxyClient.connect(port, ids[1] ?? fail(), { inbound })
  await eventually('both in the registry', async () => ((await listInstances(mesh.db)).length === 2 ? true : undefined))
  await mesh.db.pool.query("UPDATE instance SET lease_until = clock_timestamp() - interval '10 minutes'")
  await mesh.db.pool.query('DELETE FROM grace')
  await mesh.restart()
  expect((await lapseEndpoints(mesh.db)).lapsed).toEqual([])
  await mesh.db.pool.query('DELETE FROM grace')
  mesh.relay.cut()
  await eventually('the outage to be noticed', () => mesh.lines.find(({ message }) => message.includes('from memory')))
  mesh.relay.mend()
  await eventually('the grace', async () => (await mesh.db.pool.query('SELECT 1 FROM grace')).rowCount || undefined)
  expect((await lapseEndpoints(mesh.db)).lapsed).toEqual([])
})

function fail(): never {
  throw new Error('unreachable')
}

// Configuration on its way to proxies, over real mutual TLS, from a real database.
import { applyDocuments, deleteResource, listInstances, newEpoch } from '@heddle/db'
import { eventually } from '@heddle/testkit/eventually'
import { expect, test } from 'vitest'
import { join } from './support/joinClient.ts'
import { ProxyClient } from './support/proxyClient.ts'
import { startTestControl, type TestControl } from './support/testControl.ts'

const inbound = (port = 20_002) => ({ address: '10.0.0.1', port, public: null })
const route = (parent: string, backends: string[]) => ({
  apiVersion: 'gateway.networking.k8s.io/v1',
  kind: 'HTTPRoute',
  metadata: { name: `${parent}-route` },
  spec: {
    parentRefs: [{ kind: 'Service', name: parent }],
    rules: [{ name: 'all', backendRefs: backends.map((name) => ({ name })) }],
  },
})
async function apply(mesh: TestControl, ...documents: unknown[]): Promise<number> {
  const { revision, mistakes } = await applyDocuments(mesh.db, { actor: 'test', documents })
  expect(mistakes).toEqual([])
  return revision ?? 0
}

// From a join to a destination: a proxy gets all that it needs for its first call in one snapshot.
test('a proxy says hello and holds what it wants', async () => {
  await using mesh = await startTestControl()
  const { port } = mesh.control
  await using catalog = await ProxyClient.connect(port, await join(mesh, 'catalog'), { inbound: inbound() })
  expect(catalog.held.get('inbound/catalog')?.kind).toBe('inbound')
  await eventually('the instance in the registry', async () => (await listInstances(mesh.db))[0])
  await using web = await ProxyClient.connect(port, await join(mesh, 'web'), {
    wants: ['destination/catalog', 'destination/nobody', 'inbound/catalog'],
  })
  expect([...web.held.keys()].sort()).toEqual([
    'destination/catalog',
    'destination/nobody',
    'endpoints/catalog',
    'inbound/web',
    'mesh',
  ])
  expect(web.destination('catalog')?.service).toBe('catalog')
  expect(web.destination('nobody')?.service).toBeNull()
  expect(web.endpoints('catalog')).toEqual([
    { instance: expect.stringContaining('catalog-v1-'), version: 'v1', address: '10.0.0.1', port: 20_002 },
  ])
  expect(await web.next('controls')).toEqual({ type: 'controls', urls: [mesh.control.url] })
})

// A change that somebody commits in the database reaches the holders as a delta of what changed.
test('a committed change is pushed', async () => {
  await using mesh = await startTestControl()
  const { port } = mesh.control
  await using web = await ProxyClient.connect(port, await join(mesh, 'web'))
  await join(mesh, 'catalog')
  web.subscribe('destination/catalog')
  await web.next('delta')
  expect(web.destination('catalog')?.routes).toEqual([])
  const revision = await apply(mesh, route('catalog', ['catalog']))
  const delta = await web.next('delta')
  expect(delta.documents.map((document) => document.kind)).toEqual(['destination'])
  expect(delta.revision).toBeGreaterThanOrEqual(revision)
  expect(web.destination('catalog')?.routes.map(({ name }) => name)).toEqual(['catalog-route'])
  await deleteResource(mesh.db, { actor: 'test', ref: { kind: 'HTTPRoute', name: 'catalog-route' } })
  await eventually('the route to go', () => web.destination('catalog')?.routes.length === 0 || undefined)
})

// A name that was denied becomes a destination as soon as its service exists.
test('a denied name comes alive when its service joins', async () => {
  await using mesh = await startTestControl()
  const { port } = mesh.control
  await using web = await ProxyClient.connect(port, await join(mesh, 'web'), { wants: ['destination/late'] })
  expect(web.destination('late')?.service).toBeNull()
  await using late = await ProxyClient.connect(port, await join(mesh, 'late'), { inbound: inbound() })
  await eventually('the destination', () => (web.destination('late')?.service === 'late' ? true : undefined))
  await eventually('its endpoint', () => (web.endpoints('late')?.length === 1 ? true : undefined))
  expect(late.closed).toBeNull()
})

// Readiness decides who is called; it travels to the callers without a new hello.
test('readiness comes and goes', async () => {
  await using mesh = await startTestControl()
  const { port } = mesh.control
  await using catalog = await ProxyClient.connect(port, await join(mesh, 'catalog'), {
    inbound: inbound(),
    ready: false,
  })
  await using web = await ProxyClient.connect(port, await join(mesh, 'web'), { wants: ['destination/catalog'] })
  expect(web.endpoints('catalog')).toEqual([])
  catalog.send({ type: 'ready', ready: true })
  await eventually('the endpoint', () => (web.endpoints('catalog')?.length === 1 ? true : undefined))
  catalog.send({ type: 'ready', ready: false, reason: 'connection refused' })
  await eventually('no endpoint', () => (web.endpoints('catalog')?.length === 0 ? true : undefined))
  const row = await eventually('the reason in the registry', async () =>
    (await listInstances(mesh.db)).find(({ readyReason }) => readyReason !== null),
  )
  expect(row.readyReason).toBe('connection refused')
})

// Whoever leaves is told so only when every caller has stopped using it: a rolling restart loses no request.
test('withdrawal waits for the callers', async () => {
  await using mesh = await startTestControl()
  const { port } = mesh.control
  await using catalog = await ProxyClient.connect(port, await join(mesh, 'catalog'), { inbound: inbound() })
  await using web = await ProxyClient.connect(port, await join(mesh, 'web'), { wants: ['destination/catalog'] })
  await eventually('the endpoint', () => (web.endpoints('catalog')?.length === 1 ? true : undefined))
  web.acknowledges = false
  catalog.send({ type: 'withdraw' })
  await eventually('the endpoint to go', () => (web.endpoints('catalog')?.length === 0 ? true : undefined))
  expect(catalog.messages.filter(({ type }) => type === 'withdrawn')).toEqual([])
  web.ack()
  expect(await catalog.next('withdrawn')).toEqual({ type: 'withdrawn', callersTold: true })
})

// A caller that never answers does not hold up a departure for longer than two seconds.
test('withdrawal does not wait for ever', async () => {
  await using mesh = await startTestControl()
  const { port } = mesh.control
  await using catalog = await ProxyClient.connect(port, await join(mesh, 'catalog'), { inbound: inbound() })
  await using web = await ProxyClient.connect(port, await join(mesh, 'web'), { wants: ['destination/catalog'] })
  await eventually('the endpoint', () => (web.endpoints('catalog')?.length === 1 ? true : undefined))
  web.acknowledges = false
  catalog.send({ type: 'withdraw' })
  expect(await catalog.next('withdrawn')).toEqual({ type: 'withdrawn', callersTold: false })
})

// Disconnecting is not withdrawal: callers keep the endpoint of an instance whose connection broke.
test('a broken connection takes no endpoint away', async () => {
  await using mesh = await startTestControl()
  const { port } = mesh.control
  const credentials = await join(mesh, 'catalog')
  const catalog = await ProxyClient.connect(port, credentials, { inbound: inbound() })
  await using web = await ProxyClient.connect(port, await join(mesh, 'web'), { wants: ['destination/catalog'] })
  await eventually('the endpoint', () => (web.endpoints('catalog')?.length === 1 ? true : undefined))
  await catalog[Symbol.asyncDispose]()
  await apply(mesh, route('catalog', ['catalog']))
  await eventually('the change', () => (web.destination('catalog')?.routes.length === 1 ? true : undefined))
  expect(web.endpoints('catalog')?.length).toBe(1)
})

// After a restart of the control plane everything is as it was: leases hold, and what was used is preloaded.
test('a restarted control plane knows everybody', async () => {
  await using mesh = await startTestControl()
  const { port } = mesh.control
  const credentials = await join(mesh, 'web')
  await using catalog = await ProxyClient.connect(port, await join(mesh, 'catalog'), { inbound: inbound() })
  const web = await ProxyClient.connect(port, credentials)
  web.subscribe('destination/catalog')
  await eventually('the endpoint', () => (web.endpoints('catalog')?.length === 1 ? true : undefined))
  await mesh.restart()
  expect((await web.whenClosed()).code).toBe(1001)
  expect((await catalog.whenClosed()).code).toBe(1001)
  await using again = await ProxyClient.connect(port, credentials)
  expect(again.endpoints('catalog')?.length).toBe(1)
})

// A refusal is remembered with its reason, and the old state stays until the document changes.
test('a refused push is recorded and does not stop the others', async () => {
  await using mesh = await startTestControl()
  const { port } = mesh.control
  await join(mesh, 'catalog')
  await using web = await ProxyClient.connect(port, await join(mesh, 'web'), { wants: ['destination/catalog'] })
  web.refusal = 'I do not like it'
  await apply(mesh, route('catalog', ['catalog']))
  await eventually('the refusal in the log', () =>
    mesh.lines.find(({ message, fields }) => message.includes('refused') && fields.reason === 'I do not like it'),
  )
  web.refusal = null
  web.subscribe('destination/web')
  await eventually('another destination', () => web.destination('web'))
  expect(web.destination('catalog')?.routes).toEqual([])
  await apply(mesh, route('catalog', ['catalog', 'web']))
  await eventually('the route', () => (web.destination('catalog')?.routes.length === 1 ? true : undefined))
})

// After a restore the operator raises the epoch: everybody gets everything anew.
test('a new epoch is pushed as a snapshot', async () => {
  await using mesh = await startTestControl()
  await using web = await ProxyClient.connect(mesh.control.port, await join(mesh, 'web'))
  const before = web.position?.epoch ?? 0
  await newEpoch(mesh.db, { actor: 'test' })
  const snapshot = await web.next('snapshot')
  expect(snapshot.epoch).toBeGreaterThan(before)
})

// A restore brings lower revisions: the operator's new epoch puts them into force, and so do the edits after it. Before
// it nothing is taken back, and the log says what to do.
test('a new epoch after a restore', async () => {
  await using mesh = await startTestControl()
  await using web = await ProxyClient.connect(mesh.control.port, await join(mesh, 'web'), {
    wants: ['destination/catalog'],
  })
  await join(mesh, 'catalog')
  await mesh.db.pool.query('UPDATE mesh SET revision = 1000')
  await apply(mesh, route('catalog', ['catalog']))
  await eventually('the route', () => (web.destination('catalog')?.routes.length === 1 ? true : undefined))
  const before = web.position ?? { epoch: 0, revision: 0 }
  await mesh.db.pool.query("DELETE FROM resource WHERE kind = 'HTTPRoute'")
  await mesh.db.pool.query('UPDATE mesh SET revision = 500')
  await newEpoch(mesh.db, { actor: 'test' })
  await eventually('the restored state', () => (web.destination('catalog')?.routes.length === 0 ? true : undefined))
  expect(web.position?.epoch).toBeGreaterThan(before.epoch)
  expect(web.position?.revision).toBeLessThan(before.revision)
  await apply(mesh, route('catalog', ['web']))
  await eventually('the edit', () => (web.destination('catalog')?.routes.length === 1 ? true : undefined))
})

// One proxy that does not read is cut off at the cap; the others get their pushes all the while.
test('a slow proxy is cut off and disturbs nobody', async () => {
  await using mesh = await startTestControl({ bufferCapBytes: 256 * 1024 })
  const { port } = mesh.control
  await join(mesh, 'catalog')
  await using slow = await ProxyClient.connect(port, await join(mesh, 'web'), { wants: ['destination/catalog'] })
  await using quick = await ProxyClient.connect(port, await join(mesh, 'web'), { wants: ['destination/catalog'] })
  slow.socket.pause()
  // Each subscription is answered; the answers pile up since nobody reads them.
  const rules = Array.from({ length: 60 }, (_, i) => ({
    name: `rule-${i}`,
    matches: [{ path: { type: 'PathPrefix', value: `/${'x'.repeat(900)}${i}` } }],
    backendRefs: [{ name: 'catalog' }],
  }))
  const big = { ...route('catalog', []), spec: { parentRefs: [{ kind: 'Service', name: 'catalog' }], rules } }
  await apply(mesh, big)
  await eventually('the change at the other', () =>
    quick.destination('catalog')?.routes.length === 1 ? true : undefined,
  )
  const position = quick.position ?? { epoch: 0, revision: 0 }
  for (let i = 0; i < 400; i++) {
    slow.send({ type: 'ack', ...position })
    slow.subscribe('destination/catalog')
  }
  await eventually('the slow one to be cut off', () =>
    mesh.lines.find(({ fields }) => fields.reason === 'it reads too slowly'),
  )
  await apply(mesh, route('catalog', ['catalog']))
  await eventually('a further change', () =>
    quick.destination('catalog')?.routes[0]?.rules.length === 1 ? true : undefined,
  )
})

// Several control planes over one database are one mesh: each hears of the other's proxies, and names all of them.
test('two control planes', async () => {
  await using mesh = await startTestControl()
  await using web = await ProxyClient.connect(mesh.control.port, await join(mesh, 'web'), {
    wants: ['destination/catalog'],
  })
  const other = await mesh.another()
  expect(other.rootSha256).toBe(mesh.control.rootSha256)
  await using catalog = await ProxyClient.connect(other.port, await join(mesh, 'catalog'), { inbound: inbound() })
  expect((await catalog.next('controls')).urls).toEqual([other.url, mesh.control.url])
  await eventually('the endpoint', () => (web.endpoints('catalog')?.length === 1 ? true : undefined))
  catalog.send({ type: 'withdraw' })
  await catalog.next('withdrawn')
  await eventually('no endpoint', () => (web.endpoints('catalog')?.length === 0 ? true : undefined))
})

import { readFileSync } from 'node:fs'
import { CLOSE_PROTOCOL } from '@heddle/shared/wire/messages'
import { FakeClock } from '@heddle/testkit/fakeClock'
import { expect, test } from 'vitest'
import { destinationDocument, inboundDocument, meshDocument } from './documents.ts'
import { type Conversation, type FakeControl, startFakeControl } from './fakeControl.ts'
import { type Home, newHome, start, startWithConfig } from './startProxies.ts'

const HOUR_MS = 3_600_000

const snapshot = (control: FakeControl, revision: number) => ({
  type: 'snapshot' as const,
  epoch: 1,
  revision,
  documents: [meshDocument([control.authority.root]), inboundDocument('catalog')],
})

const startCatalog = (home: Home, control: FakeControl, revision = 5) =>
  startWithConfig('catalog', home, control, snapshot(control, revision))

const metric = async (admin: number, name: string): Promise<number> => {
  const text = await (await fetch(`http://127.0.0.1:${admin}/metrics`)).text()
  return Number(new RegExp(`^${name} (.*)$`, 'm').exec(text)?.[1])
}

/** A proxy that was started, and what its control plane hears next. */
async function again(control: FakeControl): Promise<{ conversation: Conversation; hello: { held: unknown } }> {
  const conversation = await control.connection()
  return { conversation, hello: await conversation.next('hello') }
}

// A message that is not valid is refused whole and by its number, with the reason; what was in force stays.
test('refuses invalid and older config and keeps what it has', async () => {
  await using control = await startFakeControl()
  using home = newHome()
  const { proxy, conversation } = await startCatalog(home, control)
  await using _proxy = proxy
  await conversation.next('ack')
  conversation.socket.send(
    JSON.stringify({ type: 'delta', epoch: 1, base: 5, revision: 6, documents: [{ kind: 'mesh' }], removed: [] }),
  )
  expect(await conversation.next('nack')).toMatchObject({
    epoch: 1,
    revision: 6,
    reason: expect.stringContaining('documents'),
  })
  conversation.send(snapshot(control, 4))
  expect(await conversation.next('nack')).toMatchObject({ revision: 4, reason: expect.stringContaining('older') })
  expect(await metric(proxy.ports.admin, 'heddle_config_revision')).toBe(5)
  expect(await metric(proxy.ports.admin, 'heddle_config_refused_total')).toBe(2)
  conversation.send({ type: 'delta', epoch: 1, base: 5, revision: 7, documents: [], removed: [] })
  expect(await conversation.next('ack')).toMatchObject({ revision: 7 })
})

// A delta from a revision that is not held is answered with a hello that says what is.
test('asks for everything where a delta does not fit', async () => {
  await using control = await startFakeControl()
  using home = newHome()
  const { proxy, conversation } = await startCatalog(home, control)
  await using _proxy = proxy
  conversation.send({ type: 'delta', epoch: 1, base: 8, revision: 9, documents: [], removed: [] })
  expect(await conversation.next('hello')).toMatchObject({ held: { epoch: 1, revision: 5 } })
})

// What makes no sense at all ends the connection, and the next one begins with a hello; the process lives.
test('survives a control plane that talks nonsense', async () => {
  await using control = await startFakeControl()
  using home = newHome()
  const { proxy, conversation } = await startCatalog(home, control)
  await using _proxy = proxy
  conversation.socket.send('{"type":')
  const closed = await new Promise((resolve) => conversation.socket.once('close', resolve))
  expect(closed).toBe(CLOSE_PROTOCOL)
  const { conversation: second } = await again(control)
  for (const text of ['null', '[]', '{"type":"unheard of"}', '{"type":"snapshot"}', '{"type":"revoked"}']) {
    second.socket.send(text)
  }
  second.send(snapshot(control, 6))
  expect(await second.next('ack')).toMatchObject({ revision: 6 })
})

// A connection that is lost is made again; the hello says what is held and wanted, so that nothing in use is lost.
test('comes back with what it holds and wants', async () => {
  await using control = await startFakeControl()
  using home = newHome()
  const { proxy, conversation } = await startCatalog(home, control)
  await using _proxy = proxy
  conversation.send({
    type: 'delta',
    epoch: 1,
    base: 5,
    revision: 6,
    documents: [destinationDocument('cart'), destinationDocument('nobody', null)],
    removed: [],
  })
  await conversation.next('ack')
  conversation.socket.terminate()
  const { hello } = await again(control)
  expect(hello).toMatchObject({
    held: { epoch: 1, revision: 6 },
    wants: ['destination/cart', 'destination/nobody'],
    ready: true,
    outbound: proxy.ports.outbound,
  })
})

// Of several control planes one is enough, also when its address was learned from another one.
test('fails over to a control plane that it was told of', async () => {
  const first = await startFakeControl()
  await using second = await startFakeControl({ authority: first.authority })
  using home = newHome()
  const { proxy, conversation } = await startCatalog(home, first)
  await using _proxy = proxy
  conversation.send({ type: 'controls', urls: [first.url, second.url] })
  conversation.send({ type: 'delta', epoch: 1, base: 5, revision: 6, documents: [], removed: [] })
  await conversation.next('ack')
  await first[Symbol.asyncDispose]()
  expect((await again(second)).hello).toMatchObject({ held: { revision: 6 } })
})

// Whoever holds the right address but not the control identity hears nothing of a proxy.
test.each([
  ['a workload', 'spiffe://test.heddle/service/control'],
  ['the console', 'spiffe://test.heddle/console'],
])('says nothing to %s in the control plane’s place', async (_who, uri) => {
  const control = await startFakeControl()
  using home = newHome()
  const { proxy } = await startCatalog(home, control)
  await using _proxy = proxy
  await control[Symbol.asyncDispose]()
  await using impostor = await startFakeControl({ authority: control.authority, uri, port: control.port })
  const refused = `it is ${uri}`
  await expect
    .poll(
      async () => {
        proxy.log.flush()
        return readFileSync(`${home.path}/logs/${proxy.instance}.log`, 'utf8')
      },
      { timeout: 10_000 },
    )
    .toContain(refused)
  const heard = impostor.connection().then(() => 'heard')
  expect(await Promise.race([heard, new Promise((resolve) => setImmediate(resolve, 'silent'))])).toBe('silent')
})

// At half of its certificate's life a proxy asks for the next one, and takes it into use.
test('renews its certificate in time', async () => {
  await using control = await startFakeControl()
  using home = newHome()
  const clock = new FakeClock(Date.now())
  const starting = start('catalog', home, control, {}, { clock })
  const conversation = await control.connection()
  await conversation.next('hello')
  conversation.send(snapshot(control, 5))
  await using proxy = await starting
  const before = await metric(proxy.ports.admin, 'heddle_certificate_expiry_timestamp_seconds')
  clock.advance(13.5 * HOUR_MS)
  const { csr } = await conversation.next('renew')
  const chain = await control.certify('catalog', proxy.instance, csr, { notAfter: new Date(Date.now() + 48 * HOUR_MS) })
  conversation.send({ type: 'certificate', chain, roots: [control.authority.root] })
  // The next connection is made with it: none outlives its certificate.
  expect((await again(control)).hello).toMatchObject({ held: { revision: 5 } })
  const after = await metric(proxy.ports.admin, 'heddle_certificate_expiry_timestamp_seconds')
  expect(after).toBeGreaterThan(before)
})

// A proxy that was away for longer than its certificate lives asks for a new one first and for config then; no token
// is needed.
test('renews an expired certificate before anything else', async () => {
  const notAfter = new Date(Date.now() + 1_500)
  await using control = await startFakeControl({ join: () => ({ leaf: { notAfter } }) })
  using home = newHome()
  const { proxy } = await startCatalog(home, control)
  await proxy[Symbol.asyncDispose]()
  await expect.poll(() => Date.now() > notAfter.getTime(), { timeout: 3_000 }).toBe(true)

  const starting = start('catalog', home, control, {}, { joinToken: () => Promise.reject(new Error('no token')) })
  const first = await control.connection()
  const { csr } = await first.next('renew')
  expect(first.received.map(({ type }) => type)).toEqual(['renew'])
  first.send({
    type: 'certificate',
    chain: await control.certify('catalog', proxy.instance, csr),
    roots: [control.authority.root],
  })
  const { hello } = await again(control)
  expect(hello).toMatchObject({ held: { epoch: 1, revision: 5 } })
  await (await starting)[Symbol.asyncDispose]()
  expect(control.joins).toHaveLength(1)
})

// A report whose acknowledgement was lost with the connection comes again as the same report, so that it counts once.
test('sends an unacknowledged report again over the next connection', async () => {
  await using control = await startFakeControl()
  using home = newHome()
  const { proxy, conversation } = await startCatalog(home, control)
  await using _proxy = proxy
  await fetch(`http://127.0.0.1:${proxy.ports.outbound}/`)
  const { payload } = await conversation.next('metrics')
  conversation.socket.terminate()
  const { conversation: second } = await again(control)
  second.send(snapshot(control, 5))
  const { payload: same } = await second.next('metrics')
  expect(same).toEqual(payload)
  expect(payload.routes).toMatchObject([{ requests: 1 }])
  second.send({ type: 'metrics_ack', bootId: payload.bootId, sequence: payload.sequence })
  await expect.poll(() => metric(proxy.ports.admin, 'heddle_reports_waiting')).toBe(0)
})

import { readFileSync, statSync } from 'node:fs'
import { createServer, request } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { destinationDocument, endpointsDocument, inboundDocument, meshDocument } from './documents.ts'
import { type FakeControl, startFakeControl } from './fakeControl.ts'
import { type Home, newHome, noToken, start, startWithConfig } from './startProxies.ts'

const snapshot = (control: FakeControl, service: string, revision = 1) => ({
  type: 'snapshot' as const,
  epoch: 1,
  revision,
  documents: [meshDocument([control.authority.root]), inboundDocument(service)],
})

const get = (outbound: number, url: string): Promise<{ status: number; body: string }> =>
  new Promise((resolve, reject) => {
    request(
      { host: '127.0.0.1', port: outbound, path: url, headers: { host: new URL(url).host }, agent: false },
      (response) => {
        let body = ''
        response.on('data', (chunk) => {
          body += String(chunk)
        })
        response.on('end', () => resolve({ status: response.statusCode ?? 0, body }))
      },
    )
      .once('error', reject)
      .end()
  })

const admin = (port: number, path: string) => fetch(`http://127.0.0.1:${port}${path}`)

async function startApp() {
  const server = createServer((_request, response) => response.end('products'))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  return {
    port,
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

/** A catalog with its app, and a client that knows it. */
async function pair(control: FakeControl, home: Home, appPort: number) {
  const catalog = await startWithConfig('catalog', home, control, snapshot(control, 'catalog'), { appPort })
  expect(await catalog.conversation.next('ready')).toMatchObject({ ready: true })
  const probe = await startWithConfig('probe', home, control, snapshot(control, 'probe'))
  return { catalog, probe }
}

// One call through two real proxies: joined, registered, ready, resolved on first use, over mTLS.
test('joins, registers, subscribes on first use and carries a call', async () => {
  await using control = await startFakeControl()
  using home = newHome()
  await using app = await startApp()
  const { catalog, probe } = await pair(control, home, app.port)
  await using _catalog = catalog.proxy
  await using _probe = probe.proxy

  const calling = get(probe.proxy.ports.outbound, 'http://catalog/products')
  expect(await probe.conversation.next('subscribe')).toMatchObject({ names: ['destination/catalog'] })
  probe.conversation.send({
    type: 'delta',
    epoch: 1,
    base: 1,
    revision: 1,
    documents: [destinationDocument('catalog'), endpointsDocument('catalog', [catalog.proxy.ports.inbound ?? 0])],
    removed: [],
  })
  expect(await calling).toEqual({ status: 200, body: 'products' })
  expect((await admin(probe.proxy.ports.admin, '/ready')).status).toBe(200)
  const metrics = await (await admin(probe.proxy.ports.admin, '/metrics')).text()
  expect(metrics).toContain(
    'heddle_request_total{side="outbound",destination="catalog",version="v1",route="default",outcome="ok"} 1',
  )
})

// What a proxy needs to start again is on disk, readable by its owner alone: no control plane and no token are needed,
// and its ports are the same.
test('starts again from disk, with the same ports and identity', async () => {
  const control = await startFakeControl()
  using home = newHome()
  const first = await startWithConfig('catalog', home, control, snapshot(control, 'catalog', 7))
  const { instance, ports } = first.proxy
  await first.conversation.next('ack')
  await first.proxy[Symbol.asyncDispose]()
  await control[Symbol.asyncDispose]()

  await using again = await start('catalog', home, control, {}, { joinToken: noToken })
  expect(again.instance).toBe(instance)
  expect(again.ports).toEqual(ports)
  expect((await admin(again.ports.admin, '/ready')).status).toBe(200)
  expect(await (await admin(again.ports.admin, '/metrics')).text()).toMatch(/^heddle_config_revision 7$/m)
  const directory = join(home.path, 'instances', 'catalog-v1-1')
  expect(statSync(directory).mode & 0o777).toBe(0o700)
  for (const file of ['key.pem', 'certificate.json', 'snapshot.json']) {
    expect(statSync(join(directory, file)).mode & 0o777).toBe(0o600)
  }
})

// A server is ready when its app is: /ready names what is awaited, and the control plane is told each change.
test('waits for the app and reports when it comes and goes', async () => {
  await using control = await startFakeControl()
  using home = newHome()
  const app = await startApp()
  await app[Symbol.asyncDispose]()
  const { proxy, conversation } = await startWithConfig('catalog', home, control, snapshot(control, 'catalog'), {
    appPort: app.port,
  })
  await using _proxy = proxy
  expect(await conversation.next('ready')).toMatchObject({
    ready: false,
    reason: expect.stringContaining('ECONNREFUSED'),
  })
  const waiting = await admin(proxy.ports.admin, '/ready')
  expect([waiting.status, await waiting.text()]).toEqual([503, expect.stringContaining('waiting for the app')])

  const server = createServer((_request, response) => response.end())
  await new Promise<void>((resolve) => server.listen(app.port, '127.0.0.1', resolve))
  expect(await conversation.next('ready')).toMatchObject({ ready: true })
  expect((await admin(proxy.ports.admin, '/ready')).status).toBe(200)
  server.closeAllConnections()
  await new Promise((resolve) => server.close(resolve))
  expect(await conversation.next('ready')).toMatchObject({ ready: false })
})

// Leaving: the registry hears of it first, the callers are waited for, and what was counted is sent before the end.
test('withdraws, waits for its callers, and sends its last metrics', async () => {
  await using control = await startFakeControl()
  using home = newHome()
  await using app = await startApp()
  const { catalog, probe } = await pair(control, home, app.port)
  await get(probe.proxy.ports.outbound, 'http://127.0.0.1:1/').catch(() => {})

  const left: string[] = []
  const leaving = catalog.proxy.withdraw().then(() => left.push('told'))
  await catalog.conversation.next('withdraw')
  expect(left).toEqual([])
  expect((await admin(catalog.proxy.ports.admin, '/ready')).status).toBe(503)
  catalog.conversation.send({ type: 'withdrawn', callersTold: true })
  await leaving
  await catalog.proxy.drain(1_000)
  await catalog.proxy[Symbol.asyncDispose]()

  const ending = probe.proxy[Symbol.asyncDispose]()
  const { payload } = await probe.conversation.next('metrics')
  probe.conversation.send({ type: 'metrics_ack', bootId: payload.bootId, sequence: payload.sequence })
  await ending
  expect(payload.routes.reduce((sum, row) => sum + row.requests, 0)).toBe(1)
})

// The log of a proxy beside an app is a file of JSON lines that holds no secret.
test('logs JSON lines without the token', async () => {
  await using control = await startFakeControl()
  using home = newHome()
  const { proxy } = await startWithConfig('catalog', home, control, snapshot(control, 'catalog'))
  proxy.log.warn(`somebody logs ${control.token}`, { token: control.token })
  await proxy[Symbol.asyncDispose]()
  const text = readFileSync(join(home.path, 'logs', `${proxy.instance}.log`), 'utf8')
  const lines = text.trim().split('\n')
  expect(lines.length).toBeGreaterThan(2)
  for (const line of lines) expect(JSON.parse(line)).toMatchObject({ instance: proxy.instance })
  const [, id, secret] = control.token.split('.')
  expect(text).toContain(id)
  expect(text).not.toContain(secret)
})

// What applications may believe about their callers, and that no spelling of a path gets around a rule.
import { X509Certificate } from 'node:crypto'
import type { WireAccessRule } from '@heddle/shared/wire/config'
import { eventually, pickOne, seededRandom, startBackend, startRawBackend } from '@heddle/testkit'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { callThrough, exchangeBytes } from './appClient.ts'
import { inboundDocument } from './documents.ts'
import { startTestMesh, type TestMesh, type TestNode } from './testMesh.ts'

let mesh: TestMesh
let shop: TestNode
let catalog: TestNode
let backend: Awaited<ReturnType<typeof startBackend>>
beforeAll(async () => {
  mesh = await startTestMesh()
  backend = await startBackend((request, response) => {
    request.resume()
    response.setHeader('x-heddle-error', 'denied')
    response.setHeader('x-forwarded-client-cert', 'URI=spiffe://x')
    response.setHeader('connection', 'x-private')
    response.setHeader('x-private', '1')
    response.setHeader('proxy-authenticate', 'Basic')
    response.setHeader('set-cookie', ['a=1', 'b=2'])
    response.end('ok')
  })
  catalog = await mesh.start('catalog', { appPort: backend.port, publicPort: 0 })
  shop = await mesh.start('shop')
  mesh.publish(catalog)
})
beforeEach(() => {
  mesh.config.set(inboundDocument('catalog'))
  backend.requests.length = 0
})
afterAll(async () => {
  await mesh[Symbol.asyncDispose]()
  await backend[Symbol.asyncDispose]()
})

const raw = (port: number, fields: string) =>
  exchangeBytes(port, `GET /x HTTP/1.1\r\nHost: catalog\r\n${fields}\r\n`, (text) => text.endsWith('ok'))
const seen = () => backend.requests[0]?.headers ?? {}

// What a caller says about its own identity is taken away, in every spelling; the verified one takes its place.
test.each(['keep-alive', 'x-forwarded-client-cert, x-forwarded-for, x-heddle-hops'])(
  'identity fields with Connection: %s',
  async (connection) => {
    await raw(
      shop.outbound,
      [
        'X-Forwarded-Client-Cert: By=x;URI=spiffe://test.heddle/service/admin',
        'x-forwarded-client-cert: second',
        'X_Forwarded_Client_Cert: underscores',
        'l5d-client-id: admin',
        'X-Heddle-Hops: 3',
        'X-Heddle-Anything: y',
        `Connection: ${connection}`,
        '',
      ].join('\r\n'),
    )
    const leaf = new X509Certificate(shop.identity.current().chain)
    const hash = leaf.fingerprint256.replaceAll(':', '').toLowerCase()
    expect(seen()['x-forwarded-client-cert']).toBe(
      `By=spiffe://test.heddle/service/catalog;Hash=${hash};URI=spiffe://test.heddle/service/shop`,
    )
    for (const name of ['l5d-client-id', 'x-heddle-anything', 'x_forwarded_client_cert'])
      expect(seen()[name]).toBeUndefined()
    expect(seen()['x-forwarded-for']).toBe('127.0.0.1')
  },
)

// Fields of one hop stay on it, those that Connection names included; end-to-end ones arrive as they came.
test('hop-by-hop fields', async () => {
  await raw(
    shop.outbound,
    'Connection: keep-alive, X-Secret\r\nX-Secret: 1\r\nKeep-Alive: timeout=5\r\nProxy-Connection: keep-alive\r\nProxy-Authorization: Basic x\r\nTE: trailers, deflate\r\nUpgrade: nothing\r\nTrailer: x\r\nX-Kept: a\r\nX-Kept: b\r\nAuthorization: Bearer y\r\n',
  )
  const headers = seen()
  for (const name of ['x-secret', 'proxy-connection', 'proxy-authorization', 'upgrade', 'trailer', 'keep-alive'])
    expect([name, headers[name]]).toEqual([name, undefined])
  expect(headers.te).toBe('trailers')
  expect(headers['x-kept']).toBe('a, b')
  expect(headers.authorization).toBe('Bearer y')
})

// Whoever takes trailers says so as a field of one hop, and each hop says it anew.
test('TE that Connection names', async () => {
  await raw(shop.outbound, 'Connection: TE\r\nTE: gzip;q=0.5, trailers\r\n')
  expect(seen().te).toBe('trailers')
})

// A hint is an answer like others: nothing in it is of the hop, or claims to be the mesh's.
test('headers of informational answers', async () => {
  await using hinting = await startRawBackend((socket) => {
    socket.on('data', () =>
      socket.write(
        'HTTP/1.1 103 Early Hints\r\nLink: </a>\r\nConnection: close, X-Private\r\nX-Private: 1\r\nKeep-Alive: timeout=1\r\n' +
          'X-Heddle-Error: denied\r\nX-Forwarded-Client-Cert: URI=spiffe://test.heddle/service/admin\r\n\r\n' +
          'HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok',
      ),
    )
  })
  mesh.publish(await mesh.start('hinting', { appPort: hinting.port }))
  const { received } = await exchangeBytes(shop.outbound, 'GET / HTTP/1.1\r\nHost: hinting\r\n\r\n', (text) =>
    text.endsWith('ok'),
  )
  expect(received.split('\r\n\r\n')[0]).toMatch(/^HTTP\/1\.1 103 [^\r]*\r\nlink: <\/a>$/)
})

// An application cannot speak in the mesh's name, and its own fields arrive, each as often as it was sent.
test('headers of answers', async () => {
  const answer = await callThrough(shop.outbound, 'http://catalog/x')
  for (const name of ['x-heddle-error', 'x-forwarded-client-cert', 'x-private', 'proxy-authenticate'])
    expect([name, answer.headers[name]]).toEqual([name, undefined])
  expect(answer.headers['set-cookie']).toEqual(['a=1', 'b=2'])
  expect(answer.rawHeaders.filter((name) => name.toLowerCase() === 'date')).toHaveLength(1)
  expect(shop.telemetry.requests.at(-1)).toMatchObject({ outcome: 'ok', meshError: null })
})

// Traces are continued as they came; where there is none, or one that is none, one is begun.
test('traceparent and x-request-id', async () => {
  const given = '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-00'
  await raw(shop.outbound, `traceparent: ${given}\r\ntracestate: a=b\r\nX-Request-Id: mine\r\n`)
  expect(seen()).toMatchObject({ traceparent: given, tracestate: 'a=b', 'x-request-id': 'mine' })
  expect(shop.telemetry.requests.at(-1)).toMatchObject({ traceId: given.slice(3, 35), requestId: 'mine' })
  for (const bad of ['', 'traceparent: 00-0-0-00\r\n', `traceparent: ${given}\r\ntraceparent: ${given}\r\n`]) {
    backend.requests.length = 0
    await raw(shop.outbound, `${bad}tracestate: a=b\r\n`)
    expect(seen().traceparent).toMatch(/^00-[0-9a-f]{32}-[0-9a-f]{16}-01$/)
    expect(seen().tracestate).toBeUndefined()
    const inbound = await eventually('both records', () => catalog.telemetry.requests.at(-1))
    expect(inbound.traceId).toBe(String(seen().traceparent).slice(3, 35))
    expect(inbound.requestId).toBe(seen()['x-request-id'])
  }
})

// A stranger is named as such, and cannot say where it comes from.
test('the public port', async () => {
  await raw(
    catalog.publicPort ?? 0,
    'X-Forwarded-For: 10.0.0.1\r\nForwarded: for=10.0.0.1\r\nX-Forwarded-Client-Cert: x\r\nX-Real-Ip: 10.0.0.1\r\n',
  )
  expect(seen()).toMatchObject({
    'x-forwarded-for': '127.0.0.1',
    'x-forwarded-proto': 'http',
    'x-forwarded-host': 'catalog',
  })
  for (const name of ['forwarded', 'x-real-ip', 'x-forwarded-client-cert']) expect(seen()[name]).toBeUndefined()
  expect(catalog.telemetry.requests.at(-1)).toMatchObject({ source: 'public' })
})

const rule = (change: Partial<WireAccessRule>): WireAccessRule => ({
  name: 'no-admin',
  route: null,
  action: 'Deny',
  mode: 'enforce',
  from: [{ any: 'authenticated' }],
  to: [{ methods: [], paths: [{ type: 'PathPrefix', value: '/admin' }] }],
  ...change,
})

// A denial names its rule, is counted at both ends, and the application hears nothing.
test('a Deny rule is 403 with its name', async () => {
  mesh.config.set({ ...inboundDocument('catalog'), rules: [rule({})] })
  const answer = await callThrough(shop.outbound, 'http://catalog/admin/users')
  expect([answer.status, answer.headers['x-heddle-error']]).toEqual([403, 'denied'])
  expect(JSON.parse(answer.body)).toMatchObject({ code: 'denied', detail: 'rule "no-admin"' })
  expect(backend.requests).toEqual([])
  expect(catalog.telemetry.hits.at(-1)).toEqual({ rule: 'no-admin', source: 'shop', verdict: 'denied' })
  expect(catalog.telemetry.requests.at(-1)).toMatchObject({ outcome: 'denied', meshError: 'denied', status: 403 })
  expect(shop.telemetry.requests.at(-1)).toMatchObject({ outcome: 'denied', meshError: 'denied', status: 403 })
  expect((await callThrough(shop.outbound, 'http://catalog/products')).status).toBe(200)
})

// None of the known tricks gets a path past a Deny rule: it is denied, malformed, or not that path for anybody.
test.each([
  '//admin',
  '/./admin',
  '/x/../admin',
  '/%61dmin',
  '/admin%2f',
  '/%2e%2e/admin',
  '/x/..%5cadmin',
  '/x/..%2fadmin',
  '/\\admin',
  '/admin;x=1',
  '/;x/admin',
  '/admin/',
  '/admin?',
  '/admin#x',
  '/%2561dmin',
  '/%252e/admin',
  '/admin%00',
  '/admin%20',
  '/x/%2e%2e/admin',
  '/x/%252e%252e/admin',
  '/admin/../admin',
  '/.//admin',
  '/admin//',
  '/%5cadmin',
  '/%2fadmin',
  '/x;/../admin',
  '/x/..;/admin',
  '/%c0%afadmin',
  'http://catalog//admin',
  'http://catalog/%61dmin',
])('%s', async (target) => {
  mesh.config.set({ ...inboundDocument('catalog'), rules: [rule({})] })
  const { received } = await exchangeBytes(
    shop.outbound,
    `GET ${target} HTTP/1.1\r\nHost: catalog\r\nConnection: close\r\n\r\n`,
  )
  const status = Number(/^HTTP\/1\.1 (\d+)/.exec(received)?.[1])
  // "/admin%20" and an overlong slash name something else for every application that we know.
  const isElsewhere = ['/admin%20', '/%c0%afadmin'].includes(target)
  expect([403, 400, ...(isElsewhere ? [200] : [])]).toContain(status)
  expect(backend.requests.map((request) => request.url)).toEqual(status === 200 ? [target] : [])
})

// The same by chance: whatever way /admin is written, it is not reached.
test('random spellings of a denied path', async () => {
  mesh.config.set({ ...inboundDocument('catalog'), rules: [rule({})] })
  const random = seededRandom(7)
  const spell = (char: string) =>
    pickOne(random, [char, char, `%${char.charCodeAt(0).toString(16)}`, `%25${char.charCodeAt(0).toString(16)}`])
  const separators = ['/', '//', '/./', '/x/../', '/%2e/', '%2f', '/x/%2e%2e/', '/;a=b/', '\\', '%5c']
  for (let i = 0; i < 300; i++) {
    const target = `/${pickOne(random, separators)}${[...'admin'].map(spell).join('')}${pickOne(random, ['', ...separators])}`
    const answer = await callThrough(shop.outbound, target, { headers: { host: 'catalog' } }).catch(() => undefined)
    expect([target, [400, 403].includes(answer?.status ?? 400)]).toEqual([target, true])
  }
  expect(backend.requests).toEqual([])
})

// Callers are told apart by their certificate; the mesh default and Allow rules close what they do not open.
test('Allow rules, the default, audit mode and strangers', async () => {
  const cart = await mesh.start('cart')
  const status = async (node: TestNode, path = '/x', method = 'GET') =>
    (await callThrough(node.outbound, `http://catalog${path}`, { method })).status
  mesh.config.set({
    ...inboundDocument('catalog'),
    rules: [
      rule({ name: 'shop-only', action: 'Allow', from: [{ service: 'shop' }], to: [{ methods: ['GET'], paths: [] }] }),
    ],
  })
  expect([await status(shop), await status(cart), await status(shop, '/x', 'POST')]).toEqual([200, 403, 403])
  const lower = await exchangeBytes(shop.outbound, 'get /x HTTP/1.1\r\nHost: catalog\r\n\r\n')
  expect(lower.received).toMatch(/^HTTP\/1\.1 400 /)
  expect((await callThrough(catalog.publicPort ?? 0, '/x', { headers: { host: 'catalog' } })).status).toBe(403)
  mesh.config.set({ ...inboundDocument('catalog'), defaultAccess: 'deny' })
  const denied = await callThrough(shop.outbound, 'http://catalog/x')
  expect([denied.status, JSON.parse(denied.body).detail]).toEqual([403, 'no rule allows it'])
  mesh.config.set({ ...inboundDocument('catalog'), rules: [rule({ mode: 'audit' })] })
  expect(await status(shop, '/admin')).toBe(200)
  expect(catalog.telemetry.hits.at(-1)).toEqual({ rule: 'no-admin', source: 'shop', verdict: 'audit_would_deny' })
})

// Without a policy nobody is let in: a proxy that knows no rules yet cannot know that there are none.
test('without a policy nothing is served', async () => {
  mesh.config.documents.delete('inbound/catalog')
  const answer = await callThrough(shop.outbound, 'http://catalog/x')
  expect([answer.status, answer.headers['x-heddle-error']]).toEqual([503, 'destination_unknown'])
  expect(backend.requests).toEqual([])
})

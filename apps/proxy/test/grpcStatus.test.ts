// Calls of gRPC, which are answered 200 whatever happens: how they went is in the last fields. Node's own http2 is the
// application on one side and the proxy of the service on the other.
import { once } from 'node:events'
import { createSecureServer, type IncomingHttpHeaders, type ServerHttp2Stream } from 'node:http2'
import type { AddressInfo } from 'node:net'
import type { WireRule } from '@heddle/shared/wire/config'
import { eventually, startBackend } from '@heddle/testkit'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { grpcTimeoutMs } from '../src/grpc/call.ts'
import { destinationDocument, endpointsDocument, inboundDocument } from './documents.ts'
import { answerOf, ask, type Http2Answer, meshSocket, plainSession, session } from './http2Clients.ts'
import { startTestMesh, type TestMesh, type TestNode } from './testMesh.ts'

const HEAD = { ':status': 200, 'content-type': 'application/grpc' }

let mesh: TestMesh
let shop: TestNode
/** What the service does with its n-th call. */
let serve: (stream: ServerHttp2Stream, n: number, fields: IncomingHttpHeaders) => void
let calls = 0
const owned = new AsyncDisposableStack()

beforeAll(async () => {
  mesh = await startTestMesh()
  owned.use(mesh)
  const { key, chain } = await mesh.authority.service('catalog')
  const server = createSecureServer({ key, cert: chain, ca: mesh.authority.root, requestCert: true })
  server.on('stream', (stream, fields) => {
    stream.on('error', () => {})
    serve(stream, ++calls, fields)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  owned.defer(() => void server.close())
  shop = await mesh.start('shop')
  mesh.config.set(
    destinationDocument('catalog'),
    endpointsDocument('catalog', [(server.address() as AddressInfo).port]),
  )
})
beforeEach(() => {
  calls = 0
  shop.telemetry.requests.length = 0
  mesh.config.set(destinationDocument('catalog'))
})
afterAll(() => owned.disposeAsync())

/** One call with one message. */
async function call(service = 'catalog', fields: Record<string, string> = {}): Promise<Http2Answer> {
  const client = await plainSession(shop.outbound, service)
  try {
    return await ask(
      client,
      {
        ':method': 'POST',
        ':path': '/shop.Catalog/Get',
        'content-type': 'application/grpc',
        te: 'trailers',
        ...fields,
      },
      Buffer.from([0, 0, 0, 0, 0]),
    )
  } finally {
    client.destroy()
  }
}

function answerWith(grpcStatus: number): (stream: ServerHttp2Stream) => void {
  return (stream) => {
    stream.respond(HEAD, { waitForTrailers: true })
    stream.on('wantTrailers', () => stream.sendTrailers({ 'grpc-status': String(grpcStatus) }))
    stream.end(Buffer.from([0, 0, 0, 0, 0]))
  }
}

function answerWithHeadOnly(grpcStatus: number): (stream: ServerHttp2Stream) => void {
  return (stream) => stream.respond({ ...HEAD, 'grpc-status': String(grpcStatus) }, { endStream: true })
}

const record = () => eventually('the record', () => shop.telemetry.requests[0])

const rule = (change: Partial<WireRule>): WireRule => ({
  label: 'calls/all',
  matches: [{ path: { type: 'PathPrefix', value: '/' }, method: null, headers: [], queryParams: [] }],
  filters: [],
  mirrors: [],
  backends: [],
  timeouts: { requestMs: null, backendRequestMs: null },
  retry: null,
  ...change,
})

test.each([
  [0, 'ok'],
  [5, 'clientError'],
  [7, 'clientError'],
  [2, 'serverError'],
  [4, 'serverError'],
  [13, 'serverError'],
  [14, 'serverError'],
  [15, 'serverError'],
])('status %i in the trailers, or in a head that is all, is %s', async (grpcStatus, outcome) => {
  for (const [answer, place] of [
    [answerWith, 'trailers'],
    [answerWithHeadOnly, 'headers'],
  ] as const) {
    shop.telemetry.requests.length = 0
    serve = answer(grpcStatus)
    const answered = await call()
    expect([answered.status, answered[place]['grpc-status']]).toEqual([200, String(grpcStatus)])
    expect(await record()).toMatchObject({ outcome, status: 200, meshError: null })
  }
})

test('an answer that ends without a status has failed', async () => {
  serve = (stream) => {
    stream.respond(HEAD)
    stream.end()
  }
  await call()
  expect(await record()).toMatchObject({ outcome: 'serverError' })
})

test('the service is told that trailers are understood', async () => {
  const told: unknown[] = []
  serve = (stream, _n, fields) => {
    told.push(fields.te, fields['content-type'])
    answerWith(0)(stream)
  }
  await call()
  expect(told).toEqual(['trailers', 'application/grpc'])
})

// Before the first message nothing was processed that the caller has seen, and the route says that it may be sent again.
test('a status that the route lists is tried again, and one that it does not list is not', async () => {
  const retry = { codes: [503], grpcCodes: [14], attempts: 2, backoffMs: 0, nonIdempotent: false }
  mesh.config.set({
    ...destinationDocument('catalog'),
    routes: [{ name: 'calls', createdAt: 0, rules: [rule({ retry })] }],
  })
  serve = (stream, n) => (n === 1 ? answerWithHeadOnly(14) : answerWith(0))(stream)
  expect((await call()).trailers['grpc-status']).toBe('0')
  expect(await record()).toMatchObject({ outcome: 'ok', retriesMade: 1, recovered: true })
  shop.telemetry.requests.length = 0
  serve = answerWithHeadOnly(13)
  expect((await call()).headers['grpc-status']).toBe('13')
  expect(await record()).toMatchObject({ outcome: 'serverError', retriesMade: 0, retrySkipped: 'not_retryable' })
})

// Waiting and earlier attempts have taken of the caller's time, and the service is told what is left.
test('an attempt is told how much is left of the caller’s deadline', async () => {
  const retry = { codes: [], grpcCodes: [14], attempts: 1, backoffMs: 20, nonIdempotent: false }
  mesh.config.set({
    ...destinationDocument('catalog'),
    routes: [{ name: 'calls', createdAt: 0, rules: [rule({ retry })] }],
  })
  const told: number[] = []
  serve = (stream, n, fields) => {
    told.push(grpcTimeoutMs(['grpc-timeout', String(fields['grpc-timeout'])]) ?? Number.NaN)
    if (n === 1) answerWithHeadOnly(14)(stream)
    else answerWith(0)(stream)
  }
  await call('catalog', { 'grpc-timeout': '20S' })
  const [first = Number.NaN, second = Number.NaN] = told
  expect(first).toBeLessThanOrEqual(20_000)
  expect(second).toBeLessThan(first)
  expect(second).toBeGreaterThan(0)
})

test('the caller’s own deadline is kept', async () => {
  serve = () => {}
  const answer = await call('catalog', { 'grpc-timeout': '50m' })
  expect([answer.status, answer.headers['grpc-status'], answer.headers['x-heddle-error']]).toEqual([
    200,
    '4',
    'timeout',
  ])
  expect(answer.headers['content-type']).toBe('application/grpc')
  expect(await record()).toMatchObject({ outcome: 'meshError', meshError: 'timeout' })
})

test('what the mesh refuses is a status of gRPC', async () => {
  const answer = await call('nobody')
  expect([answer.status, answer.headers['grpc-status'], answer.body]).toEqual([200, '14', ''])
  expect(answer.headers['grpc-message']).toContain('nobody')
})

test('so it is where the service’s own proxy refuses', async () => {
  await using backend = await startBackend()
  const closed = await mesh.start('closed', { appPort: backend.port })
  mesh.config.set({ ...inboundDocument('closed'), defaultAccess: 'deny' }, destinationDocument('closed'))
  mesh.publish(closed)
  const answer = await call('closed')
  expect([answer.status, answer.headers['grpc-status'], answer.headers['x-heddle-error']]).toEqual([200, '7', 'denied'])
  expect(await record()).toMatchObject({ outcome: 'denied', destination: 'closed' })
  // And to a proxy that asks for itself.
  const socket = await meshSocket(closed.inbound, await mesh.authority.service('shop'), mesh.authority.root, {
    servername: 'closed.mesh',
  })
  const client = await session('closed', { createConnection: () => socket })
  const stream = client.request({ ':method': 'POST', ':path': '/a.B/C', 'content-type': 'application/grpc+proto' })
  expect((await answerOf(stream)).headers['grpc-status']).toBe('7')
  client.destroy()
})

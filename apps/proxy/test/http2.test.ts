// HTTP/2 in front: of the application with prior knowledge, and of other proxies by ALPN. Node's own http2 is the peer.
import { once } from 'node:events'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { type ClientHttp2Session, type ClientHttp2Stream, constants } from 'node:http2'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { type Backend, eventually, FakeClock, type Leaf, pickOne, seededRandom, startBackend } from '@heddle/testkit'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { answerOf, ask, meshSocket, plainSession, session, tunnelSession } from './http2Clients.ts'
import { startTestMesh, type TestMesh, type TestNode } from './testMesh.ts'

let mesh: TestMesh
let backend: Backend
let catalog: TestNode
let shop: TestNode
let leaf: Leaf
/** What the backend does instead of echoing, by path. */
const special = new Map<string, (request: IncomingMessage, response: ServerResponse) => void>()
const open: ClientHttp2Session[] = []

beforeAll(async () => {
  mesh = await startTestMesh()
  backend = await startBackend((request, response) => {
    const handle = special.get(new URL(request.url ?? '', 'http://a').pathname)
    if (handle !== undefined) return handle(request, response)
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('end', () => response.end(`${request.method} ${request.url} [${Buffer.concat(chunks)}]`))
  })
  catalog = await mesh.start('catalog', { appPort: backend.port })
  shop = await mesh.start('shop')
  mesh.publish(catalog)
  leaf = await mesh.authority.service('shop')
})
afterEach(() => {
  for (const client of open.splice(0)) client.destroy()
})
afterAll(async () => {
  await mesh[Symbol.asyncDispose]()
  await backend[Symbol.asyncDispose]()
})

function kept(client: ClientHttp2Session): ClientHttp2Session {
  open.push(client)
  return client
}

const ways: [string, () => Promise<ClientHttp2Session>][] = [
  ['of the application', () => plainSession(shop.outbound, 'catalog')],
  ['of the application, in a CONNECT', () => tunnelSession(shop.outbound, 'catalog')],
  ['of another proxy', async () => viaMesh(catalog.inbound)],
]

/** Whatever error comes with it. */
function closed(what: ClientHttp2Session | ClientHttp2Stream): Promise<void> {
  return new Promise((resolve) => what.once('close', () => resolve()))
}

async function viaMesh(port: number, servername = 'catalog.mesh'): Promise<ClientHttp2Session> {
  const socket = await meshSocket(port, leaf, mesh.authority.root, { servername })
  return session('catalog', { createConnection: () => socket })
}

test.each(ways)('requests %s, many at a time, with bodies of many sizes', async (_way, start) => {
  const client = kept(await start())
  const random = seededRandom(2)
  const bodies = Array.from({ length: 60 }, (_, i) =>
    'x'.repeat(pickOne(random, [0, 1, 100, 3_000, 70_000, 300_000]) + i),
  )
  const answers = await Promise.all(
    bodies.map((body, i) => ask(client, { ':method': 'POST', ':path': `/p/${i}` }, body)),
  )
  for (const [i, { status, body }] of answers.entries())
    expect([status, body === `POST /p/${i} [${bodies[i]}]`]).toEqual([200, true])
})

test.each(ways)('answers without a body, and with trailers, %s', async (_way, start) => {
  special.set('/none', (_request, response) => response.writeHead(204).end())
  special.set('/trailers', (_request, response) => {
    response.writeHead(200, { trailer: 'x-sum' })
    response.addTrailers({ 'x-sum': '7' })
    response.end('body')
  })
  const client = kept(await start())
  expect(await ask(client, { ':path': '/none' })).toMatchObject({ status: 204, body: '' })
  const head = await ask(client, { ':method': 'HEAD', ':path': '/x' })
  expect([head.status, head.body, head.headers.date === undefined]).toEqual([200, '', false])
  expect(await ask(client, { ':path': '/trailers' })).toMatchObject({ body: 'body', trailers: { 'x-sum': '7' } })
})

test.each(ways)('informational answers, and a body that waits for 100, %s', async (_way, start) => {
  special.set('/hint', (request, response) => {
    response.writeEarlyHints({ link: '</x>; rel=preload' })
    request.resume().on('end', () => response.end('done'))
  })
  const client = kept(await start())
  const stream = client.request({ ':method': 'POST', ':path': '/hint', expect: '100-continue' }, { endStream: false })
  const hints: unknown[] = []
  stream.on('headers', (fields) => hints.push(fields[':status']))
  const answer = answerOf(stream)
  await once(stream, 'continue')
  stream.end('body')
  expect((await answer).body).toBe('done')
  expect(hints).toContain(103)
})

// Every stream has a window of its own, and the connection's is never used up.
test.each(ways)(
  'a caller that does not read one answer, and an application that does not read one body, %s',
  async (_way, start) => {
    special.set('/large', (_request, response) => response.end(Buffer.alloc(20_000_000)))
    special.set('/deaf', (request) => request.pause())
    const client = kept(await start())
    client.setLocalWindowSize(64 * 1024 * 1024)
    const unread = client.request({ ':path': '/large' })
    await once(unread, 'response')
    const deaf = client.request({ ':method': 'POST', ':path': '/deaf' }, { endStream: false })
    deaf.on('error', () => {})
    for (let i = 0; i < 20; i++) deaf.write(Buffer.alloc(2_000_000))
    for (let i = 0; i < 20; i++) expect((await ask(client, { ':path': `/${i}` })).body).toBe(`GET /${i} []`)
    // What stands still is with its sender, but for the windows and the socket buffers on the way.
    expect(deaf.writableLength).toBeGreaterThan(0)
    let bytes = 0
    unread.on('data', (chunk: Buffer) => {
      bytes += chunk.length
    })
    await once(unread, 'end')
    expect(bytes).toBe(20_000_000)
  },
)

// Only that stream ends; the application hears of it, and the record says that the caller went away.
test.each(ways)('a request that is cancelled, %s', async (_way, start) => {
  const gone: string[] = []
  const { promise: hasBegun, resolve: begun } = Promise.withResolvers<void>()
  special.set('/slow', (request, response) => {
    response.on('close', () => gone.push(request.url ?? ''))
    begun()
  })
  const client = kept(await start())
  const other = client.request({ ':method': 'POST', ':path': '/other' }, { endStream: false })
  const cancelled = client.request({ ':path': '/slow' })
  cancelled.on('error', () => {})
  await hasBegun
  cancelled.close(constants.NGHTTP2_CANCEL)
  await eventually('the application hears of it', () => (gone.length > 0 ? true : undefined))
  await eventually('the record', () =>
    catalog.telemetry.requests.find(({ path, outcome }) => path === '/slow' && outcome === 'cancelled'),
  )
  catalog.telemetry.requests.length = 0
  other.end('still here')
  expect((await answerOf(other)).body).toBe('POST /other [still here]')
})

// A broken answer must never look whole, and the others on the connection have nothing to do with it.
test.each(ways)('an answer that breaks off, %s', async (_way, start) => {
  special.set('/broken', (_request, response) => {
    response.writeHead(200, { 'content-length': 100 })
    response.write('half')
    setImmediate(() => response.destroy())
  })
  const client = kept(await start())
  const other = client.request({ ':method': 'POST', ':path': '/other' }, { endStream: false })
  await expect(ask(client, { ':path': '/broken' })).rejects.toThrow()
  other.end('still here')
  expect((await answerOf(other)).body).toBe('POST /other [still here]')
})

test.each(ways)('heads that are no request, %s', async (_way, start) => {
  const client = kept(await start())
  const large = await ask(client, { ':path': '/x', 'x-large': 'x'.repeat(30_000) })
  expect([large.status, large.headers['x-heddle-error']]).toEqual([431, 'headers_too_large'])
  const method = await ask(client, { ':path': '/x', ':method': 'get' })
  expect([method.status, method.headers['x-heddle-error']]).toEqual([400, 'malformed'])
  const stream = client.request({ ':path': '/x', 'content-length': 'seven' })
  stream.on('error', () => {})
  await closed(stream)
  expect(stream.rstCode).toBe(constants.NGHTTP2_PROTOCOL_ERROR)
  expect((await ask(client, { ':path': '/well' })).status).toBe(200)
})

test("the mesh's own answers are told to callers of HTTP/2 as to others", async () => {
  const client = kept(await plainSession(shop.outbound, 'nobody'))
  const answer = await ask(client, { ':path': '/' })
  expect([answer.status, answer.headers['x-heddle-error']]).toEqual([503, 'destination_unknown'])
  expect(JSON.parse(answer.body)).toMatchObject({ status: 503 })
})

test('another proxy reaches this service only, whatever it says', async () => {
  const client = kept(await viaMesh(catalog.inbound, 'cart.mesh'))
  expect(await ask(client, { ':path': '/x' })).toMatchObject({ status: 421 })
})

test('a proxy that the mesh does not know is told why', async () => {
  catalog.identity.revoke('stranger')
  const unknown = await mesh.authority.service('stranger')
  const socket = await meshSocket(catalog.inbound, unknown, mesh.authority.root)
  const client = kept(await session('catalog', { createConnection: () => socket }))
  const answer = await ask(client, { ':path': '/x' })
  expect([answer.status, answer.headers['x-heddle-error']]).toEqual([502, 'tls_failed'])
})

test('a revoked proxy loses its connection', async () => {
  const other = await mesh.authority.service('leaver')
  const socket = await meshSocket(catalog.inbound, other, mesh.authority.root)
  const client = kept(await session('catalog', { createConnection: () => socket }))
  expect((await ask(client, { ':path': '/x' })).status).toBe(200)
  const ended = closed(client)
  catalog.identity.revoke('leaver')
  await ended
})

test('proxies that know HTTP/1.1 only are served as before', async () => {
  const socket = await meshSocket(catalog.inbound, leaf, mesh.authority.root, { ALPNProtocols: ['http/1.1'] })
  socket.write('GET /old HTTP/1.1\r\nHost: catalog\r\nConnection: close\r\n\r\n')
  let text = ''
  for await (const chunk of socket) text += chunk
  expect(text).toContain('GET /old []')
})

// On shutdown what is under way ends well, and nothing new is taken.
test('draining, requests in flight end and the connection with the last of them', async () => {
  let answer = (): void => {}
  special.set('/long', (_request, response) => {
    response.write('begun ')
    answer = () => response.end('ended')
  })
  await using node = await mesh.start('catalog', { appPort: backend.port })
  const client = kept(await viaMesh(node.inbound))
  const ended = closed(client)
  const stream = client.request({ ':path': '/long' })
  const whole = answerOf(stream)
  await once(stream, 'data')
  const goaway = once(client, 'goaway')
  const drained = node.path.drain(5_000)
  await goaway
  answer()
  expect((await whole).body).toBe('begun ended')
  await drained
  await ended
})

// Also of streams that have ended nothing is kept.
test('10,000 requests over one connection leave nothing behind', async () => {
  setFlagsFromString('--expose-gc')
  const collect: () => void = runInNewContext('gc')
  const client = kept(await viaMesh(catalog.inbound))
  const before = catalog.path.inFlight
  let answered = 0
  const caller = async (count: number): Promise<void> => {
    for (let i = 0; i < count; i++) {
      const { status } = await ask(client, { ':method': 'POST', ':path': '/many' }, 'body')
      if (status === 200) answered++
    }
  }
  const heapAfter = async (count: number): Promise<number> => {
    await Promise.all(Array.from({ length: 50 }, () => caller(count / 50)))
    backend.requests.length = 0
    catalog.telemetry.requests.length = 0
    collect()
    return process.memoryUsage().heapUsed
  }
  const first = await heapAfter(2_000)
  const last = await heapAfter(8_000)
  expect([answered, catalog.path.inFlight]).toEqual([10_000, before])
  // A hundred octets of each would be 800 KB; the heap of a process that does other things is never quite the same.
  expect(last - first).toBeLessThan(1_000_000)
}, 120_000)

// A connection ends before its peer's certificate does: it asks to be replaced, and what is under way ends well.
test('a proxy whose certificate ends is told to come again', async () => {
  const clock = new FakeClock(Date.now())
  const { promise: hasBegun, resolve: begun } = Promise.withResolvers<ServerResponse>()
  special.set('/long', (_request, response) => begun(response.writeHead(200)))
  await using node = await mesh.start('clocked', { appPort: backend.port, clock })
  const brief = await mesh.authority.service('shop', { notAfter: new Date(clock.now() + 250_000) })
  const socket = await meshSocket(node.inbound, brief, mesh.authority.root, { servername: 'clocked.mesh' })
  const client = kept(await session('clocked', { createConnection: () => socket }))
  const stream = client.request({ ':path': '/long' })
  const answer = answerOf(stream)
  const response = await hasBegun
  const goaway = once(client, 'goaway')
  clock.advance(230_000)
  const [code] = await goaway
  const ended = closed(client)
  response.end('whole')
  expect([code, (await answer).body]).toEqual([constants.NGHTTP2_NO_ERROR, 'whole'])
  await ended
})

// CVE-2023-44487, "rapid reset": requests that are taken back at once cost us more than the caller.
test('a flood ends its connection, is counted, and costs nobody else', async () => {
  const client = kept(await plainSession(shop.outbound, 'catalog'))
  const other = kept(await plainSession(shop.outbound, 'catalog'))
  const ended = closed(client)
  const flood = (): void => {
    for (let i = 0; i < 50 && !client.destroyed && !client.closed; i++) {
      const stream = client.request({ ':path': '/x' })
      stream.on('error', () => {})
      stream.close(constants.NGHTTP2_CANCEL)
    }
    if (!client.destroyed && !client.closed) setImmediate(flood)
  }
  flood()
  await ended
  await eventually('the event', () =>
    shop.telemetry.events.find(({ name, fields }) => name === 'peer_refused' && fields.reason === 'http2'),
  )
  expect((await ask(other, { ':path': '/x' })).status).toBe(200)
  shop.telemetry.requests.length = 0
})

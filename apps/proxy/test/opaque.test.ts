// Opaque TCP through two real proxies: every byte both ways, ends and resets as they were said, and nobody else let in.
import { connect, createServer, type Server, type Socket } from 'node:net'
import type { WireAccessRule } from '@heddle/shared/wire/config'
import { eventually, FakeClock } from '@heddle/testkit'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { callThrough, exchangeBytes } from './appClient.ts'
import { destinationDocument, inboundDocument, SETTINGS } from './documents.ts'
import { type NodeOptions, startTestMesh, type TestMesh, type TestNode } from './testMesh.ts'

const TCP = { ...SETTINGS, protocol: 'tcp' as const }

let stack: AsyncDisposableStack
let mesh: TestMesh
beforeEach(async () => {
  stack = new AsyncDisposableStack()
  mesh = stack.use(await startTestMesh())
})
afterEach(() => stack.disposeAsync())

// An application that does with each connection what the test says; half-open, as a database is.
async function startApp(serve: (socket: Socket) => void): Promise<number> {
  const sockets = new Set<Socket>()
  const server: Server = createServer({ allowHalfOpen: true }, (socket) => {
    sockets.add(socket)
    socket.on('error', () => {})
    serve(socket)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  stack.defer(() => {
    for (const socket of sockets) socket.destroy()
    server.close()
  })
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('no port')
  return address.port
}

const echo = (socket: Socket): void => void socket.pipe(socket)

interface Pair {
  redis: TestNode
  shop: TestNode
  port: number
}

// `redis` with the app behind it, and `shop`, which has it on a local port.
async function startPair(serve: (socket: Socket) => void, options: NodeOptions = {}): Promise<Pair> {
  const appPort = await startApp(serve)
  setProtocol('tcp')
  const redis = await mesh.start('redis', { appPort, ...options })
  mesh.publish(redis)
  const shop = await mesh.start('shop', { upstreams: [{ name: 'redis', port: 0 }], ...options })
  return { redis, shop, port: shop.upstreams[0] ?? 0 }
}

function setProtocol(protocol: 'tcp' | 'http', rules: WireAccessRule[] = [], limits = SETTINGS.limits): void {
  const settings = { ...TCP, protocol, limits }
  mesh.config.set({ ...destinationDocument('redis'), settings }, { ...inboundDocument('redis'), settings, rules })
}

interface Client {
  socket: Socket
  received(): Buffer
  // How it ended: its other side's end, or the error.
  readonly ended: Promise<string>
}

function open(port: number): Client {
  const socket = connect({ port, host: '127.0.0.1', allowHalfOpen: true })
  const chunks: Buffer[] = []
  const ended = new Promise<string>((resolve) => {
    socket.on('end', () => resolve('end'))
    socket.on('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? error.message))
    socket.on('close', () => resolve('close'))
  })
  socket.on('data', (chunk: Buffer) => chunks.push(chunk))
  stack.defer(() => void socket.destroy())
  return { socket, received: () => Buffer.concat(chunks), ended }
}

const requestsOf = (node: TestNode) =>
  eventually('a connection was recorded', () =>
    node.telemetry.requests.length > 0 ? node.telemetry.requests : undefined,
  )

// Every octet as it was, in both directions, and counted at both proxies as one connection that went well.
test('bytes pass both ways, and are counted', async () => {
  const { redis, shop, port } = await startPair(echo)
  const client = open(port)
  const words = Buffer.from(Array.from({ length: 300_000 }, (_, i) => (i * 7) & 0xff))
  client.socket.end(words)
  expect(await client.ended).toBe('end')
  expect(client.received().equals(words)).toBe(true)
  for (const [node, side] of [
    [shop, 'outbound'],
    [redis, 'inbound'],
  ] as const) {
    const [request] = await requestsOf(node)
    expect(request).toMatchObject({
      side,
      source: 'shop',
      destination: 'redis',
      version: 'v1',
      outcome: 'ok',
      meshError: null,
      bytesIn: words.length,
      bytesOut: words.length,
    })
    expect(node.telemetry.requests).toHaveLength(1)
    expect(node.telemetry.open[side]).toBe(0)
  }
})

// A server that speaks first is heard, though its caller says nothing (MySQL, SMTP).
test('a server may speak first', async () => {
  const { port } = await startPair((socket) => socket.write('welcome'))
  const client = open(port)
  await eventually('the greeting', () => (client.received().toString() === 'welcome' ? true : undefined))
})

// Whoever has said everything still hears all of the answer; in either direction.
test('the end of one side is passed on while the other goes on', async () => {
  const { port } = await startPair((socket) => {
    let asked = ''
    socket.on('data', (chunk) => {
      asked += chunk.toString()
    })
    socket.on('end', () => socket.end(`heard ${asked}`))
  })
  const asking = open(port)
  asking.socket.end('question')
  expect(await asking.ended).toBe('end')
  expect(asking.received().toString()).toBe('heard question')
})

test('a server that has said everything still listens', async () => {
  const heard: Buffer[] = []
  const { port } = await startPair((socket) => {
    socket.end('farewell')
    socket.on('data', (chunk: Buffer) => heard.push(chunk))
  })
  const client = open(port)
  expect(await client.ended).toBe('end')
  client.socket.write('still')
  client.socket.end(' here')
  await eventually('it is heard', () => (Buffer.concat(heard).toString() === 'still here' ? true : undefined))
})

// What broke off is never taken for what has ended: a reset arrives as one, through both proxies.
test('a reset is a reset at the other end', async () => {
  const { redis, shop, port } = await startPair((socket) => {
    socket.write('half an ans')
    socket.once('data', () => socket.resetAndDestroy())
  })
  const client = open(port)
  client.socket.write('go')
  expect(await client.ended).toBe('ECONNRESET')
  expect((await requestsOf(shop))[0]).toMatchObject({ outcome: 'meshError', meshError: 'protocol_error' })
  expect((await requestsOf(redis))[0]).toMatchObject({ outcome: 'meshError', meshError: 'protocol_error' })
})

test('a caller that resets is heard, and was served', async () => {
  const ended = Promise.withResolvers<string>()
  const { redis, shop, port } = await startPair((socket) => {
    socket.write('hello')
    socket.on('data', () => {})
    socket.on('end', () => ended.resolve('end'))
    socket.on('error', (error: NodeJS.ErrnoException) => ended.resolve(error.code ?? ''))
  })
  const client = open(port)
  await eventually('the greeting', () => (client.received().length > 0 ? true : undefined))
  client.socket.resetAndDestroy()
  expect(await ended.promise).toBe('ECONNRESET')
  expect((await requestsOf(shop))[0]).toMatchObject({ outcome: 'ok' })
  expect((await requestsOf(redis))[0]).toMatchObject({ outcome: 'ok' })
})

// A reader that does not read holds the writer up; the proxies keep nothing for it.
test('100 MB towards a slow reader are held back, not kept', async () => {
  const size = 100 * 1024 * 1024
  const piece = Buffer.alloc(64 * 1024, 1)
  let written = 0
  const { port } = await startPair((socket) => {
    const write = (): void => {
      while (written < size) {
        written += piece.length
        if (!socket.write(piece)) return
      }
      socket.end()
    }
    socket.on('drain', write)
    write()
  })
  const socket = connect({ port, host: '127.0.0.1' })
  stack.defer(() => void socket.destroy())
  socket.pause()
  // What was written lies in the kernel and in the streams on the way, until nothing flows any more for many looks.
  let last = -1
  let looksAlike = 0
  await eventually('the writer is held up', () => {
    looksAlike = written === last ? looksAlike + 1 : 0
    last = written
    return looksAlike === 25 ? true : undefined
  })
  // Six socket buffers of the kernel, which grow to a few megabytes each; a proxy that kept the rest would take it all.
  expect(written).toBeLessThan(size / 2)
  let received = 0
  socket.on('data', (chunk: Buffer) => {
    received += chunk.length
  })
  socket.resume()
  await new Promise((resolve) => socket.on('end', resolve))
  expect(received).toBe(size)
}, 60_000)

const ALLOW_CART: WireAccessRule = {
  name: 'redis-from-cart',
  route: null,
  action: 'Allow',
  mode: 'enforce',
  from: [],
  to: [],
}

// Whoever no rule allows is reset before a byte reaches the application; the rule is counted, the code told to its proxy.
test('a caller that an access rule denies is refused', async () => {
  let connections = 0
  const { redis, shop, port } = await startPair(() => connections++)
  setProtocol('tcp', [ALLOW_CART])
  const client = open(port)
  client.socket.write('secret')
  expect(await client.ended).toBe('ECONNRESET')
  expect((await requestsOf(shop))[0]).toMatchObject({ outcome: 'denied', meshError: 'denied', retriesMade: 0 })
  expect((await requestsOf(redis))[0]).toMatchObject({ outcome: 'denied', source: 'shop' })
  expect(redis.telemetry.hits).toEqual([{ rule: 'redis-from-cart', source: 'shop', verdict: 'denied' }])
  expect(redis.telemetry.events).toMatchObject([
    { name: 'tcp_refused', fields: { code: 'denied', detail: 'rule "redis-from-cart"' } },
  ])
  expect(connections).toBe(0)
})

// Limits are of connections.
test('a limit refuses what is above it', async () => {
  const { shop, port } = await startPair(echo)
  setProtocol('tcp', [], { requestsPerSecond: 1, perCaller: null })
  const clients = Array.from({ length: 8 }, () => open(port))
  for (const { socket } of clients) socket.end('x')
  const ends = await Promise.all(clients.map(({ ended }) => ended))
  expect(ends).toContain('end')
  expect(ends).toContain('ECONNRESET')
  await eventually('all are recorded', () => (shop.telemetry.requests.length === 8 ? true : undefined))
  expect(new Set(shop.telemetry.requests.map(({ outcome }) => outcome))).toEqual(new Set(['ok', 'limited']))
})

// One caller cannot take all that a service has room for, and room is given back.
test('connections beyond the bound are overloaded', async () => {
  const { redis, shop, port } = await startPair(echo, { limits: { maxOpaque: 2 } })
  const first = open(port)
  first.socket.write('x')
  await eventually('it is open', () => (first.received().length === 1 ? true : undefined))
  expect(await open(port).ended).toBe('ECONNRESET')
  expect((await requestsOf(shop))[0]).toMatchObject({ outcome: 'meshError', meshError: 'overloaded' })
  first.socket.end()
  expect(await first.ended).toBe('end')
  const isOver = () => redis.telemetry.requests.some(({ outcome }) => outcome === 'ok') || undefined
  await eventually('its end is recorded', isOver)
  const second = open(port)
  second.socket.end('y')
  expect(await second.ended).toBe('end')
})

// A server of another service, though of this mesh, hears nothing.
test('the wrong identity behind an endpoint gets no byte', async () => {
  const heard: Buffer[] = []
  const { shop, port } = await startPair(echo)
  const appPort = await startApp((socket) => void socket.on('data', (chunk: Buffer) => heard.push(chunk)))
  const impostor = await mesh.start('redis', { appPort, leaf: await mesh.authority.service('cart') })
  mesh.publish(impostor)
  const client = open(port)
  client.socket.write('secret')
  expect(await client.ended).toBe('ECONNRESET')
  expect((await requestsOf(shop))[0]).toMatchObject({ outcome: 'meshError', meshError: 'tls_failed' })
  expect(heard).toEqual([])
})

// An instance whose application is away costs a caller nothing while another one is there.
test('another endpoint is tried while nothing was sent', async () => {
  const { redis, shop, port } = await startPair(echo)
  const dead = await mesh.start('redis', { appPort: await closedPort(), instance: 'redis-v1-dead' })
  mesh.publish(dead, redis)
  mesh.config.set({ ...destinationDocument('redis'), settings: { ...TCP, balancing: 'round-robin' } })
  for (let i = 0; i < 10; i++) {
    const client = open(port)
    client.socket.end('x')
    expect(await client.ended).toBe('end')
  }
  await eventually('all are recorded', () => (shop.telemetry.requests.length === 10 ? true : undefined))
  expect(shop.telemetry.requests.every(({ outcome }) => outcome === 'ok')).toBe(true)
  expect(shop.telemetry.requests.some(({ retriesMade, recovered }) => retriesMade === 1 && recovered)).toBe(true)
})

test('an application that is away is app_unreachable', async () => {
  const { redis, shop, port } = await startPair(echo, { appPort: await closedPort() })
  expect(await open(port).ended).toBe('ECONNRESET')
  expect((await requestsOf(shop))[0]).toMatchObject({ meshError: 'app_unreachable' })
  expect((await requestsOf(redis))[0]).toMatchObject({ meshError: 'app_unreachable' })
})

test.each([
  ['no instance', 'no_endpoint', () => mesh.config.set({ kind: 'endpoints', service: 'redis', endpoints: [] })],
  ['no such service', 'no_such_service', () => mesh.config.set(destinationDocument('redis', null))],
  ['an HTTP service', 'protocol_mismatch', () => setProtocol('http')],
  // The caller's proxy has not heard of the change yet.
  ['no TCP there', 'protocol_mismatch', () => mesh.config.set(inboundDocument('redis'))],
] as const)('%s is %s', async (_what, code, change) => {
  const { shop, port } = await startPair(echo)
  change()
  expect(await open(port).ended).toBe('ECONNRESET')
  expect((await requestsOf(shop))[0]).toMatchObject({ outcome: 'meshError', meshError: code })
  expect(shop.telemetry.events).toMatchObject([{ name: 'tcp_refused', fields: { code } }])
})

// HTTP to a TCP service is told what to do instead, and never reaches it.
test('an HTTP request to a TCP service is refused', async () => {
  let connections = 0
  const { shop } = await startPair(() => connections++)
  const answer = await callThrough(shop.outbound, 'http://redis/')
  expect([answer.status, answer.headers['x-heddle-error']]).toEqual([501, 'protocol_mismatch'])
  expect(answer.body).toContain('--upstream')
  expect(connections).toBe(0)
})

// A CONNECT to it is no way around: it ends, and is counted as what it was.
test('CONNECT to a TCP service is refused', async () => {
  let connections = 0
  const { shop } = await startPair(() => connections++)
  const words = 'CONNECT redis:6379 HTTP/1.1\r\nHost: redis:6379\r\n\r\n*1\r\n$4\r\nPING\r\n'
  expect((await exchangeBytes(shop.outbound, words)).isClosed).toBe(true)
  expect(await requestsOf(shop)).toMatchObject([{ destination: 'redis', meshError: 'protocol_mismatch' }])
  expect(connections).toBe(0)
})

// Who is at the other end was proven when a connection was made: it goes on beyond both certificates, and no new one comes.
test('an open connection outlives certificates', async () => {
  const clock = new FakeClock(Date.now())
  const { shop, port } = await startPair(echo, { clock })
  const client = open(port)
  client.socket.write('x')
  await eventually('it is open', () => (client.received().length === 1 ? true : undefined))
  clock.advance(30 * 86_400_000)
  client.socket.end('y')
  expect(await client.ended).toBe('end')
  expect(client.received().toString()).toBe('xy')
  expect(await open(port).ended).toBe('ECONNRESET')
  await eventually('both are recorded', () => (shop.telemetry.requests.length === 2 ? true : undefined))
  expect(shop.telemetry.requests).toMatchObject([{ outcome: 'ok' }, { meshError: 'tls_failed' }])
})

// Revocation ends what is open, at both ends, as a break.
test('a revoked caller loses its live connections', async () => {
  const { redis, port } = await startPair(echo)
  const client = open(port)
  client.socket.write('x')
  await eventually('it is open', () => (client.received().length === 1 ? true : undefined))
  redis.identity.revoke('shop')
  expect(await client.ended).toBe('ECONNRESET')
  expect((await requestsOf(redis))[0]).toMatchObject({ outcome: 'meshError', meshError: 'tls_failed' })
})

test('a revoked service loses its live connections', async () => {
  const { shop, port } = await startPair(echo)
  const client = open(port)
  client.socket.write('x')
  await eventually('it is open', () => (client.received().length === 1 ? true : undefined))
  shop.identity.revoke('redis')
  expect(await client.ended).toBe('ECONNRESET')
  expect((await requestsOf(shop))[0]).toMatchObject({ meshError: 'tls_failed' })
})

// An endpoint that left the list keeps what it has; an instance that ends lets short exchanges finish and takes no new ones.
test('a drain waits for what is open, and sends what is new elsewhere', async () => {
  const { redis, shop, port } = await startPair(echo)
  const client = open(port)
  client.socket.write('x')
  await eventually('it is open', () => (client.received().length === 1 ? true : undefined))
  const other = await mesh.start('redis', { appPort: await startApp(echo), instance: 'redis-v1-other' })
  mesh.publish(other)
  let isDrained = false
  const drained = redis.path.drain(60_000).then(() => {
    isDrained = true
  })
  const second = open(port)
  second.socket.end('y')
  expect(await second.ended).toBe('end')
  expect(other.telemetry.requests).toMatchObject([{ outcome: 'ok' }])
  expect(isDrained).toBe(false)
  client.socket.write('y')
  await eventually('it goes on', () => (client.received().toString() === 'xy' ? true : undefined))
  client.socket.end()
  await drained
  expect(shop.telemetry.requests.every(({ outcome }) => outcome === 'ok')).toBe(true)
})

test('the end of a proxy breaks off what is left', async () => {
  const { redis, port } = await startPair(echo)
  const client = open(port)
  client.socket.write('x')
  await eventually('it is open', () => (client.received().length === 1 ? true : undefined))
  await redis.path.close()
  expect(await client.ended).toBe('ECONNRESET')
})

// What a connection carries is seen while it is open, and counted once.
test('bytes of an open connection are told before its end', async () => {
  const { shop, port } = await startPair(echo)
  const client = open(port)
  client.socket.write('12345')
  await eventually('bytes were told', () => (shop.telemetry.carried.length > 0 ? true : undefined))
  expect(shop.telemetry.open.outbound).toBe(1)
  client.socket.end('678')
  const [request] = await requestsOf(shop)
  expect(request).toMatchObject({ bytesIn: 8, bytesOut: 8 })
  const told = shop.telemetry.carried.reduce((sum, { bytesIn }) => sum + bytesIn, 0)
  expect(told).toBe(request?.toldBefore?.bytesIn)
})

async function closedPort(): Promise<number> {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  await new Promise((resolve) => server.close(resolve))
  return typeof address === 'object' && address !== null ? address.port : 0
}

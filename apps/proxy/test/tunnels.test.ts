// CONNECT on the outbound port, by which some clients reach even plain http:// addresses, and calls that leave the mesh.
import { execFile } from 'node:child_process'
import { connect } from 'node:net'
import { promisify } from 'node:util'
import { eventually, startBackend, startRawBackend, unreachablePort } from '@heddle/testkit'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { callThrough, exchangeBytes } from './appClient.ts'
import { meshDocument } from './documents.ts'
import { startTestMesh, type TestMesh, type TestNode } from './testMesh.ts'

const run = promisify(execFile)

let mesh: TestMesh
let shop: TestNode
let catalog: TestNode
let backend: Awaited<ReturnType<typeof startBackend>>
beforeAll(async () => {
  mesh = await startTestMesh()
  backend = await startBackend()
  catalog = await mesh.start('catalog', { appPort: backend.port })
  shop = await mesh.start('shop')
  mesh.publish(catalog)
})
afterAll(async () => {
  await mesh[Symbol.asyncDispose]()
  await backend[Symbol.asyncDispose]()
})

const connectTo = (authority: string, inside: string | Buffer, fields = '') =>
  Buffer.concat([
    Buffer.from(`CONNECT ${authority} HTTP/1.1\r\nHost: ${authority}\r\n${fields}\r\n`),
    Buffer.from(inside),
  ])
/** What came behind the answer to CONNECT. */
const inside = (received: string) => received.slice(received.indexOf('\r\n\r\n') + 4)
const allow = (...hosts: string[]) => mesh.config.set({ ...meshDocument([mesh.authority.root]), egress: { hosts } })

// The path of every request is taken inside; "Connection: close" on the CONNECT means nothing.
test('HTTP inside CONNECT to a service', async () => {
  for (const authority of ['catalog:80', 'catalog.mesh:80', 'CATALOG:8080']) {
    const host = authority.split(':')[0]
    const { received } = await exchangeBytes(
      shop.outbound,
      connectTo(
        authority,
        `GET /a HTTP/1.1\r\nHost: ${host}\r\n\r\nGET /b HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\n\r\n`,
        'Connection: close\r\n',
      ),
    )
    expect(received).toMatch(/^HTTP\/1\.1 200 Connection established\r\n\r\nHTTP\/1\.1 200 OK/)
    expect(received).toContain('"url":"/a"')
    expect(received).toContain('"url":"/b"')
  }
})

// Either side may have said everything and go on listening: what the other one still sends arrives.
test.each(['remote', 'client'])('the %s ends first and reads on in a tunnel', async (first) => {
  const heard = Promise.withResolvers<number>()
  await using remote = await startRawBackend((socket) => {
    let bytes = 0
    socket.allowHalfOpen = true
    socket.on('data', (chunk) => {
      bytes += chunk.length
    })
    socket.on('end', () => {
      heard.resolve(bytes)
      socket.end('goodbye')
    })
    if (first === 'remote') socket.end('hello')
  })
  allow(`127.0.0.1:${remote.port}`)
  const authority = `127.0.0.1:${remote.port}`
  const socket = connect({ port: shop.outbound, host: '127.0.0.1', allowHalfOpen: true })
  socket.write(`CONNECT ${authority} HTTP/1.1\r\nHost: ${authority}\r\n\r\n`)
  let received = ''
  socket.on('data', (chunk) => {
    received += chunk.toString('latin1')
  })
  const ended = new Promise((resolve) => socket.once('end', resolve))
  if (first === 'remote') await ended
  else await eventually('the tunnel', () => (received.includes('200') ? true : undefined))
  socket.end(Buffer.alloc(5_000, 'x'))
  expect(await heard.promise).toBe(5_000)
  await ended
  expect(inside(received)).toBe(first === 'remote' ? 'hello' : 'goodbye')
  await eventually('nothing in flight', () => (shop.path.inFlight === 0 ? true : undefined))
})

// Refusals come inside, since clients do not show the body of a refused CONNECT.
test('refusals are given inside', async () => {
  const unknown = await exchangeBytes(
    shop.outbound,
    connectTo('nobody:80', 'GET / HTTP/1.1\r\nHost: nobody\r\nConnection: close\r\n\r\n'),
  )
  expect(unknown.received).toMatch(/^HTTP\/1\.1 200 /)
  expect(inside(unknown.received)).toMatch(/^HTTP\/1\.1 503 [\s\S]*x-heddle-error: destination_unknown/)
})

// Host inside must name whom CONNECT named: rules and routes could be got around otherwise.
test.each(['other', 'catalog.mesh', 'catalog-next'])(
  'Host %s inside CONNECT to catalog is misdirected',
  async (host) => {
    const before = backend.requests.length
    const { received } = await exchangeBytes(
      shop.outbound,
      connectTo('catalog:80', `GET / HTTP/1.1\r\nHost: ${host}\r\n\r\n`),
    )
    expect(inside(received)).toMatch(/^HTTP\/1\.1 421 /)
    expect(backend.requests).toHaveLength(before)
  },
)

// What the engine cannot carry to a service gets a clear refusal in the words of its protocol.
test('TLS and other protocols inside CONNECT to a service', async () => {
  const hello = Buffer.from('16030100050100000100', 'hex')
  const tls = await exchangeBytes(shop.outbound, connectTo('catalog:443', hello))
  expect(Buffer.from(inside(tls.received), 'latin1').toString('hex')).toBe('15030300020231')
  expect(tls.isClosed).toBe(true)
  const other = await exchangeBytes(shop.outbound, connectTo('catalog:6379', '*1\r\n$4\r\nPING\r\n'))
  expect(inside(other.received)).toBe('')
  expect(other.isClosed).toBe(true)
  const refused = await eventually('the records', () => {
    const found = shop.telemetry.requests.filter((r) => r.meshError === 'protocol_unsupported')
    return found.length >= 2 ? found : undefined
  })
  expect(refused[0]).toMatchObject({ destination: 'catalog', method: 'CONNECT', status: 501 })
})

test('a CONNECT inside a CONNECT, and one to nowhere, are refused', async () => {
  const nested = await exchangeBytes(shop.outbound, connectTo('catalog:80', connectTo('cart:80', '')))
  expect(inside(nested.received)).not.toMatch(/^HTTP\/1\.1 200/)
  const malformed = await exchangeBytes(shop.outbound, 'CONNECT a@b:80 HTTP/1.1\r\nHost: a\r\n\r\n')
  expect(malformed.received).toMatch(/^HTTP\/1\.1 400 /)
})

// Node's own fetch with the proxy environment, in a process of its own, as `heddle run` starts it.
test('fetch of a Node process with the proxy environment', async () => {
  const { stdout } = await run(
    process.execPath,
    ['-e', "fetch('http://catalog/from-fetch').then(async (r) => console.log(r.status, await r.text()))"],
    { env: { http_proxy: `http://127.0.0.1:${shop.outbound}`, NODE_USE_ENV_PROXY: '1' } },
  )
  expect(stdout).toContain('200 {"method":"GET","url":"/from-fetch"')
})

// Egress passes through and is counted as one destination, whatever the host.
test('egress to a listed host', async () => {
  await using outside = await startBackend()
  allow(`localhost:${outside.port}`, `127.0.0.1:${outside.port}`)
  const before = shop.telemetry.requests.length
  const answer = await callThrough(shop.outbound, `http://localhost:${outside.port}/out?x=1`, {
    method: 'POST',
    body: 'hello',
    headers: { 'x-forwarded-client-cert': 'URI=spiffe://x/service/admin', 'x-heddle-hops': '1' },
  })
  expect(JSON.parse(answer.body)).toEqual({ method: 'POST', url: '/out?x=1', body: 'hello' })
  expect(outside.requests[0]?.headers.host).toBe(`localhost:${outside.port}`)
  expect(outside.requests[0]?.headers['x-forwarded-client-cert']).toBeUndefined()
  expect(outside.requests[0]?.headers['x-heddle-hops']).toBeUndefined()
  // As Node 24's fetch does it.
  const tunnelled = await exchangeBytes(
    shop.outbound,
    connectTo(
      `localhost:${outside.port}`,
      `GET /in HTTP/1.1\r\nHost: localhost:${outside.port}\r\nConnection: close\r\n\r\n`,
    ),
  )
  expect(tunnelled.received).toContain('"url":"/in"')
  await eventually('both records', () => (shop.telemetry.requests.length >= before + 2 ? true : undefined))
  expect(shop.telemetry.requests.slice(before)).toMatchObject([
    { destination: 'egress', version: '-', outcome: 'ok', status: 200, bytesIn: 5 },
    { destination: 'egress', version: '-', outcome: 'ok', status: 200, method: 'CONNECT' },
  ])
})

// A kept connection that died meanwhile costs nothing where the request may be sent again; a POST is not sent twice.
test.each(['GET', 'POST'])('a reused connection to a host outside that died: %s', async (method) => {
  let received = 0
  await using outside = await startRawBackend((socket) => {
    let requests = 0
    socket.on('data', () => {
      received++
      if (++requests > 1) socket.destroy()
      else socket.write('HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok')
    })
  })
  allow(`127.0.0.1:${outside.port}`)
  const statuses: number[] = []
  for (let i = 0; i < 4; i++)
    statuses.push((await callThrough(shop.outbound, `http://127.0.0.1:${outside.port}/`, { method })).status)
  expect(statuses).toEqual(method === 'GET' ? [200, 200, 200, 200] : [200, 502, 200, 502])
  expect(received).toBe(method === 'GET' ? 7 : 4)
})

// TLS to a host outside passes unseen.
test('an opaque tunnel to a listed host', async () => {
  await using echo = await startRawBackend((socket) => socket.pipe(socket))
  allow(`127.0.0.1:${echo.port}`)
  const { received } = await exchangeBytes(
    shop.outbound,
    connectTo(`127.0.0.1:${echo.port}`, '\x16\x03\x01hello'),
    (text) => text.endsWith('hello'),
  )
  expect(inside(received)).toBe('\x16\x03\x01hello')
  // A server that speaks first is heard.
  await using greeter = await startRawBackend((socket) => socket.end('220 welcome\r\n'))
  allow(`127.0.0.1:${greeter.port}`)
  const greeted = await exchangeBytes(shop.outbound, connectTo(`127.0.0.1:${greeter.port}`, ''))
  expect(inside(greeted.received)).toBe('220 welcome\r\n')
})

// What the settings do not let out is never dialled, by name, by address or through CONNECT.
test('egress that is denied', async () => {
  await using outside = await startBackend()
  const { port } = outside
  const denied = async (policy: 'deny' | 'allow' | string[]) => {
    mesh.config.set({
      ...meshDocument([mesh.authority.root]),
      egress: typeof policy === 'string' ? policy : { hosts: policy },
    })
    const hosts = [
      `127.0.0.1:${port}`,
      `localhost:${port}`,
      `[::1]:${port}`,
      `[::ffff:127.0.0.1]:${port}`,
      `0.0.0.0:${port}`,
    ]
    for (const host of hosts) {
      const direct = await callThrough(shop.outbound, `http://${host}/`)
      expect([host, direct.status, direct.headers['x-heddle-error']]).toEqual([host, 403, 'egress_denied'])
      const tunnelled = await exchangeBytes(
        shop.outbound,
        connectTo(host, `GET / HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\n\r\n`),
        (text) => text.includes('egress_denied'),
      )
      expect([host, inside(tunnelled.received).slice(0, 13)]).toEqual([host, 'HTTP/1.1 403 '])
    }
    const https = await exchangeBytes(shop.outbound, connectTo('127.0.0.1:443', ''), (t) => t.includes('egress_denied'))
    expect(https.received).toMatch(/^HTTP\/1\.1 403 /)
  }
  await denied('deny')
  await denied('allow')
  await denied(['api.example.org', '*.example.org'])
  expect(outside.requests).toEqual([])
  for (const address of ['169.254.169.254', '127.1.2.3']) {
    mesh.config.mesh((document) => ({ ...document, egress: 'allow' }))
    expect((await callThrough(shop.outbound, `http://${address}/latest/meta-data`)).status).toBe(403)
  }
})

// Hosts outside that are not there are an error of the mesh with a code.
test('egress to a port on which nothing listens', async () => {
  const port = await unreachablePort()
  allow(`127.0.0.1:${port}`)
  const answer = await callThrough(shop.outbound, `http://127.0.0.1:${port}/`)
  expect([answer.status, answer.headers['x-heddle-error']]).toEqual([502, 'connect_failed'])
  const tunnelled = await exchangeBytes(
    shop.outbound,
    connectTo(`127.0.0.1:${port}`, `GET / HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\n\r\n`),
    (text) => text.includes('connect_failed'),
  )
  expect(inside(tunnelled.received)).toMatch(/^HTTP\/1\.1 502 /)
})

// A service's name never leaves the mesh, known or not: no outage of discovery sends a call out in clear text.
test('service names are never egress', async () => {
  mesh.config.mesh((document) => ({ ...document, egress: 'allow' }))
  for (const host of ['localhost.mesh', 'unknown', 'unknown.mesh', 'x_y']) {
    const answer = await callThrough(shop.outbound, '/', { headers: { host } })
    expect([
      host,
      ['destination_unknown', 'no_such_service'].includes(String(answer.headers['x-heddle-error'])),
    ]).toEqual([host, true])
  }
})

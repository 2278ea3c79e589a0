// Who may speak to whom: identities are checked on every connection, at both ends, and nothing is resumed.
import { connect as connectTcp } from 'node:net'
import { type ConnectionOptions, connect, type TLSSocket } from 'node:tls'
import { createAuthority, eventually, FakeClock, type Leaf, startBackend } from '@heddle/testkit'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { callThrough, exchangeBytes } from './appClient.ts'
import { startTestMesh, type TestMesh, type TestNode } from './testMesh.ts'

let mesh: TestMesh
let backend: Awaited<ReturnType<typeof startBackend>>
let catalog: TestNode
beforeAll(async () => {
  mesh = await startTestMesh()
  backend = await startBackend()
  catalog = await mesh.start('catalog', { appPort: backend.port })
  mesh.publish(catalog)
})
afterAll(async () => {
  await mesh[Symbol.asyncDispose]()
  await backend[Symbol.asyncDispose]()
})

const GET = 'GET /x HTTP/1.1\r\nHost: catalog\r\nConnection: close\r\n\r\n'

/** What a TLS client gets that is no proxy; undefined as text where not even a handshake came about. */
function speak(
  port: number,
  leaf: Leaf | null,
  options: ConnectionOptions = {},
  words = GET,
): Promise<{ text: string | undefined; socket: TLSSocket; session: Buffer | undefined; isReused: boolean }> {
  return new Promise((resolve) => {
    let text: string | undefined
    let session: Buffer | undefined
    let isReused = false
    const socket = connect({
      port,
      host: '127.0.0.1',
      servername: 'catalog.mesh',
      ca: mesh.authority.root,
      checkServerIdentity: () => undefined,
      ...(leaf === null ? {} : { key: leaf.key, cert: leaf.chain }),
      ...options,
    })
    socket.on('secureConnect', () => {
      text = ''
      isReused = socket.isSessionReused()
      socket.write(words)
    })
    socket.on('session', (ticket) => {
      session = ticket
    })
    socket.on('data', (chunk) => {
      text += chunk.toString('latin1')
    })
    socket.on('error', () => {})
    socket.on('close', () => resolve({ text, socket, session, isReused }))
  })
}

// A service that is of the mesh but not the one that was called gets nothing: not a byte of the request.
test('a right certificate of the wrong service is 502 tls_failed', async () => {
  await using other = await startBackend()
  const impostor = await mesh.start('payments', {
    appPort: other.port,
    leaf: await mesh.authority.service('cart'),
  })
  mesh.publish(impostor)
  const shop = await mesh.start('shop-a')
  const answer = await callThrough(shop.outbound, 'http://payments/charge', { method: 'POST', body: 'secret' })
  expect(answer.status).toBe(502)
  expect(answer.headers['x-heddle-error']).toBe('tls_failed')
  expect(other.requests).toEqual([])
  expect(impostor.telemetry.requests).toEqual([])
  expect(shop.telemetry.requests).toMatchObject([{ outcome: 'meshError', meshError: 'tls_failed' }])
})

// A server under another authority, or with an expired certificate, is refused by default.
test('a server that TLS itself refuses is 502 tls_failed', async () => {
  const strangers = await createAuthority()
  const expired = { notBefore: new Date(Date.now() - 10_000_000), notAfter: new Date(Date.now() - 1_000) }
  const shop = await mesh.start('shop-b')
  for (const leaf of [await strangers.service('stock'), await mesh.authority.service('stock', expired)]) {
    const stock = await mesh.start('stock', { appPort: backend.port, leaf })
    mesh.publish(stock)
    const answer = await callThrough(shop.outbound, 'http://stock/')
    expect([answer.status, answer.headers['x-heddle-error']]).toEqual([502, 'tls_failed'])
  }
})

// Callers without a proper identity of this mesh reach nothing, whatever is wrong with their certificate.
test('callers without a valid identity are refused', async () => {
  const { authority } = mesh
  const strangers = await createAuthority()
  const day = 86_400_000
  const id = (path: string) => `spiffe://${authority.trustDomain}${path}`
  const refused: [string, Leaf | null][] = [
    ['none', null],
    ['another authority', await strangers.service('shop')],
    ['expired', await authority.service('shop', { notBefore: new Date(0), notAfter: new Date(Date.now() - 1_000) })],
    ['not valid yet', await authority.service('shop', { notBefore: new Date(Date.now() + day) })],
    ['no URI', await authority.leaf({ uris: [], dns: ['shop.mesh'] })],
    ['two URIs', await authority.leaf({ uris: [id('/service/shop'), id('/service/admin')] })],
    ['an authority itself', await authority.leaf({ uris: [id('/service/shop')], ca: true })],
    ['another trust domain', await authority.leaf({ uris: ['spiffe://elsewhere/service/shop'] })],
    ['no path', await authority.leaf({ uris: [id('')] })],
    ['the control plane', await authority.leaf({ uris: [id('/control')] })],
    ['SPIFFE in capitals', await authority.leaf({ uris: [`SPIFFE://${authority.trustDomain}/service/shop`] })],
    ['dots', await authority.leaf({ uris: [id('/service/%2e%2e')] })],
  ]
  const before = backend.requests.length
  for (const [what, leaf] of refused) {
    const { text } = await speak(catalog.inbound, leaf)
    expect([what, text === undefined || text === '' || text.startsWith('HTTP/1.1 502 ')]).toEqual([what, true])
    if (text?.startsWith('HTTP') === true) expect(text).toContain('x-heddle-error: tls_failed')
  }
  expect(backend.requests).toHaveLength(before)
  expect(catalog.telemetry.events.filter((event) => event.name === 'peer_refused').length).toBe(refused.length)
  const { text } = await speak(catalog.inbound, await authority.service('shop'))
  expect(text).toMatch(/^HTTP\/1\.1 200 /)
})

// A caller whose own certificate is refused hears tls_failed, and its POST was not processed.
test('our own refused certificate is tls_failed for the caller, and POST is not lost in doubt', async () => {
  const shop = await mesh.start('shop-c', {
    leaf: await mesh.authority.leaf({ uris: ['spiffe://elsewhere/service/shop'] }),
  })
  const before = backend.requests.length
  const answer = await callThrough(shop.outbound, 'http://catalog/', { method: 'POST', body: 'x' })
  expect([answer.status, answer.headers['x-heddle-error']]).toEqual([502, 'tls_failed'])
  expect(backend.requests).toHaveLength(before)
})

// Older TLS and plain text are refused.
test('TLS 1.2, plain HTTP and garbage are refused', async () => {
  const leaf = await mesh.authority.service('shop')
  const { text } = await speak(catalog.inbound, leaf, { maxVersion: 'TLSv1.2' })
  expect(text).toBeUndefined()
  const plain = await exchangeBytes(catalog.inbound, GET)
  expect(plain.received).not.toContain('HTTP/1.1')
  const garbage = await exchangeBytes(catalog.inbound, Buffer.alloc(100, 7))
  expect(garbage.isClosed).toBe(true)
})

// A session is never resumed: nginx, HAProxy and Node accept an expired client certificate that way.
test('no session is resumed', async () => {
  const leaf = await mesh.authority.service('shop')
  const first = await speak(catalog.inbound, leaf)
  expect(first.text).toMatch(/^HTTP\/1\.1 200 /)
  const ticket = first.session
  for (let i = 0; i < 3; i++) {
    const again = await speak(catalog.inbound, leaf, ticket === undefined ? {} : { session: ticket })
    expect(again.text).toMatch(/^HTTP\/1\.1 200 /)
    expect(again.isReused).toBe(false)
  }
})

// The port serves its own service by SNI, whatever the Host says, and nothing else.
test.each([
  ['catalog.mesh', 200],
  ['CATALOG.mesh', 200],
  ['cart.mesh', 421],
  ['catalog', 421],
  ['evil-catalog.mesh', 421],
  ['', 421],
])('SNI "%s" is %i', async (servername, status) => {
  const leaf = await mesh.authority.service('shop')
  const { text } = await speak(catalog.inbound, leaf, { servername })
  expect(text).toMatch(new RegExp(`^HTTP/1\\.1 ${status} `))
})

// A backend of another name is called with that name in SNI and the caller's Host.
test('Host may name another service than SNI', async () => {
  const { text } = await speak(
    catalog.inbound,
    await mesh.authority.service('shop'),
    {},
    'GET /x HTTP/1.1\r\nHost: store\r\nConnection: close\r\n\r\n',
  )
  expect(text).toMatch(/^HTTP\/1\.1 200 /)
  expect(backend.requests.at(-1)?.headers.host).toBe('store')
})

// The inbound port is no forward proxy.
test.each([
  'CONNECT 169.254.169.254:80 HTTP/1.1\r\nHost: x\r\n\r\n',
  'GET http://169.254.169.254/latest HTTP/1.1\r\nHost: 169.254.169.254\r\n\r\n',
  'GET http://catalog/x HTTP/1.1\r\nHost: catalog\r\n\r\n',
])('the mesh port forwards nowhere else: %s', async (words) => {
  const before = backend.requests.length
  const { text } = await speak(catalog.inbound, await mesh.authority.service('shop'), {}, words)
  expect(text).toMatch(/^HTTP\/1\.1 (?:421|501) /)
  expect(backend.requests).toHaveLength(before)
})

// Proxies of before offer HTTP/1.1 only, and whatever a client is that offers nothing speaks it too.
test.each([
  [['h2', 'http/1.1'], 'h2'],
  [['http/1.1'], 'http/1.1'],
  [undefined, false],
] as const)('ALPN of %s is %s', async (offered, chosen) => {
  const leaf = await mesh.authority.service('shop')
  const { socket, text } = await speak(
    catalog.inbound,
    leaf,
    offered === undefined ? {} : { ALPNProtocols: [...offered] },
  )
  expect(socket.alpnProtocol).toBe(chosen)
  if (chosen !== 'h2') expect(text).toMatch(/^HTTP\/1\.1 200 /)
})

// A connection ends with its peer's certificate: first it asks to be replaced, then it is gone.
test('a connection ends before the peer’s certificate does', async () => {
  const clock = new FakeClock(Date.now())
  const node = await mesh.start('clocked', { appPort: backend.port, clock })
  const leaf = await mesh.authority.service('shop', { notAfter: new Date(Date.now() + 3_600_000) })
  const socket = connect({
    port: node.inbound,
    host: '127.0.0.1',
    servername: 'clocked.mesh',
    ca: mesh.authority.root,
    key: leaf.key,
    cert: leaf.chain,
    checkServerIdentity: () => undefined,
  })
  let text = ''
  socket.on('data', (chunk) => {
    text += chunk.toString('latin1')
  })
  const answers = () => text.match(/HTTP\/1\.1 200 /g)?.length ?? 0
  const ask = async () => {
    const before = answers()
    socket.write('GET /x HTTP/1.1\r\nHost: clocked\r\n\r\n')
    await eventually('an answer', () => (answers() > before && text.endsWith('}') ? true : undefined))
  }
  await ask()
  expect(text.toLowerCase()).not.toContain('connection: close')
  const closed = new Promise((resolve) => socket.once('close', resolve))
  clock.advance(3_600_000 - 5_000)
  await eventually('the connection to be replaced', async () => {
    if (socket.readyState !== 'open') return true
    await ask()
    return text.toLowerCase().includes('connection: close') ? true : undefined
  })
  await closed
})

// Revocation closes what is open, at both ends, and lets nothing in again.
test('revoked identities lose their live connections', async () => {
  const node = await mesh.start('ledger', { appPort: backend.port })
  mesh.publish(node)
  const shop = await mesh.start('shop-d')
  expect((await callThrough(shop.outbound, 'http://ledger/')).status).toBe(200)
  const leaf = await mesh.authority.service('shop-d')
  const idle = connect({
    port: node.inbound,
    host: '127.0.0.1',
    servername: 'ledger.mesh',
    ca: mesh.authority.root,
    key: leaf.key,
    cert: leaf.chain,
    checkServerIdentity: () => undefined,
  })
  idle.on('error', () => {})
  await new Promise((resolve) => idle.once('secureConnect', resolve))
  idle.resume()
  const closed = new Promise((resolve) => idle.once('close', resolve))
  node.identity.revoke('shop-d')
  await closed
  const answer = await callThrough(shop.outbound, 'http://ledger/')
  expect([answer.status, answer.headers['x-heddle-error']]).toEqual([502, 'tls_failed'])
  // The other direction: the caller hears that the service was revoked.
  const client = await mesh.start('shop-e')
  expect((await callThrough(client.outbound, 'http://ledger/')).status).toBe(200)
  client.identity.revoke('ledger')
  expect((await callThrough(client.outbound, 'http://ledger/')).headers['x-heddle-error']).toBe('tls_failed')
})

// Certificates change under traffic without one failed request, and new connections show the newest.
test('rotation under traffic fails nothing', async () => {
  const node = await mesh.start('busy', { appPort: backend.port })
  mesh.publish(node)
  const shop = await mesh.start('shop-f')
  let isOver = false
  const statuses = new Map<number, number>()
  const caller = async () => {
    while (!isOver) {
      const { status } = await callThrough(shop.outbound, 'http://busy/')
      statuses.set(status, (statuses.get(status) ?? 0) + 1)
    }
  }
  const callers = [caller(), caller(), caller(), caller()]
  for (let i = 0; i < 10; i++) {
    const before = statuses.get(200) ?? 0
    const [a, b] = await Promise.all([
      mesh.authority.service('busy', { notAfter: new Date(Date.now() + 60_000) }),
      mesh.authority.service('shop-f', { notAfter: new Date(Date.now() + 60_000) }),
    ])
    node.identity.replace({ key: a.key, chain: a.chain, notAfter: Date.now() + 60_000 })
    shop.identity.replace({ key: b.key, chain: b.chain, notAfter: Date.now() + 60_000 })
    await eventually('traffic to go on', () => ((statuses.get(200) ?? 0) > before + 10 ? true : undefined))
  }
  isOver = true
  await Promise.all(callers)
  expect([...statuses.keys()]).toEqual([200])
  const served = await new Promise<string>((resolve) => {
    const socket = connect(
      {
        port: node.inbound,
        host: '127.0.0.1',
        servername: 'busy.mesh',
        ca: mesh.authority.root,
        checkServerIdentity: () => undefined,
      },
      () => {
        resolve(socket.getPeerX509Certificate()?.toString() ?? '')
        socket.destroy()
      },
    )
  })
  expect(node.identity.current().chain).toContain(served.trim())
})

// Silent and half-open connections cost nothing but themselves.
test('connections that say nothing do not disturb others', async () => {
  const silent = Array.from({ length: 50 }, () => connectTcp(catalog.inbound, '127.0.0.1').on('error', () => {}))
  expect((await speak(catalog.inbound, await mesh.authority.service('shop'))).text).toMatch(/^HTTP\/1\.1 200 /)
  for (const socket of silent) socket.destroy()
})

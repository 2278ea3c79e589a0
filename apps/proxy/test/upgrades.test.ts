// WebSockets and other protocols through two proxies: what was asked for and nothing else.
import { createServer } from 'node:http'
import { connect } from 'node:net'
import { eventually, startRawBackend } from '@heddle/testkit'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { WebSocket, WebSocketServer } from 'ws'
import { exchangeBytes } from './appClient.ts'
import { startTestMesh, type TestMesh, type TestNode } from './testMesh.ts'

let mesh: TestMesh
let shop: TestNode
let sockets: WebSocketServer
let chat: TestNode
let chatPort = 0
const server = createServer((_request, response) => response.writeHead(426).end('upgrade'))
beforeAll(async () => {
  mesh = await startTestMesh()
  sockets = new WebSocketServer({ server, handleProtocols: (protocols) => [...protocols][0] ?? false })
  sockets.on('connection', (socket, request) => {
    socket.send(JSON.stringify({ url: request.url, caller: request.headers['x-forwarded-client-cert'] }))
    socket.on('message', (data, isBinary) => socket.send(data, { binary: isBinary }))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  chatPort = typeof address === 'object' && address !== null ? address.port : 0
  chat = await mesh.start('chat', { appPort: chatPort })
  shop = await mesh.start('shop')
  mesh.publish(chat)
})
afterAll(async () => {
  for (const socket of sockets.clients) socket.terminate()
  server.close()
  await mesh[Symbol.asyncDispose]()
})

/** A WebSocket of the application, whose connection is one to its proxy. */
function open(path: string, protocols: string[] = []): WebSocket {
  return new WebSocket(`ws://chat${path}`, protocols, {
    createConnection: () => connect(shop.outbound, '127.0.0.1'),
  })
}

// An application that listens on ::1 alone is reached by WebSockets as by every other request.
test('a WebSocket to an application on ::1', async () => {
  const behind = new WebSocketServer({ host: '::1', port: 0 })
  behind.on('connection', (socket) => socket.send('hello'))
  await new Promise((resolve) => behind.once('listening', resolve))
  const address = behind.address()
  const appPort = typeof address === 'object' && address !== null ? address.port : 0
  mesh.publish(await mesh.start('six', { appPort }))
  const caller = await mesh.start('caller')
  const socket = new WebSocket('ws://six/', { createConnection: () => connect(caller.outbound, '127.0.0.1') })
  expect((await next(socket)).toString()).toBe('hello')
  socket.terminate()
  behind.close()
})

const next = (socket: WebSocket) =>
  new Promise<Buffer>((resolve) => socket.once('message', (data: Buffer) => resolve(data)))

// Messages pass in both directions, in order and whole, with the caller's verified identity in the request.
test('a WebSocket through the pair', async () => {
  const socket = open('/room/1?a=%7Bb%7D', ['v2.chat'])
  const hello = JSON.parse((await next(socket)).toString())
  expect(hello.url).toBe('/room/1?a=%7Bb%7D')
  expect(hello.caller).toContain('URI=spiffe://test.heddle/service/shop')
  expect(socket.protocol).toBe('v2.chat')
  for (let i = 0; i < 20; i++) {
    const message = Buffer.alloc(1 + i * 10_000, i)
    socket.send(message)
    expect((await next(socket)).equals(message)).toBe(true)
  }
  socket.close(1000, 'bye')
  const code = await new Promise((resolve) => socket.once('close', resolve))
  expect(code).toBe(1000)
  for (const node of [shop, chat])
    expect(await eventually('the record', () => node.telemetry.requests.find((r) => r.status === 101))).toMatchObject({
      destination: 'chat',
      outcome: 'ok',
    })
})

// The global WebSocket of Node's proxy environment sends its upgrade in absolute-form or inside CONNECT.
test.each([
  ['absolute-form', '', 'http://chat'],
  ['CONNECT', 'CONNECT chat:80 HTTP/1.1\r\nHost: chat:80\r\n\r\n', ''],
])('an upgrade in %s', async (_form, before, target) => {
  const key = 'dGhlIHNhbXBsZSBub25jZQ=='
  const { received } = await exchangeBytes(
    shop.outbound,
    `${before}GET ${target}/room HTTP/1.1\r\nHost: chat\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: ${key}\r\n\r\n`,
    (text) => text.includes('"url":"/room"'),
  )
  expect(received).toMatch(/HTTP\/1\.1 101 Switching Protocols\r\n/)
  expect(received.toLowerCase()).toContain('sec-websocket-accept: s3pplmbitxaq9kygzzhzrbk+xoo=')
  expect(received.match(/sec-websocket-accept/gi)).toHaveLength(1)
})

// An application that wants no WebSocket is heard as it is.
test('a refused upgrade is an ordinary answer', async () => {
  const { received } = await exchangeBytes(
    shop.outbound,
    'GET /room HTTP/1.1\r\nHost: chat\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 99\r\nSec-WebSocket-Key: x\r\n\r\n',
  )
  expect(received).toMatch(/^HTTP\/1\.1 4\d\d /)
  expect(received).not.toContain('x-heddle-error')
})

/** A service whose application answers every upgrade with these bytes. */
let count = 0
async function answering(bytes: string): Promise<{ name: string; early(): string } & AsyncDisposable> {
  let head = ''
  const backend = await startRawBackend((socket) => {
    socket.on('data', (chunk) => {
      head += chunk.toString('latin1')
      if (head.includes('\r\n\r\n')) socket.write(bytes)
    })
  })
  const node = await mesh.start(`odd-${++count}`, { appPort: backend.port })
  mesh.publish(node)
  return {
    name: node.service,
    early: () => head.slice(head.indexOf('\r\n\r\n') + 4),
    [Symbol.asyncDispose]: () => backend[Symbol.asyncDispose](),
  }
}

const upgrade = (host: string, protocol: string, more = '') =>
  `GET / HTTP/1.1\r\nHost: ${host}\r\nConnection: Upgrade\r\nUpgrade: ${protocol}\r\n${more}\r\n`
const KEY = 'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n'

// 101 counts only as the answer to what was asked for.
test.each([
  [
    'another protocol',
    'Upgrade: other\r\nConnection: upgrade\r\nSec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n',
  ],
  [
    'a wrong accept',
    'Upgrade: websocket\r\nConnection: upgrade\r\nSec-WebSocket-Accept: AAAAAAAAAAAAAAAAAAAAAAAAAAA=\r\n',
  ],
  ['no accept', 'Upgrade: websocket\r\nConnection: upgrade\r\n'],
])('101 with %s is 502', async (_what, fields) => {
  await using odd = await answering(`HTTP/1.1 101 Switching Protocols\r\n${fields}\r\nsecret`)
  const { received } = await exchangeBytes(shop.outbound, upgrade(odd.name, 'websocket', KEY))
  expect(received).toMatch(/^HTTP\/1\.1 502 [\s\S]*x-heddle-error: protocol_error/)
  expect(received).not.toContain('secret')
})

// Bytes that a client sends before 101 are held, and thrown away when 101 does not come.
test('early bytes wait for 101', async () => {
  await using refusing = await answering('HTTP/1.1 403 Forbidden\r\nContent-Length: 2\r\n\r\nno')
  const refused = await exchangeBytes(
    shop.outbound,
    `${upgrade(refusing.name, 'websocket', KEY)}GET /smuggled HTTP/1.1\r\nHost: x\r\n\r\n`,
  )
  expect(refused.received).toMatch(/^HTTP\/1\.1 403 /)
  expect(refusing.early()).toBe('')
  await using agreeing = await answering(
    'HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: upgrade\r\nSec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n\r\n',
  )
  await exchangeBytes(
    shop.outbound,
    `${upgrade(agreeing.name, 'websocket', KEY)}early`,
    () => agreeing.early() === 'early',
  ).catch(() => undefined)
  expect(await eventually('the early bytes', () => (agreeing.early().startsWith('early') ? true : undefined))).toBe(
    true,
  )
})

// Protocols other than WebSocket pass as well; h2c is never switched to.
test('another protocol passes, h2c does not', async () => {
  await using odd = await answering(
    'HTTP/1.1 101 Switching Protocols\r\nUpgrade: chargen/1\r\nConnection: upgrade\r\n\r\nABC',
  )
  const { received } = await exchangeBytes(shop.outbound, upgrade(odd.name, 'chargen/1'), (text) =>
    text.endsWith('ABC'),
  )
  expect(received).toMatch(/^HTTP\/1\.1 101 /)
  await using plain = await answering('HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok')
  const h2c = await exchangeBytes(
    shop.outbound,
    `GET / HTTP/1.1\r\nHost: ${plain.name}\r\nConnection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABkAARAAAAAAAIAAAAA\r\n\r\n`,
    (text) => text.endsWith('ok'),
  )
  expect(h2c.received).toMatch(/^HTTP\/1\.1 200 /)
})

// A dead application is 502 for a WebSocket too, and a dead peer ends the other side.
test('ends pass on: of the application, and of the caller', async () => {
  const socket = open('/x')
  await next(socket)
  const closedAt = new Promise((resolve) => socket.once('close', resolve))
  for (const client of sockets.clients) client.terminate()
  await closedAt
  const second = open('/y')
  await next(second)
  const gone = new Promise<void>((resolve) => {
    for (const client of sockets.clients) client.once('close', () => resolve())
  })
  second.terminate()
  await gone
  await eventually('nothing to be in flight', () => (shop.path.inFlight + chat.path.inFlight === 0 ? true : undefined))
})

// An idle WebSocket never ends by itself: draining does not wait for it and does not cut it, so that the app, which
// gets its signal next, can say goodbye on it.
test('draining leaves WebSockets to the app', async () => {
  const socket = open('/last')
  await next(socket)
  await chat.path.drain(3_600_000)
  const answer = next(socket)
  socket.send('still here')
  expect((await answer).toString()).toBe('still here')
  const closed = new Promise((resolve) => socket.once('close', resolve))
  for (const client of sockets.clients) client.close(1001)
  expect(await closed).toBe(1001)
})

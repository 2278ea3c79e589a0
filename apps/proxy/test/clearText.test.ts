// What travels between two proxies, as somebody on the network sees it: every byte recorded by a relay between them.
import { connect, createServer, type Server, type Socket } from 'node:net'
import { startBackend } from '@heddle/testkit'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { callThrough, exchangeBytes } from './appClient.ts'
import { startTestMesh, type TestMesh, type TestNode } from './testMesh.ts'

let mesh: TestMesh
let backend: Awaited<ReturnType<typeof startBackend>>
let catalog: TestNode
let relay: Server
const sockets = new Set<Socket>()
/** By connection, in the order in which they were made. */
const recorded: { sent: Buffer[]; answered: Buffer[] }[] = []

beforeAll(async () => {
  mesh = await startTestMesh()
  backend = await startBackend((request, response) => {
    request.resume().on('end', () => response.setHeader('x-answer', MARKERS.answerHeader).end(MARKERS.answer))
  })
  catalog = await mesh.start('catalog', { appPort: backend.port })
  relay = createServer((caller) => {
    const connection = { sent: [] as Buffer[], answered: [] as Buffer[] }
    recorded.push(connection)
    const callee = connect(catalog.inbound, '127.0.0.1')
    for (const socket of [caller, callee]) {
      sockets.add(socket)
      socket.on('error', () => {})
    }
    caller.on('data', (bytes) => connection.sent.push(bytes))
    callee.on('data', (bytes) => connection.answered.push(bytes))
    caller.pipe(callee).pipe(caller)
  })
  await new Promise<void>((resolve) => relay.listen(0, '127.0.0.1', resolve))
  const address = relay.address()
  const port = typeof address === 'object' && address !== null ? address.port : 0
  const { instance } = catalog
  // What the instance advertises is where the relay listens.
  mesh.config.set({
    kind: 'endpoints',
    service: 'catalog',
    endpoints: [{ instance, version: 'v1', address: '127.0.0.1', port }],
  })
})
afterAll(async () => {
  await mesh[Symbol.asyncDispose]()
  for (const socket of sockets) socket.destroy()
  await new Promise((resolve) => relay.close(resolve))
  await backend[Symbol.asyncDispose]()
})

const MARKERS = {
  path: 'path-in-the-clear',
  header: 'header-in-the-clear',
  body: 'body-in-the-clear',
  answerHeader: 'answer-header-in-the-clear',
  answer: 'answer-in-the-clear',
}
/** Content type of a TLS record that carries a handshake (RFC 8446, 5.1). */
const HANDSHAKE = 22

// Neither what is asked nor what is answered can be read on the way, and each connection begins with a TLS handshake.
test('nothing between two proxies is in clear text', async () => {
  const probe = await mesh.start('probe')
  const answer = await callThrough(probe.outbound, `http://catalog/${MARKERS.path}`, {
    method: 'POST',
    headers: { 'x-question': MARKERS.header },
    body: MARKERS.body,
  })
  // It did go through the relay, and came back whole.
  expect(answer).toMatchObject({ status: 200, body: MARKERS.answer })
  expect(answer.headers['x-answer']).toBe(MARKERS.answerHeader)
  expect(recorded.length).toBeGreaterThan(0)
  for (const { sent, answered } of recorded) {
    const wire = [Buffer.concat(sent), Buffer.concat(answered)]
    for (const bytes of wire) {
      expect(bytes.length).toBeGreaterThan(500)
      expect(bytes[0]).toBe(HANDSHAKE)
      for (const marker of [...Object.values(MARKERS), 'HTTP/1.1']) expect(bytes.includes(marker)).toBe(false)
    }
  }
})

// Whoever speaks plain HTTP to the inbound port gets no answer of the app, nor any HTTP at all.
test('plain HTTP at the inbound port is refused', async () => {
  const before = backend.requests.length
  const { received, isClosed } = await exchangeBytes(
    catalog.inbound,
    'GET / HTTP/1.1\r\nHost: catalog\r\nConnection: close\r\n\r\n',
  )
  expect(isClosed).toBe(true)
  expect(received).not.toContain('HTTP/')
  expect(received).not.toContain(MARKERS.answer)
  expect(backend.requests).toHaveLength(before)
})

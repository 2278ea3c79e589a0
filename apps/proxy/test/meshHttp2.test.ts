// What an outbound proxy does with peers that speak HTTP/2, and with those that do not yet: Node's own servers stand in
// for the peer, over mutual TLS with certificates of the mesh.
import { once } from 'node:events'
import {
  constants,
  createSecureServer,
  type Http2SecureServer,
  type Http2ServerRequest,
  type Http2ServerResponse,
  type ServerHttp2Session,
} from 'node:http2'
import { createServer as createHttpsServer } from 'node:https'
import { connect, type Server } from 'node:net'
import { eventually, type Leaf, seededRandom } from '@heddle/testkit'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { WebSocket, WebSocketServer } from 'ws'
import { callThrough } from './appClient.ts'
import { destinationDocument, endpointsDocument } from './documents.ts'
import { startTestMesh, type TestMesh, type TestNode } from './testMesh.ts'

let mesh: TestMesh
beforeAll(async () => {
  mesh = await startTestMesh()
})
afterAll(() => mesh[Symbol.asyncDispose]())

const closing: (() => void)[] = []
afterEach(() => {
  for (const close of closing.splice(0)) close()
})

interface Peer {
  port: number
  sessions: ServerHttp2Session[]
  server: Http2SecureServer
  /** Paths that were asked for. */
  asked: string[]
}

const tls = ({ key, chain }: Leaf) =>
  ({ key, cert: chain, ca: mesh.authority.root, requestCert: true, minVersion: 'TLSv1.3' }) as const

function listen(server: Server): Promise<number> {
  return new Promise((resolve) => {
    server.listen(0, '127.0.0.1', () => {
      const address = server.address()
      resolve(typeof address === 'object' && address !== null ? address.port : 0)
    })
  })
}

/** A peer that speaks HTTP/2; answers with the path unless `serve` does. */
async function modernPeer(
  leaf: Leaf,
  serve: (request: Http2ServerRequest, response: Http2ServerResponse) => void = (request, response) => {
    response.end(request.url)
  },
): Promise<Peer> {
  const sessions: ServerHttp2Session[] = []
  const asked: string[] = []
  const server = createSecureServer({ ...tls(leaf), allowHTTP1: true }, (request, response) => {
    asked.push(request.url)
    serve(request, response)
  })
  server.on('session', (session) => {
    sessions.push(session)
    session.on('error', () => {})
  })
  server.on('sessionError', () => {})
  closing.push(() => {
    for (const session of sessions) session.destroy()
    server.close()
  })
  return { port: await listen(server), sessions, server, asked }
}

/** A caller of `service`, at the ends that are given. */
async function callerOf(service: string, ...peers: { port: number }[]): Promise<TestNode> {
  const caller = await mesh.start(`caller-of-${service}`)
  const ports = peers.map(({ port }) => port)
  mesh.config.set(destinationDocument(service), endpointsDocument(service, ports))
  return caller
}

const calls = (caller: TestNode, service: string, count: number) =>
  Promise.all(
    Array.from({ length: count }, async (_, at) => {
      const { status, body } = await callThrough(caller.outbound, `http://${service}/${at}`)
      return `${status} ${body}`
    }),
  )
const answered = (count: number) => Array.from({ length: count }, (_, at) => `200 /${at}`)

test('all requests to a peer share one connection', async () => {
  const peer = await modernPeer(await mesh.authority.service('one'))
  const caller = await callerOf('one', peer)
  expect(await calls(caller, 'one', 50)).toEqual(answered(50))
  expect(peer.sessions.map(({ alpnProtocol }) => alpnProtocol)).toEqual(['h2'])
})

// A mesh is renewed one proxy after the other.
test('an older peer is spoken to in HTTP/1.1, and its successor at the same place is not', async () => {
  const leaf = await mesh.authority.service('older')
  const versions: string[] = []
  const old = createHttpsServer({ ...tls(leaf), ALPNProtocols: ['http/1.1'] }, (request, response) => {
    versions.push(request.httpVersion)
    response.end(request.url)
  })
  const port = await listen(old)
  const caller = await callerOf('older', { port })
  expect(await calls(caller, 'older', 20)).toEqual(answered(20))
  expect(new Set(versions)).toEqual(new Set(['1.1']))
  old.closeAllConnections()
  await new Promise((resolve) => old.close(resolve))

  const asked: string[] = []
  const successor = createSecureServer(tls(leaf), (request, response) => {
    asked.push(request.httpVersion)
    response.end(request.url)
  })
  closing.push(() => successor.close())
  await new Promise<void>((resolve) => successor.listen(port, '127.0.0.1', resolve))
  const successorSessions: ServerHttp2Session[] = []
  successor.on('session', (session) => successorSessions.push(session))
  closing.push(() => {
    for (const session of successorSessions) session.destroy()
  })
  await eventually('the successor to be used', async () => {
    const { status } = await callThrough(caller.outbound, 'http://older/')
    return status === 200 ? true : undefined
  })
  expect(asked.at(-1)).toBe('2.0')
})

// The identity is checked on this connection as on every other: not a byte of the request is for anybody else.
test('a peer of another service gets nothing', async () => {
  const peer = await modernPeer(await mesh.authority.service('somebody'))
  const caller = await callerOf('vault', peer)
  const answer = await callThrough(caller.outbound, 'http://vault/', { method: 'POST', body: 'secret' })
  expect([answer.status, answer.headers['x-heddle-error']]).toEqual([502, 'tls_failed'])
  expect(peer.asked).toEqual([])
})

test('a WebSocket goes over HTTP/1.1, and requests beside it do not', async () => {
  const peer = await modernPeer(await mesh.authority.service('chat'))
  const sockets = new WebSocketServer({ noServer: true })
  peer.server.on('upgrade', (request, socket, head) =>
    sockets.handleUpgrade(request, socket, head, (open) => open.send(request.httpVersion)),
  )
  const caller = await callerOf('chat', peer)
  const socket = new WebSocket('ws://chat/', { createConnection: () => connect(caller.outbound, '127.0.0.1') })
  const [said] = await once(socket, 'message')
  expect(String(said)).toBe('1.1')
  expect(await calls(caller, 'chat', 5)).toEqual(answered(5))
  expect(peer.sessions).toHaveLength(1)
  socket.terminate()
  for (const client of sockets.clients) client.terminate()
})

// Peers end connections all the time (they are upgraded, their certificates end): no caller sees it.
test('GOAWAY under load fails no request', async () => {
  const random = seededRandom(7)
  const peer = await modernPeer(await mesh.authority.service('leaving'), (request, response) => {
    setTimeout(() => response.end(request.url), random() * 20)
  })
  const caller = await callerOf('leaving', peer)
  const statuses = new Map<number, number>()
  const ask = async (): Promise<void> => {
    const { status } = await callThrough(caller.outbound, 'http://leaving/')
    statuses.set(status, (statuses.get(status) ?? 0) + 1)
  }
  for (let round = 0; round < 10; round++) {
    const asking = Array.from({ length: 20 }, ask)
    await eventually('some to be under way', () => (peer.asked.length > round * 20 + 5 ? true : undefined))
    const session = peer.sessions.at(-1)
    session?.goaway(constants.NGHTTP2_NO_ERROR)
    session?.close()
    await Promise.all(asking)
  }
  expect([...statuses]).toEqual([[200, 200]])
  expect(peer.sessions.length).toBeGreaterThanOrEqual(10)
})

test('a renewed certificate is used at once, and what is under way on the old connection ends well', async () => {
  const hanging: Http2ServerResponse[] = []
  const peer = await modernPeer(await mesh.authority.service('renewed'), (request, response) => {
    if (request.url === '/hang') hanging.push(response)
    else response.end(request.url)
  })
  const caller = await callerOf('renewed', peer)
  const held = callThrough(caller.outbound, 'http://renewed/hang')
  const response = await eventually('the request', () => hanging[0])
  const { key, chain } = await mesh.authority.service('caller-of-renewed')
  caller.identity.replace({ key, chain })
  expect(await calls(caller, 'renewed', 5)).toEqual(answered(5))
  expect(peer.sessions).toHaveLength(2)
  response.end('whole')
  expect((await held).body).toBe('whole')
  await eventually('the old connection to end', () => (peer.sessions[0]?.closed === true ? true : undefined))
})

test('a revoked peer loses the connection at once, with what is under way', async () => {
  const hanging: Http2ServerResponse[] = []
  const peer = await modernPeer(await mesh.authority.service('revoked'), (_request, response) => {
    hanging.push(response)
  })
  const caller = await callerOf('revoked', peer)
  const held = callThrough(caller.outbound, 'http://revoked/', { method: 'POST', body: 'x' })
  await eventually('the request', () => hanging[0])
  caller.identity.revoke('revoked')
  expect((await held).headers['x-heddle-error']).toBe('protocol_error')
  expect((await callThrough(caller.outbound, 'http://revoked/')).headers['x-heddle-error']).toBe('tls_failed')
})

// An idempotent request that met a dead connection costs its caller nothing; one that may have been processed does.
test('the death of a connection in use is repeated only where nothing can happen twice', async () => {
  const died: string[] = []
  const peer = await modernPeer(await mesh.authority.service('dying'), (request, response) => {
    if (request.url !== '/die' || died.includes(request.method)) response.end(request.url)
    else {
      died.push(request.method)
      request.stream.session?.socket.destroy()
    }
  })
  const caller = await callerOf('dying', peer)
  expect(await calls(caller, 'dying', 1)).toEqual(answered(1))
  expect((await callThrough(caller.outbound, 'http://dying/die')).status).toBe(200)
  expect(await calls(caller, 'dying', 1)).toEqual(answered(1))
  const post = await callThrough(caller.outbound, 'http://dying/die', { method: 'POST', body: 'x' })
  expect([post.status, died]).toEqual([502, ['GET', 'POST']])
})

import { once } from 'node:events'
import { createServer } from 'node:https'
import { connect } from 'node:tls'
import { systemClock } from '@heddle/shared/clock'
import { createAuthority } from '@heddle/testkit'
import { expect, test } from 'vitest'
import { Connections } from './connections.ts'
import type { Exchange } from './exchange.ts'
import { frontOptions, HEAD_LIMITS, serveExchanges } from './httpFront.ts'

/** A front whose heads must be there in 300 ms, and one connection to it. */
async function start(idleMs: number) {
  const authority = await createAuthority()
  const { key, chain } = await authority.service('catalog')
  const connections = new Connections(systemClock)
  const refused: string[] = []
  const server = createServer({
    ...frontOptions(idleMs, HEAD_LIMITS),
    headersTimeout: 300,
    connectionsCheckingInterval: 50,
    key,
    cert: chain,
  })
  server.prependListener('secureConnection', (socket) => connections.add(socket, { kind: 'app' }))
  serveExchanges(server, {
    connections,
    clock: systemClock,
    handle: (exchange: Exchange) => exchange.answer(200, '', ['content-length', '0']).end([]),
    limits: HEAD_LIMITS,
    refused: (_origin, code) => refused.push(code),
    admit: (_connection, head) => head,
    connect: null,
  })
  const timedOut = once(server, 'clientError')
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  const port = typeof address === 'object' && address !== null ? address.port : 0
  const socket = connect({ port, host: '127.0.0.1', rejectUnauthorized: false })
  let received = ''
  socket.on('data', (chunk) => {
    received += chunk
  })
  await once(socket, 'secureConnect')
  return {
    socket,
    refused,
    timedOut,
    received: () => received,
    [Symbol.dispose]: () => {
      socket.destroy()
      server.close()
      connections.destroyWhere(() => true)
    },
  }
}

// A connection that was opened ahead of its first request is idle like any other: where the other side is the one to
// close idle ones, it stays, and serves when its request comes. The time for a head begins with its first byte.
test('a connection that has said nothing may stay where the other side closes first', async () => {
  using front = await start(0)
  await front.timedOut
  front.socket.write('GET / HTTP/1.1\r\nHost: catalog\r\n\r\n')
  await once(front.socket, 'data')
  expect(front.received()).toMatch(/^HTTP\/1\.1 200 /)
  front.socket.write('GET / HTTP/1.1\r\nHo')
  await once(front.socket, 'close')
  expect(front.received()).toMatch(/HTTP\/1\.1 400 /)
  expect(front.refused).toEqual(['malformed'])
})

// Elsewhere it is closed without a word, since there was no request to answer or to count.
test('a connection that has said nothing is no request', async () => {
  using front = await start(1_000)
  await once(front.socket, 'close')
  expect([front.received(), front.refused]).toEqual(['', []])
})

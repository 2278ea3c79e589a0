// One connection to a scripted server: what is sent, what is believed, and when the connection may be used again.
import { once } from 'node:events'
import { createServer, type Socket } from 'node:net'
import { Readable } from 'node:stream'
import { eventually } from '@heddle/testkit'
import { FakeClock } from '@heddle/testkit/fakeClock'
import { expect, test } from 'vitest'
import { dialTcp } from './dial.ts'
import { type ConnectionOptions, HttpConnection } from './httpConnection.ts'
import { bodyFrom } from './testBody.ts'
import type { Answer, Outcome, OutgoingRequest } from './upstream.ts'

const GET: OutgoingRequest = {
  method: 'GET',
  target: '/x',
  authority: 'catalog',
  headers: ['accept', '*/*'],
  body: null,
  contentLength: null,
  upgrade: null,
}
const OK = 'HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok'

async function connected(serve: (socket: Socket) => void, options: Partial<ConnectionOptions> = {}) {
  let received = ''
  let server: Socket | undefined
  const listener = createServer((socket) => {
    server = socket
    socket.on('error', () => {})
    socket.on('data', (chunk) => {
      received += chunk
    })
    serve(socket)
  }).listen(0, '127.0.0.1')
  await once(listener, 'listening')
  const address = listener.address()
  const clock = new FakeClock()
  const socket = await dialTcp('127.0.0.1', typeof address === 'object' && address !== null ? address.port : 0)
  let closes = 0
  const connection = new HttpConnection(socket, { to: 'mesh', idleMs: 60_000, ...options }, clock, () => closes++)
  return {
    connection,
    clock,
    received: () => received,
    server: () => eventually('the server has the connection', () => server),
    /** Its outcome, with the informational answers before it; `free` resolves when the connection is given back. */
    ask(change: Partial<OutgoingRequest> = {}) {
      const informed: number[] = []
      const { promise: free, resolve } = Promise.withResolvers<void>()
      const sending = connection.send({ ...GET, ...change }, (status) => informed.push(status), resolve)
      return { outcome: sending.outcome, abort: () => sending.abort(), informed, free }
    },
    [Symbol.dispose]: () => {
      connection.destroy()
      listener.close()
      expect(closes).toBeLessThanOrEqual(1)
    },
  }
}

function answered(outcome: Outcome): Answer {
  if (outcome.kind !== 'answered') throw new Error(`${outcome.kind}`)
  return outcome
}

/** The whole body; rejects with the failure's code where it broke off. */
function textOf({ body }: Answer): Promise<string> {
  let text = ''
  return new Promise((resolve, reject) =>
    body.read({
      data: (chunk) => {
        text += chunk
        return true
      },
      end: () => resolve(text),
      failed: ({ code, end }) => reject(new Error(`${code} ${end}`)),
    }),
  )
}

// What is written is made from the parsed request; a method that expects a body says where there is none.
test('writes a request as RFC 9112 has it', async () => {
  using peer = await connected((socket) => socket.on('data', () => socket.write(OK)))
  for (const method of ['GET', 'POST']) {
    const asking = peer.ask({ method })
    await textOf(answered(await asking.outcome))
    await asking.free
  }
  expect(peer.received()).toBe(
    'GET /x HTTP/1.1\r\nhost: catalog\r\naccept: */*\r\n\r\n' +
      'POST /x HTTP/1.1\r\nhost: catalog\r\naccept: */*\r\ncontent-length: 0\r\n\r\n',
  )
})

// A server of HTTP/1.0 keeps a connection only where it is asked; proxies of the mesh speak 1.1.
test('asks an application to keep the connection', async () => {
  using peer = await connected((socket) => socket.on('data', () => socket.write(OK)), { to: 'app' })
  await textOf(answered(await peer.ask().outcome))
  expect(peer.received()).toContain('\r\nconnection: keep-alive\r\n')
})

test('chunks a body of unknown length', async () => {
  using peer = await connected((socket) => {
    socket.on('data', (chunk) => {
      if (chunk.toString().endsWith('0\r\n\r\n')) socket.write(OK)
    })
  })
  const asking = peer.ask({ method: 'PUT', body: bodyFrom(Readable.from([Buffer.from('abc'), Buffer.from('defgh')])) })
  await textOf(answered(await asking.outcome))
  expect(peer.received()).toMatch(/\r\ntransfer-encoding: chunked\r\n\r\n3\r\nabc\r\n5\r\ndefgh\r\n0\r\n\r\n$/)
})

// A server would take the next request for the rest of this one's body: the connection ends instead.
test.each([
  ['shorter', 6],
  ['longer', 4],
])('a body that is %s than it was announced fails the request', async (_what, contentLength) => {
  using peer = await connected(() => {})
  const asking = peer.ask({ method: 'PUT', body: bodyFrom(Readable.from([Buffer.from('12345')])), contentLength })
  expect(await asking.outcome).toMatchObject({ kind: 'failed', code: 'protocol_error' })
  expect(peer.connection.isUsable).toBe(false)
})

// Some clients send their body when they have seen the head of the answer, and servers may answer a head alone.
test('the head of a request does not wait for its body', async () => {
  using peer = await connected((socket) => socket.once('data', () => socket.write(OK)))
  const body = new Readable({ read() {} })
  const asking = peer.ask({ method: 'POST', body: bodyFrom(body) })
  expect(await textOf(answered(await asking.outcome))).toBe('ok')
  expect(peer.received()).toMatch(/^POST .*transfer-encoding: chunked\r\n\r\n$/s)
})

// What is there already goes with the head, in one write.
test('a body that is there shares a packet with its head', async () => {
  const pieces: string[] = []
  using peer = await connected((socket) => socket.on('data', (chunk) => pieces.push(chunk.toString())))
  peer.ask({ method: 'POST', body: bodyFrom(Readable.from([Buffer.from('abc')])), contentLength: 3 })
  await eventually('the request', () => (peer.received().endsWith('abc') ? true : undefined))
  expect(pieces).toHaveLength(1)
})

// With its body still under way nobody can say where the next request would begin.
test('a connection is not used again where the answer came before the end of the request', async () => {
  using peer = await connected((socket) => socket.once('data', () => socket.write(OK)))
  const body = new Readable({ read() {} })
  body.push('first')
  const asking = peer.ask({ method: 'PUT', body: bodyFrom(body) })
  expect(await textOf(answered(await asking.outcome))).toBe('ok')
  await asking.free
  expect(peer.connection.isUsable).toBe(false)
  expect(body.destroyed).toBe(true)
})

// Bytes that nobody asked for belong to somebody else's answer, whether they come behind an answer or much later.
test.each(['behind the answer', 'later'])('a stray answer ends the connection: %s', async (when) => {
  using peer = await connected((socket) => {
    socket.on('data', () => socket.write(when === 'later' ? OK : OK + OK))
  })
  const asking = peer.ask()
  expect(await textOf(answered(await asking.outcome))).toBe('ok')
  await asking.free
  if (when === 'later') {
    const server = await peer.server()
    // From here to the next turn of the loop nothing is read: it lies there when the request comes.
    await new Promise(setImmediate)
    server.write(OK)
    peer.connection.rest()
    expect(await peer.ask().outcome).toMatchObject({ kind: 'failed', end: 'not_sent' })
  }
  expect(peer.connection.isUsable).toBe(false)
})

// `Keep-Alive: timeout=5`: a second before that the server may be about to close.
test('an idle connection is kept as long as the server says, and not longer', async () => {
  using peer = await connected((socket) =>
    socket.on('data', () =>
      socket.write(`HTTP/1.1 200 OK\r\nKeep-Alive: timeout=5, max=9\r\nContent-Length: 0\r\n\r\n`),
    ),
  )
  const asking = peer.ask()
  await textOf(answered(await asking.outcome))
  await asking.free
  peer.connection.rest()
  peer.clock.advance(3_999)
  expect(peer.connection.isUsable).toBe(true)
  peer.clock.advance(1)
  expect(peer.connection.isUsable).toBe(false)
})

// The invitation is between two hops (RFC 9110, 10.1.1); the rest is for the caller.
test('hints are passed on, invitations are not', async () => {
  using peer = await connected((socket) =>
    socket.on('data', () =>
      socket.write(`HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n${OK}`),
    ),
  )
  const asking = peer.ask()
  expect(await textOf(answered(await asking.outcome))).toBe('ok')
  expect(asking.informed).toEqual([103])
})

// The end of the connection is the end of such a body; a reset is not.
test.each(['end', 'reset'])('an answer without a length ends with the connection: %s', async (how) => {
  using peer = await connected((socket) => {
    socket.once('data', () => {
      socket.write('HTTP/1.1 200 OK\r\n\r\nall of it')
      if (how === 'end') socket.end()
    })
  })
  const answer = answered(await peer.ask().outcome)
  if (how === 'reset') {
    const text = textOf(answer)
    const socket = await peer.server()
    socket.resetAndDestroy()
    await expect(text).rejects.toThrow('protocol_error no_answer')
  } else expect(await textOf(answer)).toBe('all of it')
  await eventually('the connection is over', () => (peer.connection.isUsable ? undefined : true))
})

// Who reads slowly, or has not begun, stops the server and gets the whole in the end.
test('a held answer stops the server', async () => {
  const length = 8 * 1024 * 1024
  let isStopped = false
  using peer = await connected((socket) => {
    socket.once('data', () => {
      isStopped = !socket.write(`HTTP/1.1 200 OK\r\nContent-Length: ${length}\r\n\r\n${'x'.repeat(length)}`)
    })
  })
  const answer = answered(await peer.ask().outcome)
  const before = (await peer.server()).bytesWritten
  await eventually('the connection is held', () => (peer.connection.socket.isPaused() ? true : undefined))
  expect(isStopped).toBe(true)
  expect(peer.connection.socket.bytesRead).toBeLessThan(length)
  expect(before).toBeGreaterThan(0)
  expect((await textOf(answer)).length).toBe(length)
})

// A server that ends the connection with its answer (every HTTP/1.0 server does) has not taken back what lies here
// while the reader is slow.
test.each([
  ['a length', 'HTTP/1.1 200 OK\r\nContent-Length: 30000\r\nConnection: close\r\n\r\n', ''],
  ['HTTP/1.0', 'HTTP/1.0 200 OK\r\n\r\n', ''],
  ['chunks', 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n7530\r\n', '\r\n0\r\n\r\n'],
])('a held answer outlives the connection, %s', async (_, head, tail) => {
  using peer = await connected((socket) => {
    socket.once('data', () => socket.end(`${head}${'x'.repeat(30_000)}${tail}`))
  })
  const answer = answered(await peer.ask().outcome)
  const { socket } = peer.connection
  await eventually('the end of the connection', () => (socket.readableEnded ? true : undefined))
  for (let turn = 0; turn < 20; turn++) await new Promise(setImmediate)
  expect((await textOf(answer)).length).toBe(30_000)
  await eventually('the connection is gone', () => (socket.closed ? true : undefined))
})

// What cannot be written is a mistake of ours, and nothing of it leaves.
test('a request that would be read differently is not sent', async () => {
  using peer = await connected(() => {})
  expect(await peer.ask({ target: '/x y' }).outcome).toMatchObject({ kind: 'failed', end: 'not_sent' })
  expect(await peer.server()).toBeDefined()
  expect(peer.received()).toBe('')
})

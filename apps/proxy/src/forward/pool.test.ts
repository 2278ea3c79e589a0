import { once } from 'node:events'
import { createServer, type Socket } from 'node:net'
import { eventually } from '@heddle/testkit'
import { FakeClock } from '@heddle/testkit/fakeClock'
import { expect, test } from 'vitest'
import { dialTcp } from './dial.ts'
import { Pool, type PoolLimits } from './pool.ts'
import type { OutgoingRequest } from './upstream.ts'

const GET: OutgoingRequest = {
  method: 'GET',
  target: '/',
  authority: 'catalog',
  headers: [],
  body: null,
  contentLength: null,
  upgrade: null,
}
const OK = 'HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok'

/** A pool in front of a server that gives each connection to `serve`, which knows how many there were before it. */
async function pooled(
  serve: (socket: Socket, before: number) => void,
  {
    limits,
    dial = dialTcp,
    lastsMs = 3_600_000,
  }: { limits?: PoolLimits; dial?: typeof dialTcp; lastsMs?: number } = {},
) {
  let connections = 0
  const server = createServer((socket) => {
    socket.on('error', () => {}).resume()
    serve(socket, connections++)
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  const port = typeof address === 'object' && address !== null ? address.port : 0
  const clock = new FakeClock()
  const pool = new Pool(
    async () => ({ socket: await dial('127.0.0.1', port), peer: null, endAtMs: clock.now() + lastsMs }),
    { to: 'mesh', idleMs: 60_000 },
    clock,
    limits,
  )
  return {
    send: (change: Partial<OutgoingRequest> = {}) => pool.send({ ...GET, ...change }, () => {}),
    /** Reads an answer to its end, so that its connection is free again. */
    ask: async () => {
      const outcome = await pool.send(GET, () => {}).outcome
      if (outcome.kind !== 'answered') return outcome.kind
      return new Promise<number>((resolve) =>
        outcome.body.read({ data: () => true, end: () => resolve(outcome.status), failed: () => resolve(0) }),
      )
    },
    connections: () => connections,
    [Symbol.dispose]: () => {
      pool.destroy()
      server.close()
    },
  }
}

// A connection that is over before it begins, as with a certificate of our own that has expired, fails the request
// that waits for it: dialling for ever would hold the caller for ever.
test('fails a request whose connection is dead on arrival', async () => {
  let dials = 0
  const dial: typeof dialTcp = (address, port) => {
    dials++
    return dialTcp(address, port)
  }
  using pool = await pooled(() => {}, { dial, lastsMs: 0 })
  expect(await pool.send().outcome).toMatchObject({ kind: 'failed', code: 'tls_failed' })
  expect(dials).toBe(1)
})

// Where every connection is in use a request waits a moment, and is then refused as what it is: overload, with nothing
// sent. A connection that becomes free meanwhile is its own.
test('a request waits for a connection, and not for ever', async () => {
  const hanging: Socket[] = []
  using pool = await pooled((socket) => socket.once('data', () => hanging.push(socket)), {
    limits: { connections: 2, waiting: 10, patienceMs: 100 },
  })
  const first = pool.send()
  pool.send()
  await eventually('two requests at the server', () => (hanging.length === 2 ? true : undefined))
  expect(await pool.send().outcome).toMatchObject({ kind: 'failed', code: 'overloaded', end: 'not_sent' })
  const patient = pool.send()
  first.abort()
  await eventually('the one that waited', () => (hanging.length === 3 ? true : undefined))
  hanging[2]?.write(OK)
  expect(await patient.outcome).toMatchObject({ kind: 'answered', status: 200 })
  expect(pool.connections()).toBe(3)
})

// More than may wait are refused at once.
test('the row of those who wait has an end', async () => {
  using pool = await pooled(() => {}, { limits: { connections: 1, waiting: 2, patienceMs: 3_600_000 } })
  const waiting = [pool.send(), pool.send()]
  expect(await pool.send().outcome).toMatchObject({ kind: 'failed', code: 'overloaded', end: 'not_sent' })
  for (const sending of waiting) sending.abort()
})

// A caller that sends several requests behind each other has the next one read within the end of an answer.
test('whoever hears of the end of an answer gets its connection', async () => {
  using pool = await pooled((socket) => socket.on('data', () => socket.write(OK)))
  const outcome = await pool.send().outcome
  if (outcome.kind !== 'answered') throw new Error(outcome.kind)
  const next = await new Promise<number | string>((resolve) =>
    outcome.body.read({ data: () => true, end: () => resolve(pool.ask()), failed: ({ code }) => resolve(code) }),
  )
  expect([next, pool.connections()]).toEqual([200, 1])
})

// The server ends the connection behind an answer whose reader is slow: nobody is given it, and nothing fails for it.
test.each([
  ['whoever hears of its end', undefined],
  ['who waits for a connection', { connections: 1, waiting: 1, patienceMs: 3_600_000 }],
])('a connection that was closed behind its held answer is not given to %s', async (_who, limits) => {
  const ended = Promise.withResolvers<void>()
  const dialled: Socket[] = []
  const dial: typeof dialTcp = async (address, port) => {
    const socket = await dialTcp(address, port)
    dialled.push(socket)
    return socket
  }
  using pool = await pooled(
    (socket, before) => socket.on('data', () => (before === 0 ? socket.end(OK, ended.resolve) : socket.write(OK))),
    { ...(limits !== undefined && { limits }), dial },
  )
  const outcome = await pool.send().outcome
  if (outcome.kind !== 'answered') throw new Error(outcome.kind)
  await ended.promise
  await eventually('the end is heard', () => (dialled[0]?.readableEnded === true ? true : undefined))
  const waiting = limits === undefined ? undefined : pool.ask()
  const next = await new Promise<number | string>((resolve) =>
    outcome.body.read({
      data: () => true,
      end: () => resolve(waiting ?? pool.ask()),
      failed: ({ code }) => resolve(code),
    }),
  )
  expect([next, pool.connections()]).toEqual([200, 2])
})

// WebSockets last for hours: they take no place from requests.
test('switched connections are not counted', async () => {
  using pool = await pooled(
    (socket, before) =>
      socket.on('data', () =>
        socket.write(before === 0 ? 'HTTP/1.1 101 Switching\r\nConnection: Upgrade\r\nUpgrade: chat\r\n\r\n' : OK),
      ),
    { limits: { connections: 1, waiting: 10, patienceMs: 200 } },
  )
  const upgraded = await pool.send({ upgrade: 'chat' }).outcome
  expect(upgraded.kind).toBe('switched')
  expect(await pool.ask()).toBe(200)
})

// A connection that was opened for a request and found idle, since another was free first, may have been closed by the
// other side as any idle one: its request can go again.
test('a connection that lay idle before its first request is stale when it is closed', async () => {
  const gates: (() => void)[] = []
  const dialled: Promise<Socket>[] = []
  const dial: typeof dialTcp = async (address, port) => {
    await new Promise<void>((resolve) => gates.push(resolve))
    const socket = dialTcp(address, port)
    dialled.push(socket)
    return socket
  }
  using pool = await pooled(
    (socket, before) => socket.on('data', () => (before === 0 ? socket.write(OK) : socket.destroy())),
    { dial },
  )
  const answers = [pool.ask(), pool.ask()]
  gates[0]?.()
  expect(await Promise.all(answers)).toEqual([200, 200])
  gates[1]?.()
  await eventually('the second dial', () => dialled[1])
  await dialled[1]
  await new Promise((resolve) => setImmediate(resolve))
  // The latest that was put back is taken first.
  expect(await pool.send().outcome).toMatchObject({ kind: 'failed', end: 'stale_connection' })
})

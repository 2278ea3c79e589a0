// Both sides on real sockets, with each other and with nghttp2 as Node's own http2 has it.
import { once } from 'node:events'
import { connect as connectHttp2 } from 'node:http2'
import { type AddressInfo, connect, createServer, type Socket } from 'node:net'
import { FakeClock } from '@heddle/testkit'
import { afterEach, expect, test, vi } from 'vitest'
import { ClientConnection } from '../http2/clientConnection.ts'
import { LIMITS } from '../http2/limits.ts'
import { ServerConnection } from '../http2/serverConnection.ts'
import { MESH_CARE } from './care.ts'
import { type Ending, Http2Transport, type OwnedStep } from './http2Transport.ts'

const closing: (() => unknown)[] = []
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close()
})

const clock = new FakeClock()

async function socketPair(): Promise<[near: Socket, far: Socket]> {
  const server = createServer({ allowHalfOpen: true, noDelay: true })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const near = connect({ port: (server.address() as AddressInfo).port, host: '127.0.0.1', noDelay: true })
  const [[far]] = await Promise.all([once(server, 'connection'), once(near, 'connect')])
  closing.push(
    () => server.close(),
    () => near.destroy(),
    () => far.destroy(),
  )
  return [near, far]
}

/** Answers each request when it is whole: with so many octets as its path says. */
function answering(socket: Socket): {
  transport: Http2Transport<unknown>
  connection: ServerConnection
  ended: Ending[]
} {
  const connection = new ServerConnection(LIMITS)
  const ended: Ending[] = []
  const left = new Map<number, number>()
  const step = (step: OwnedStep): void => {
    if (step !== 'end' && step !== 'drained') return
    const { stream } = connection
    if (step === 'end') {
      left.set(stream.id, Number(stream.head?.target.slice(1)))
      connection.respond(stream, { status: 200, fields: [], contentLength: null }, false)
    }
    let rest = left.get(stream.id) ?? 0
    for (let goesOn = true; goesOn && rest > 0; rest -= 5_000)
      goesOn = connection.send(stream, Buffer.alloc(Math.min(5_000, rest), 'z'))
    left.set(stream.id, rest)
    if (rest <= 0) connection.finish(stream)
  }
  const owner = { step, ended: (why: Ending) => void ended.push(why) }
  return { transport: new Http2Transport({ connection, socket, owner, clock, care: MESH_CARE }), connection, ended }
}

interface Asking {
  connection: ClientConnection
  transport: Http2Transport<unknown>
  ended: Ending[]
  /** Octets of the answer's body. */
  ask(path: string): Promise<number>
}

function asking(socket: Socket): Asking {
  const connection = new ClientConnection(LIMITS)
  const waiting = new Map<number, { bytes: number; resolve(bytes: number): void; reject(error: Error): void }>()
  const ended: Ending[] = []
  const step = (step: OwnedStep): void => {
    if (step === 'pong' || step === 'goaway') return
    const { stream } = connection
    const asked = waiting.get(stream.id)
    if (asked === undefined) return
    if (step === 'data') {
      asked.bytes += connection.data.length
      connection.consumed(stream, connection.data.length)
    } else if (step === 'end') asked.resolve(asked.bytes)
    else if (step === 'reset') asked.reject(new Error(stream.fault?.detail))
  }
  const owner = { step, ended: (why: Ending) => void ended.push(why) }
  const transport = new Http2Transport({ connection, socket, owner, clock, care: MESH_CARE })
  return {
    connection,
    transport,
    ended,
    ask: (target) =>
      new Promise((resolve, reject) => {
        const head = { method: 'GET', scheme: 'http', target, host: 'a', fields: [], contentLength: null } as const
        waiting.set(connection.open(head, true).id, { bytes: 0, resolve, reject })
        transport.wake()
      }),
  }
}

test('answers of every size arrive whole, many at a time', async () => {
  const [near, far] = await socketPair()
  answering(far)
  const client = asking(near)
  const sizes = Array.from({ length: 90 }, (_, i) => (i % 9 === 0 ? 700_000 + i : i * 37))
  expect(await Promise.all(sizes.map((size) => client.ask(`/${size}`)))).toEqual(sizes)
})

// One TLS record and one system call for all that was said in a turn.
test('what is said in one turn is one write', async () => {
  const [near, far] = await socketPair()
  answering(far)
  const client = asking(near)
  await client.ask('/1')
  const writes = [vi.spyOn(near, 'write'), vi.spyOn(far, 'write')]
  await Promise.all(Array.from({ length: 50 }, () => client.ask('/10')))
  expect(writes.map(({ mock }) => mock.calls.length)).toEqual([1, 1])
})

test('nothing is taken of bodies while the socket takes nothing, and all of it leaves in the end', async () => {
  const [near, far] = await socketPair()
  const { connection } = answering(far)
  const session = connectHttp2('http://a', { createConnection: () => near })
  closing.push(() => session.destroy())
  await once(session, 'connect')
  session.setLocalWindowSize(64 * 1024 * 1024)
  const take = vi.spyOn(connection, 'take')
  const stream = session.request({ ':path': '/10000000' })
  let bytes = 0
  for await (const chunk of stream) bytes += chunk.length
  expect(bytes).toBe(10_000_000)
  expect(far.writableLength).toBeLessThan(100_000)
  expect(take.mock.calls.length).toBeGreaterThan(100)
})

test('leaving, what is open ends well, and both sides close', async () => {
  const [near, far] = await socketPair()
  const server = answering(far)
  const client = asking(near)
  await client.ask('/1')
  const answer = client.ask('/2000000')
  server.transport.leave()
  expect(await answer).toBe(2_000_000)
  await Promise.all([near.closed ? undefined : once(near, 'close'), far.closed ? undefined : once(far, 'close')])
  expect([server.ended, client.ended]).toEqual([
    [{ fault: undefined, error: undefined }],
    [{ fault: undefined, error: undefined }],
  ])
})

test('a socket that is lost resets what was open, once', async () => {
  const [near, far] = await socketPair()
  answering(far)
  const client = asking(near)
  await client.ask('/1')
  const answer = client.ask('/90000000')
  const closed = new Promise((resolve) => near.once('close', resolve))
  far.resetAndDestroy()
  await expect(answer).rejects.toThrow('the connection ended')
  await closed
  expect(client.ended).toHaveLength(1)
})

test('a peer that speaks something else is told so, and its socket ends', async () => {
  const [near, far] = await socketPair()
  const server = answering(far)
  const seen: Buffer[] = []
  near.on('data', (chunk: Buffer) => seen.push(chunk))
  near.write('GET / HTTP/1.1\r\n\r\n')
  await once(near, 'end')
  near.end()
  expect(Buffer.concat(seen).toString('latin1')).toContain('this is not HTTP/2')
  expect(server.ended[0]?.fault?.detail).toBe('this is not HTTP/2')
})

test('a peer that says nothing is given up by the sweep', async () => {
  const [near, far] = await socketPair()
  const server = answering(far)
  near.resume()
  clock.advance(10_001)
  server.transport.sweep(clock.monotonic())
  await once(far, 'close')
  expect(server.ended[0]?.fault?.detail).toBe('the peer has not answered our SETTINGS')
})

test('a peer that is well answers the sweep with a sign', async () => {
  const [near, far] = await socketPair()
  const server = answering(far)
  const client = asking(near)
  await client.ask('/1')
  // The second one comes behind the answer to our SETTINGS.
  await client.ask('/1')
  for (let i = 0; i < 5; i++) {
    clock.advance(20_001)
    const heard = once(far, 'data')
    server.transport.sweep(clock.monotonic())
    await heard
  }
  expect(await client.ask('/1')).toBe(1)
})

// What one connection of a caller of HTTP/2 may cost the process. (How requests are served is in test/http2.test.ts.)
import { once } from 'node:events'
import { connect as connectHttp2 } from 'node:http2'
import { type AddressInfo, createServer } from 'node:net'
import { FakeClock } from '@heddle/testkit'
import { afterEach, expect, test } from 'vitest'
import { LIMITS } from '../http2/limits.ts'
import { BufferBudget } from '../transport/bufferBudget.ts'
import { MESH_CARE } from '../transport/care.ts'
import { Connections } from './connections.ts'
import type { Exchange } from './exchange.ts'
import { HEAD_LIMITS, type Http2Front, SOCKETS } from './front.ts'
import { Http2Caller } from './http2Caller.ts'

const closing: (() => unknown)[] = []
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close()
})

async function start(handle: (exchange: Exchange) => void, budget: BufferBudget) {
  const clock = new FakeClock()
  const connections = new Connections(clock)
  const refused: string[] = []
  const http2: Http2Front = { limits: LIMITS, care: MESH_CARE, budget, faulted: () => {} }
  const server = createServer(SOCKETS, (socket) => {
    new Http2Caller(
      connections.add(socket, { kind: 'app' }),
      {
        connections,
        clock,
        limits: HEAD_LIMITS,
        patience: { headMs: 0, idleMs: 0, requestMs: 0 },
        handle,
        refused: (_origin, code) => void refused.push(code),
        admit: (_origin, head) => head,
        connect: null,
        http2: null,
      },
      http2,
    )
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const client = connectHttp2(`http://127.0.0.1:${(server.address() as AddressInfo).port}`)
  client.on('error', () => {})
  await once(client, 'connect')
  closing.push(
    () => server.close(),
    () => connections.close(),
    () => client.destroy(),
  )
  return { client, refused, connections, clock }
}

test('what nobody takes is counted for the process, and past its bound new requests are refused', async () => {
  const budget = new BufferBudget(100_000)
  const bodies: Exchange[] = []
  const { client, refused } = await start((exchange) => {
    bodies.push(exchange)
    if (exchange.head.target.path === '/small') exchange.answer(204, '', []).end([])
  }, budget)
  for (let i = 0; i < 2; i++) client.request({ ':method': 'POST', ':path': '/large' }).write(Buffer.alloc(100_000))
  while (!budget.isSpent) await new Promise((resolve) => setImmediate(resolve))
  const late = client.request({ ':path': '/small' })
  const [answer] = await once(late, 'response')
  expect([answer[':status'], answer['x-heddle-error'], refused]).toEqual([503, 'overloaded', ['overloaded']])
  // A window each, whatever the callers would send.
  expect(budget.bytes).toBe(2 * LIMITS.streamWindowBytes)
  for (const { body } of bodies) body?.read({ data: () => true, end: () => {}, broke: () => {} })
  while (budget.bytes > 0) await new Promise((resolve) => setImmediate(resolve))
  const [served] = await once(client.request({ ':path': '/small' }), 'response')
  expect(served[':status']).toBe(204)
})

// A call may last for hours after its request has come to its end.
test('what was taken of a whole request is counted no more, though its answer is not there', async () => {
  const budget = new BufferBudget(1_000_000)
  const exchanges: Exchange[] = []
  const { client } = await start((exchange) => void exchanges.push(exchange), budget)
  client.request({ ':method': 'POST', ':path': '/' }).end(Buffer.alloc(50_000))
  while (exchanges[0]?.body?.isWhole !== true) await new Promise((resolve) => setImmediate(resolve))
  expect(budget.bytes).toBe(50_000)
  let taken = 0
  const data = (chunk: Buffer) => {
    taken += chunk.length
    return true
  }
  await new Promise<void>((end) => exchanges[0]?.body?.read({ data, end: () => end(), broke: () => {} }))
  expect([taken, budget.bytes]).toEqual([50_000, 0])
})

// As over HTTP/1.1, where the connection tells it: a call that nobody ends otherwise would count as in flight.
test('whoever breaks a request off hears that its caller is gone', async () => {
  let gone = 0
  const { client } = await start((exchange) => {
    exchange.onGone(() => gone++)
    exchange.abort()
  }, new BufferBudget(1_000_000))
  await expect(once(client.request({ ':path': '/' }), 'response')).rejects.toThrow()
  expect(gone).toBe(1)
})

test('an answer that its caller does not read is counted, and forgotten with the connection', async () => {
  const budget = new BufferBudget(1_000_000)
  const { client } = await start((exchange) => {
    const sink = exchange.answer(200, '', [])
    while (sink.write(Buffer.alloc(50_000)));
    sink.flush()
  }, budget)
  await once(client.request({ ':path': '/' }), 'response')
  while (budget.bytes === 0) await new Promise((resolve) => setImmediate(resolve))
  expect(budget.bytes).toBeLessThanOrEqual(LIMITS.sendBufferBytes + 50_000)
  client.destroy()
  while (budget.bytes > 0) await new Promise((resolve) => setImmediate(resolve))
})

test('an idle connection that retires is told twice, and ends', async () => {
  const { client, connections } = await start((exchange) => exchange.answer(204, '', []).end([]), new BufferBudget(1))
  await once(client.request({ ':path': '/' }), 'response')
  const goaways: number[] = []
  client.on('goaway', (_code, last) => goaways.push(last))
  const ended = once(client, 'close')
  connections.retireAll()
  await ended
  expect(goaways[0]).toBe(2 ** 31 - 1)
  while (connections.size > 0) await new Promise((resolve) => setImmediate(resolve))
})

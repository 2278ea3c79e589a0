// For tests: one connection between a raw caller and a front whose handler the test gives.
import { once } from 'node:events'
import { connect, createServer, type Socket } from 'node:net'
import { eventually } from '@heddle/testkit'
import { FakeClock } from '@heddle/testkit/fakeClock'
import { readBody } from '../forward/testBody.ts'
import { CallerConnection } from './callerConnection.ts'
import { type Connection, Connections } from './connections.ts'
import type { Exchange } from './exchange.ts'
import { type Front, HEAD_LIMITS, SOCKETS } from './front.ts'

export async function startCaller(handle: (exchange: Exchange) => void, change: Partial<Front> = {}) {
  const clock = new FakeClock(Date.UTC(2026, 10, 30))
  const connections = new Connections(clock)
  const refused: string[] = []
  let connection: Connection | undefined
  const front: Front = {
    connections,
    clock,
    limits: HEAD_LIMITS,
    patience: { headMs: 10_000, idleMs: 60_000, requestMs: 300_000 },
    handle,
    refused: (_origin, code) => refused.push(code),
    admit: (_origin, head) => head,
    connect: null,
    http2: null,
    ...change,
  }
  const server = createServer(SOCKETS, (socket) => {
    socket.on('error', () => {})
    connection = connections.add(socket, { kind: 'app' })
    new CallerConnection(connection, front)
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  const port = typeof address === 'object' && address !== null ? address.port : 0
  const caller: Socket = connect({ port, host: '127.0.0.1', allowHalfOpen: true, noDelay: true })
  let received = ''
  let error: string | undefined
  caller.on('data', (chunk) => {
    received += chunk.toString('latin1')
  })
  caller.on('error', (reason: NodeJS.ErrnoException) => {
    error = reason.code
  })
  const closed = new Promise<void>((resolve) => caller.once('close', () => resolve()))
  const answersEnd = (): void => void caller.end()
  caller.once('end', answersEnd)
  await once(caller, 'connect')
  const served = await eventually('the connection', () => connection)
  return {
    caller,
    clock,
    front,
    connections,
    /** The front's side of the connection. */
    served,
    refused,
    received: () => received,
    /** Why the caller's side broke. */
    error: () => error,
    closed,
    send: (text: string | Buffer) => caller.write(typeof text === 'string' ? Buffer.from(text, 'latin1') : text),
    /** Waits for something that matches, and gives all that came. */
    until: (pattern: RegExp | string) =>
      eventually(`${pattern} in the answers`, () =>
        (typeof pattern === 'string' ? received.includes(pattern) : pattern.test(received)) ? received : undefined,
      ),
    /** From here on the caller does not end its side when ours has ended. */
    stay: () => caller.off('end', answersEnd),
    /** The front has read all that the caller has sent. */
    heard: () => eventually('what was sent', () => (served.socket.bytesRead >= caller.bytesWritten ? true : undefined)),
    /** Nothing is under way any more. */
    quiet: () => eventually('nothing under way', () => (connections.active === 0 ? true : undefined)),
    /** Time passes, and the sweep looks. */
    pass(ms: number) {
      clock.advance(ms)
      connections.sweep()
    },
    [Symbol.dispose]: () => {
      caller.destroy()
      server.close()
      connections.close()
    },
  }
}

/** A handler whose requests wait until the test answers them. */
export function waiting() {
  const asked: Exchange[] = []
  return {
    asked,
    handle: (exchange: Exchange) => void asked.push(exchange),
    /** The request of that number, when it has come. */
    request: (n: number) => eventually(`request ${n}`, () => asked[n]),
  }
}

/** Reads the body and answers with what it was; the length is known. */
export function echo(exchange: Exchange): void {
  const answer = (body: string): void => {
    const text = Buffer.from(`${exchange.head.method} ${exchange.head.target.path} [${body}]`, 'latin1')
    const sink = exchange.answer(200, 'OK', ['content-length', String(text.length)])
    sink.write(text)
    sink.end([])
  }
  const { body } = exchange
  if (body === null) {
    answer('')
    return
  }
  exchange.invite()
  readBody(body).then(answer, () => {})
}

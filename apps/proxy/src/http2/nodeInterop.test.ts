// Both sides talk with nghttp2, through Node's own http2, over real sockets: bodies both ways with back pressure, trailers,
// many streams at once, cancels and GOAWAY; and whatever its encoder makes of fields is what was meant.
import { once } from 'node:events'
import {
  type ClientHttp2Session,
  type ClientHttp2Stream,
  type ClientSessionOptions,
  connect,
  constants,
  createServer,
  type Http2Server,
  type IncomingHttpHeaders,
  type ServerHttp2Stream,
  type Settings,
} from 'node:http2'
import {
  type AddressInfo,
  connect as connectTcp,
  createServer as createTcpServer,
  type Server,
  type Socket,
} from 'node:net'
import { pickOne, seededRandom } from '@heddle/testkit'
import { afterEach, expect, test } from 'vitest'
import { ClientConnection } from './clientConnection.ts'
import type { Connection } from './connection.ts'
import { ERROR } from './fault.ts'
import { LIMITS } from './limits.ts'
import type { RequestHead } from './requestHead.ts'
import type { ResponseHead } from './responseHead.ts'
import { ServerConnection } from './serverConnection.ts'
import type { Step } from './speakingSide.ts'
import type { Stream } from './stream.ts'

const closing: (() => Promise<unknown> | undefined)[] = []
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close()
})

/** Puts a connection on a socket: everything of a turn in one write, nothing while the socket has not taken the last. */
function drive<Head>(connection: Connection<Head>, socket: Socket, take: (step: Step) => void): () => void {
  let isBlocked = false
  const pump = (): void => {
    for (;;) {
      const step = connection.next()
      if (step === 'more' || step === 'closed') return
      if (step === 'refused') return void socket.end()
      take(step)
    }
  }
  const flush = (): void => {
    while (!isBlocked && connection.hasOutput) {
      socket.cork()
      for (const bytes of connection.take(65_536)) isBlocked = !socket.write(bytes)
      socket.uncork()
      pump()
    }
    if (connection.isDrained) socket.end()
  }
  socket.setNoDelay(true)
  socket.on('data', (chunk: Buffer) => {
    connection.feed(chunk, performance.now())
    pump()
    flush()
  })
  socket.on('drain', () => {
    isBlocked = false
    flush()
  })
  socket.on('error', () => {})
  socket.on('close', () => {
    connection.end()
    pump()
  })
  flush()
  return flush
}

/** Sends a body on as it comes, and takes no more of it than the other side does. */
class Relay<Head> {
  readonly #connection: Connection<Head>
  readonly #held = new Map<number, number>()

  constructor(connection: Connection<Head>) {
    this.#connection = connection
  }

  data(from: Stream<Head>, bytes: Buffer): void {
    if (this.#connection.send(from, bytes)) this.#connection.consumed(from, bytes.length)
    else this.#held.set(from.id, (this.#held.get(from.id) ?? 0) + bytes.length)
  }

  drained(stream: Stream<Head>): void {
    this.#connection.consumed(stream, this.#held.get(stream.id) ?? 0)
    this.#held.delete(stream.id)
  }
}

interface Echo {
  readonly port: number
  readonly connections: ServerConnection[]
  readonly flushes: (() => void)[]
  readonly heads: RequestHead[]
  readonly resets: number[]
  /** The most that ever waited for a stream. */
  mostQueued: number
}

/** Our server: answers with what it is sent, its trailers too. A path that is a number: so many octets. */
async function echoServer(): Promise<Echo> {
  const heads: RequestHead[] = []
  const resets: number[] = []
  const connections: ServerConnection[] = []
  const flushes: (() => void)[] = []
  const sockets: Socket[] = []
  const server: Server = createTcpServer((socket) => {
    const connection = new ServerConnection(LIMITS)
    const relay = new Relay(connection)
    const generated = new Map<number, number>()
    const generate = (stream: Stream<RequestHead>): void => {
      let rest = generated.get(stream.id) ?? 0
      for (let goesOn = true; goesOn && rest > 0; rest -= 10_000)
        goesOn = connection.send(stream, Buffer.alloc(Math.min(rest, 10_000), 'z'))
      generated.set(stream.id, rest)
      if (rest <= 0) connection.finish(stream)
    }
    const flush = drive(connection, socket, (step) => {
      if (step === 'goaway' || step === 'pong') return
      const { stream } = connection
      echo.mostQueued = Math.max(echo.mostQueued, stream.queuedBytes)
      const size = Number(stream.head?.target.slice(1) || Number.NaN)
      switch (step) {
        case 'head':
          if (stream.head === undefined) return
          heads.push(stream.head)
          if (stream.head.expectsContinue) connection.inform(stream, 100, [])
          connection.inform(stream, 103, ['link', '</x>'])
          connection.respond(stream, { status: 200, fields: stream.head.fields, contentLength: null }, false)
          if (size > 0) {
            generated.set(stream.id, size)
            generate(stream)
          }
          return
        case 'refused_head':
          return connection.respond(
            stream,
            { status: stream.refusal?.status ?? 500, fields: [], contentLength: 0 },
            true,
          )
        case 'data':
          return relay.data(stream, connection.data)
        case 'end':
          if (!(size > 0)) connection.finish(stream, stream.trailers)
          return
        case 'drained':
          return size > 0 ? generate(stream) : relay.drained(stream)
        case 'reset':
          resets.push(stream.fault?.code ?? -1)
          return
      }
    })
    connections.push(connection)
    sockets.push(socket)
    flushes.push(flush)
  })
  const port = await listen(server)
  const echo: Echo = { port, connections, flushes, heads, resets, mostQueued: 0 }
  closing.push(async () => {
    for (const socket of sockets) socket.destroy()
    await new Promise((resolve) => server.close(resolve))
  })
  return echo
}

async function listen(server: Server | Http2Server): Promise<number> {
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return (server.address() as AddressInfo).port
}

async function nodeClient(port: number, options: ClientSessionOptions = {}): Promise<ClientHttp2Session> {
  const session = connect(`http://127.0.0.1:${port}`, options)
  session.on('error', () => {})
  closing.push(() =>
    session.destroyed ? undefined : new Promise((resolve) => session.close(() => resolve(undefined))),
  )
  closing.push(async () => session.destroy())
  await once(session, 'connect')
  return session
}

interface Answer {
  head: IncomingHttpHeaders
  body: Buffer
  trailers: IncomingHttpHeaders
}

async function answerOf(stream: ClientHttp2Stream): Promise<Answer> {
  const chunks: Buffer[] = []
  let trailers: IncomingHttpHeaders = {}
  stream.on('data', (chunk: Buffer) => chunks.push(chunk))
  stream.on('trailers', (fields) => {
    trailers = fields
  })
  const [[head]] = await Promise.all([once(stream, 'response'), once(stream, 'end')])
  return { head, body: Buffer.concat(chunks), trailers }
}

function randomBody(random: () => number, bytes: number): Buffer {
  const body = Buffer.alloc(bytes)
  for (let i = 0; i < bytes; i += 4)
    body.writeUInt32LE(Math.floor(random() * 2 ** 32), Math.min(i, Math.max(0, bytes - 4)))
  return body
}

test('our server: bodies both ways, 80 at once, with trailers', async () => {
  const echo = await echoServer()
  const session = await nodeClient(echo.port)
  const random = seededRandom(1)
  const bodies = Array.from({ length: 80 }, (_, i) => randomBody(random, i % 10 === 0 ? 1_000_000 : 4 + i * 100))
  const answers = await Promise.all(
    bodies.map((body, i) => {
      const stream = session.request({ ':method': 'POST', ':path': '/', 'x-i': `${i}` }, { waitForTrailers: true })
      stream.on('wantTrailers', () => stream.sendTrailers({ 'x-sum': `${i}` }))
      stream.end(body)
      return answerOf(stream)
    }),
  )
  for (const [i, { head, body, trailers }] of answers.entries()) {
    expect([head[':status'], head['x-i'], trailers['x-sum']]).toEqual([200, `${i}`, `${i}`])
    expect(body.equals(bodies[i] ?? Buffer.alloc(0))).toBe(true)
  }
  expect(echo.connections).toHaveLength(1)
  // Half a window may come in after it was said to stop.
  expect(echo.mostQueued).toBeLessThan(LIMITS.sendBufferBytes + LIMITS.streamWindowBytes)
  expect(echo.connections[0]?.openStreams).toBe(0)
})

// The answer of which nothing is read waits in a bounded place, and the others go past it.
test('our server: a stream that is not read delays no other', async () => {
  const echo = await echoServer()
  const session = await nodeClient(echo.port)
  session.setLocalWindowSize(16 * 1024 * 1024)
  const slow = session.request({ ':path': '/10000000' })
  await once(slow, 'response')
  for (let i = 0; i < 20; i++)
    expect((await answerOf(session.request({ ':path': '/200000' }))).body).toHaveLength(200_000)
  expect(echo.mostQueued).toBeLessThanOrEqual(LIMITS.sendBufferBytes + 10_000)
  let length = 0
  slow.on('data', (chunk: Buffer) => {
    length += chunk.length
  })
  await once(slow, 'end')
  expect(length).toBe(10_000_000)
})

test('our server: informational answers, HEAD, and a body that waits for 100', async () => {
  const session = await nodeClient((await echoServer()).port)
  const stream = session.request({ ':method': 'POST', expect: '100-continue' }, { endStream: false })
  const hints: unknown[] = []
  stream.on('headers', (fields) => hints.push(fields[':status'], fields.link))
  const answer = answerOf(stream)
  await once(stream, 'continue')
  stream.end('body')
  expect((await answer).body.toString()).toBe('body')
  expect(hints).toEqual([100, undefined, 103, '</x>'])
  const head = await answerOf(session.request({ ':method': 'HEAD' }))
  expect([head.head[':status'], head.body.length]).toEqual([200, 0])
})

test('our server: a caller that goes away, and a head that is too large', async () => {
  const echo = await echoServer()
  const session = await nodeClient(echo.port)
  const gone = session.request({ ':path': '/10000000' })
  gone.on('error', () => {})
  await once(gone, 'response')
  gone.close(constants.NGHTTP2_CANCEL)
  const large = session.request({ 'x-a': 'x'.repeat(20_000), ':method': 'POST' }, { endStream: false })
  large.on('error', () => {})
  const [fields] = await once(large, 'response')
  expect(fields[':status']).toBe(431)
  large.resume()
  if (!large.closed) await once(large, 'close')
  expect(large.rstCode).toBe(ERROR.NO_ERROR)
  expect((await answerOf(session.request({ ':path': '/5' }))).body.toString()).toBe('zzzzz')
  expect([echo.resets, echo.connections[0]?.openStreams]).toEqual([[ERROR.CANCEL], 0])
})

test('our server: shutting down, what is under way ends well and the connection with it', async () => {
  const echo = await echoServer()
  const session = await nodeClient(echo.port)
  const goaways: number[][] = []
  session.on('goaway', (code, last) => goaways.push([code, last]))
  const closed = once(session, 'close')
  const streams = [
    session.request({ ':path': '/3000000' }),
    session.request({ ':method': 'POST' }, { endStream: false }),
  ]
  await Promise.all(streams.map((stream) => once(stream, 'response')))
  echo.connections[0]?.shutdown()
  echo.flushes[0]?.()
  await once(session, 'goaway')
  streams[1]?.end('late')
  const bodies = await Promise.all(
    streams.map(async (stream) => {
      let length = 0
      for await (const chunk of stream) length += chunk.length
      return length
    }),
  )
  await closed
  expect(bodies).toEqual([3_000_000, 4])
  expect(goaways[0]).toEqual([0, 2 ** 31 - 1])
})

// RFC 9113, 4.3.1: a peer that allows no table is told first that there is none; nghttp2 ends the connection otherwise.
test.each<[string, Settings]>([
  ['no table of fields', { headerTableSize: 0 }],
  ['windows of 1,000 octets', { initialWindowSize: 1_000 }],
  ['large frames', { maxFrameSize: 1_000_000, initialWindowSize: 1_000_000 }],
])('our server: a peer that allows %s', async (_name, settings) => {
  const session = await nodeClient((await echoServer()).port, { settings })
  for (let i = 0; i < 3; i++) expect((await answerOf(session.request({ ':path': '/50000' }))).body).toHaveLength(50_000)
})

test('our server: padded frames', async () => {
  const session = await nodeClient((await echoServer()).port, { paddingStrategy: constants.PADDING_STRATEGY_MAX })
  const body = randomBody(seededRandom(7), 300_000)
  const stream = session.request({ ':method': 'POST' })
  stream.end(body)
  expect((await answerOf(stream)).body.equals(body)).toBe(true)
})

const NAMES = [
  'accept',
  'x-request-id',
  'user-agent',
  'x-long',
  'cache-control',
  'authorization',
  'x-\x7e',
  'grpc-timeout',
  'cookie',
]
const VALUES = [
  '',
  '*/*',
  'a'.repeat(300),
  '~!@#$%^&*()',
  '\xe4\xf6\xfc',
  'no-cache',
  '0',
  'Bearer abc.def-ghi',
  'a\tb',
  'x'.repeat(2_000),
]

function randomFields(random: () => number): [string, string][] {
  const names = new Set<string>()
  for (let n = Math.floor(random() * 8); n > 0; n--)
    names.add(random() < 0.2 ? `x-${Math.floor(random() * 50)}` : pickOne(random, NAMES))
  return [...names].map((name) => [
    name,
    `${pickOne(random, VALUES)}${random() < 0.3 ? Math.floor(random() * 1e9) : ''}`,
  ])
}

// nghttp2 compresses with Huffman and its dynamic table, evicts and refers; and reads what we write.
test('our server: fields, differentially', async () => {
  const echo = await echoServer()
  const session = await nodeClient(echo.port)
  const random = seededRandom(11)
  for (let i = 0; i < 400; i++) {
    const fields = randomFields(random)
    const { head } = await answerOf(session.request({ ':path': `/p${i}`, ...Object.fromEntries(fields) }))
    const got: [string, string][] = []
    const flat = echo.heads[i]?.fields ?? []
    for (let k = 0; k < flat.length; k += 2) got.push([flat[k] ?? '', flat[k + 1] ?? ''])
    expect(echo.heads[i]?.target).toBe(`/p${i}`)
    expect(new Map(got)).toEqual(new Map(fields))
    for (const [name, value] of fields) expect(head[name]).toBe(value)
  }
})

// ---- our client

interface Called {
  readonly connection: ClientConnection
  readonly flush: () => void
  call(
    fields: Partial<{ method: string; target: string; fields: string[] }>,
    body?: Buffer,
    trailers?: string[],
  ): Promise<{
    head: ResponseHead | undefined
    body: Buffer
    trailers: string[]
    interim: number[]
    code: number | null
  }>
}

/** Our client, which sends a body in pieces as there is room. */
async function ourClient(port: number): Promise<Called> {
  const socket = connectTcp(port, '127.0.0.1')
  await once(socket, 'connect')
  closing.push(async () => socket.destroy())
  const connection = new ClientConnection(LIMITS)
  const calls = new Map<number, (step: Step) => void>()
  const flush = drive(connection, socket, (step) => {
    if (step !== 'goaway' && step !== 'pong') calls.get(connection.stream.id)?.(step)
  })
  return {
    connection,
    flush,
    call({ method = 'GET', target = '/', fields = [] }, body = Buffer.alloc(0), trailers = []) {
      const hasBody = body.length > 0 || trailers.length > 0
      const stream = connection.open(
        { method, scheme: 'http', target, host: 'catalog', fields, contentLength: null },
        !hasBody,
      )
      let at = 0
      const send = (): void => {
        for (let goesOn = true; goesOn && at < body.length; at += 7_000)
          goesOn = connection.send(stream, body.subarray(at, at + 7_000))
        if (at >= body.length && hasBody) connection.finish(stream, trailers)
      }
      return new Promise((resolve) => {
        const chunks: Buffer[] = []
        const interim: number[] = []
        const done = (code: number | null): void =>
          resolve({ head: stream.head, body: Buffer.concat(chunks), trailers: stream.trailers, interim, code })
        calls.set(stream.id, (step) => {
          if (step === 'head' && stream.head?.isInterim === true) interim.push(stream.head.status)
          else if (step === 'data') {
            chunks.push(connection.data)
            connection.consumed(stream, connection.data.length)
          } else if (step === 'drained') send()
          else if (step === 'end') done(null)
          else if (step === 'reset') done(stream.fault?.code ?? -1)
        })
        send()
        flush()
      })
    },
  }
}

async function nodeServer(onStream: (stream: ServerHttp2Stream, head: IncomingHttpHeaders) => void): Promise<number> {
  const server = createServer()
  server.on('stream', (stream: ServerHttp2Stream, head) => {
    stream.on('error', () => {})
    onStream(stream, head)
  })
  server.on('session', (session) => closing.push(async () => session.destroy()))
  const port = await listen(server)
  closing.unshift(() => new Promise((resolve) => server.close(resolve)))
  return port
}

test('our client: bodies both ways, 80 at once, with trailers', async () => {
  const port = await nodeServer((stream) => {
    let sum: string | undefined
    stream.on('trailers', (fields: IncomingHttpHeaders) => {
      sum = String(fields['x-sum'])
    })
    stream.additionalHeaders({ ':status': 103, link: '</x>' })
    stream.respond({ ':status': 200 }, { waitForTrailers: true })
    stream.on('wantTrailers', () => stream.sendTrailers({ 'x-sum': sum ?? '' }))
    stream.pipe(stream)
  })
  const client = await ourClient(port)
  const random = seededRandom(2)
  const bodies = Array.from({ length: 80 }, (_, i) => randomBody(random, i % 10 === 0 ? 1_000_000 : 4 + i * 100))
  const answers = await Promise.all(bodies.map((body, i) => client.call({ method: 'POST' }, body, ['x-sum', `${i}`])))
  for (const [i, { head, body, trailers, interim, code }] of answers.entries()) {
    expect([head?.status, interim, trailers, code]).toEqual([200, [103], ['x-sum', `${i}`], null])
    expect(body.equals(bodies[i] ?? Buffer.alloc(0))).toBe(true)
  }
  expect(client.connection.openStreams).toBe(0)
})

test('our client: fields, differentially', async () => {
  let got: IncomingHttpHeaders = {}
  const random = seededRandom(12)
  let answer: [string, string][] = []
  const port = await nodeServer((stream, head) => {
    got = head
    stream.respond(Object.fromEntries(answer), { endStream: true })
  })
  const client = await ourClient(port)
  for (let i = 0; i < 400; i++) {
    const fields = randomFields(random)
    answer = randomFields(random)
    const { head, code } = await client.call({ target: `/p${i}`, fields: fields.flat() })
    expect(code).toBe(null)
    expect([got[':path'], got[':authority'], got[':method']]).toEqual([`/p${i}`, 'catalog', 'GET'])
    for (const [name, value] of fields) expect(got[name]).toBe(value)
    const back = new Map<string, string>()
    for (let k = 0; k < (head?.fields.length ?? 0); k += 2) back.set(head?.fields[k] ?? '', head?.fields[k + 1] ?? '')
    for (const [name, value] of answer) expect(back.get(name)).toBe(value)
  }
})

test('our client: resets, refusals and the end of the server', async () => {
  const held: ServerHttp2Stream[] = []
  const port = await nodeServer((stream, head) => {
    if (head[':path'] === '/reset') stream.close(constants.NGHTTP2_INTERNAL_ERROR)
    else if (head[':path'] === '/hold') held.push(stream)
    else stream.respond({ ':status': 204 }, { endStream: true })
  })
  const client = await ourClient(port)
  expect((await client.call({ target: '/reset' })).code).toBe(ERROR.INTERNAL_ERROR)
  const holding = client.call({ target: '/hold' })
  expect((await client.call({ target: '/' })).head?.status).toBe(204)
  held[0]?.session?.close()
  // GOAWAY comes before the answer of what is under way.
  held[0]?.respond({ ':status': 200 })
  held[0]?.end('done')
  const answer = await holding
  expect([answer.body.toString(), answer.code]).toEqual(['done', null])
  expect([client.connection.canOpen, client.connection.isDrained]).toEqual([false, true])
})

// The two sides with each other, over one connection, 2,000 calls, 100 at a time.
test('our client and our server', async () => {
  const echo = await echoServer()
  const client = await ourClient(echo.port)
  const random = seededRandom(3)
  for (let round = 0; round < 20; round++) {
    const bodies = Array.from({ length: 100 }, () => randomBody(random, Math.floor(random() * 30_000) + 4))
    const answers = await Promise.all(bodies.map((body) => client.call({ method: 'POST' }, body)))
    for (const [i, { body }] of answers.entries()) expect(body.equals(bodies[i] ?? Buffer.alloc(0))).toBe(true)
  }
  expect([echo.heads.length, echo.connections.length, echo.resets]).toEqual([2_000, 1, []])
})

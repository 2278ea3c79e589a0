// Many requests over few connections, with Node's own HTTP/2 server at the other end.
import { once } from 'node:events'
import {
  constants,
  createServer,
  type Http2Session,
  type IncomingHttpHeaders,
  type ServerHttp2Session,
  type ServerHttp2Stream,
  type ServerOptions,
} from 'node:http2'
import type { Socket } from 'node:net'
import { Readable } from 'node:stream'
import { eventually, FakeClock } from '@heddle/testkit'
import { afterEach, expect, test } from 'vitest'
import { MESH_LIMITS } from '../http2/limits.ts'
import { BufferBudget } from '../transport/bufferBudget.ts'
import { dialTcp } from './dial.ts'
import { Http2Pool, type Http2PoolLimits } from './http2Pool.ts'
import { bodyFrom } from './testBody.ts'
import type { AnswerBody, Outcome, OutgoingRequest } from './upstream.ts'

const GET: OutgoingRequest = {
  method: 'GET',
  target: '/',
  authority: 'catalog',
  headers: [],
  body: null,
  contentLength: null,
  upgrade: null,
}

const closing: (() => void)[] = []
afterEach(() => {
  for (const close of closing.splice(0).reverse()) close()
})

interface Options {
  settings?: ServerOptions['settings']
  limits?: Http2PoolLimits
  budget?: BufferBudget
  lastsMs?: number
  dial?: typeof dialTcp
}

/** A pool in front of a server that gives each stream to `serve`, with the head of its request. */
async function pooled(
  serve: (stream: ServerHttp2Stream, headers: IncomingHttpHeaders) => void,
  { settings, limits, budget = new BufferBudget(100_000_000), lastsMs = 3_600_000, dial = dialTcp }: Options = {},
) {
  const sessions: ServerHttp2Session[] = []
  const server = createServer(settings === undefined ? {} : { settings })
  server.on('session', (session) => {
    sessions.push(session)
    session.on('error', () => {})
  })
  server.on('stream', (stream: ServerHttp2Stream, headers: IncomingHttpHeaders) => {
    stream.on('error', () => {})
    serve(stream, headers)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  const port = typeof address === 'object' && address !== null ? address.port : 0
  const clock = new FakeClock()
  /** The pool's ends. */
  const sockets: Socket[] = []
  const pool = new Http2Pool({
    dial: async () => {
      const socket = await dial('127.0.0.1', port)
      sockets.push(socket)
      return { socket, peer: null, endAtMs: clock.now() + lastsMs, protocol: 'h2' }
    },
    options: { to: 'mesh', limits: MESH_LIMITS, care: { idleMs: 60_000, ping: { afterMs: 5_000, withinMs: 5_000 } } },
    budget,
    clock,
    other: () => {
      throw new Error('HTTP/1.1 was not offered')
    },
    ...(limits === undefined ? {} : { limits }),
  })
  closing.push(() => {
    pool.destroy()
    for (const session of sessions) session.destroy()
    server.close()
  })
  const send = (change: Partial<OutgoingRequest> = {}) => pool.send({ ...GET, ...change }, () => {})
  return {
    pool,
    sessions,
    sockets,
    clock,
    budget,
    send,
    ask: async (target = '/') => read(await send({ target }).outcome),
  }
}

interface Whole {
  status: number
  text: string
  trailers: readonly string[]
}

function read(outcome: Outcome): Promise<Whole | string> {
  if (outcome.kind === 'failed') return Promise.resolve(outcome.end)
  if (outcome.kind === 'switched') return Promise.resolve('switched')
  const { status, body } = outcome
  return new Promise((resolve) => {
    let text = ''
    body.read({
      data: (chunk) => {
        text += chunk.toString()
        return true
      },
      end: (trailers) => resolve({ status, text, trailers }),
      failed: ({ end }) => resolve(`${text} ${end}`),
    })
  })
}

async function bodyOf(outcome: Promise<Outcome>): Promise<AnswerBody> {
  const answered = await outcome
  if (answered.kind !== 'answered') throw new Error(answered.kind)
  return answered.body
}

function ok(stream: ServerHttp2Stream, headers: IncomingHttpHeaders): void {
  stream.respond({ ':status': 200 })
  stream.end(headers[':path'])
}

const closed = (session: Http2Session | undefined): Promise<unknown> =>
  session === undefined || session.closed ? Promise.resolve() : once(session, 'close')

// However many there are at first, they wait for one connection and share it.
test('requests share one connection from the first on', async () => {
  const { ask, sessions } = await pooled(ok)
  const targets = Array.from({ length: 300 }, (_, at) => `/${at}`)
  const answers = await Promise.all(targets.map((target) => ask(target)))
  expect(answers).toEqual(targets.map((text) => ({ status: 200, text, trailers: [] })))
  expect(sessions).toHaveLength(1)
})

test('bodies, lengths and trailers go both ways', async () => {
  const heads: IncomingHttpHeaders[] = []
  const { send } = await pooled((stream, headers) => {
    heads.push(headers)
    let trailers: IncomingHttpHeaders = {}
    stream.on('trailers', (received) => {
      trailers = received
    })
    stream.additionalHeaders({ ':status': 103, link: '</x>' })
    stream.respond({ ':status': 201, 'x-answer': 'yes' }, { waitForTrailers: true })
    stream.on('wantTrailers', () => stream.sendTrailers({ 'x-seen': String(trailers['x-sum'] ?? 'none') }))
    stream.pipe(stream)
  })
  const stream = Readable.from([Buffer.from('ab'), Buffer.from('cd')])
  const body = bodyFrom(stream, ['x-sum', '4'])
  const sent = send({ method: 'POST', headers: ['x-q', '1'], body, contentLength: 4 })
  const outcome = await sent.outcome
  expect(outcome).toMatchObject({ kind: 'answered', status: 201 })
  if (outcome.kind === 'answered') expect(outcome.headers).toContain('x-answer')
  expect(await read(outcome)).toEqual({ status: 201, text: 'abcd', trailers: ['x-seen', '4'] })
  expect(heads).toMatchObject([{ ':method': 'POST', ':authority': 'catalog', 'x-q': '1', 'content-length': '4' }])
  expect(stream.destroyed).toBe(true)
})

test('informational answers come before the answer, and HEAD keeps its length', async () => {
  const { pool } = await pooled((stream) => {
    stream.additionalHeaders({ ':status': 103, link: '</x>' })
    stream.respond({ ':status': 200, 'content-length': '5' }, { endStream: true })
  })
  const hints: unknown[] = []
  const outcome = await pool.send({ ...GET, method: 'HEAD' }, (status, headers) => hints.push([status, headers]))
    .outcome
  expect(hints).toEqual([[103, ['link', '</x>']]])
  expect(outcome).toMatchObject({
    kind: 'answered',
    status: 200,
    headers: expect.arrayContaining(['content-length', '5']),
  })
  expect(await read(outcome)).toMatchObject({ text: '' })
})

// What is shorter than it says is not whole: the other side must not take it for that.
test.each([
  ['shorter', 5],
  ['longer', 1],
])('a body that is %s than promised is reset', async (_, contentLength) => {
  const codes: number[] = []
  const { send, ask, sessions } = await pooled((stream, headers) => {
    if (headers[':method'] === 'GET') return ok(stream, headers)
    stream.on('close', () => codes.push(stream.rstCode)).resume()
  })
  const outcome = await send({ method: 'PUT', body: bodyFrom(Readable.from([Buffer.from('abc')])), contentLength })
    .outcome
  expect(outcome).toMatchObject({ kind: 'failed', code: 'protocol_error' })
  expect(await ask()).toMatchObject({ status: 200 })
  expect(codes).toEqual([constants.NGHTTP2_CANCEL])
  expect(sessions).toHaveLength(1)
})

test('a body that broke off while its request waited for a connection is no hanging request', async () => {
  const { send } = await pooled(() => {})
  const body = Readable.from([Buffer.from('abc')])
  const sent = send({ method: 'PUT', body: bodyFrom(body) })
  body.destroy()
  expect(await sent.outcome).toMatchObject({ kind: 'failed', code: 'protocol_error' })
})

// A caller that goes away costs its own stream only.
test('breaking off resets that stream and no other', async () => {
  const hanging: ServerHttp2Stream[] = []
  const { send, ask, sessions } = await pooled((stream, headers) => {
    if (headers[':path'] !== '/hang') return ok(stream, headers)
    hanging.push(stream)
  })
  const before = send({ target: '/hang' })
  await eventually('the request', () => hanging[0])
  before.abort()
  before.abort()
  expect(await before.outcome).toMatchObject({ kind: 'failed' })
  const within = send({ target: '/hang' })
  await eventually('the other request', () => hanging[1])
  hanging[1]?.respond()
  hanging[1]?.write('some')
  const outcome = await within.outcome
  within.abort()
  expect(await read(outcome)).toContain('no_answer')
  await eventually('both resets', () => (hanging.every(({ closed: isClosed }) => isClosed) ? true : undefined))
  expect(hanging.map(({ rstCode }) => rstCode)).toEqual([constants.NGHTTP2_CANCEL, constants.NGHTTP2_CANCEL])
  expect(await ask()).toMatchObject({ status: 200 })
  expect(sessions).toHaveLength(1)
})

// Nobody waits for whoever does not read; and what is held for that one is bounded and then delivered.
test('a slow reader delays no other, and gets everything', async () => {
  const whole = Buffer.alloc(3_000_000, 'z')
  const { send, ask, budget, sessions } = await pooled((stream, headers) => {
    if (headers[':path'] !== '/large') return ok(stream, headers)
    stream.respond()
    stream.end(whole)
  })
  const body = await bodyOf(send({ target: '/large' }).outcome)
  await eventually('the window to be used up', () =>
    budget.bytes === MESH_LIMITS.streamWindowBytes ? true : undefined,
  )
  for (let i = 0; i < 20; i++) expect(await ask()).toMatchObject({ status: 200 })
  expect(budget.bytes).toBe(MESH_LIMITS.streamWindowBytes)
  let bytes = 0
  await new Promise<void>((resolve, reject) => {
    body.read({
      data: (chunk) => {
        bytes += chunk.length
        setImmediate(() => body.resume())
        return false
      },
      end: () => resolve(),
      failed: ({ cause }) => reject(cause),
    })
  })
  expect([bytes, budget.bytes, sessions.length]).toEqual([whole.length, 0, 1])
})

test('an upload waits for the server', async () => {
  let seen: ServerHttp2Stream | undefined
  const { send } = await pooled((stream) => {
    seen = stream
  })
  let given = 0
  const body = new Readable({
    read() {
      given += 16_384
      this.push(given > 10_000_000 ? null : Buffer.alloc(16_384))
    },
  })
  const sent = send({ method: 'POST', body: bodyFrom(body) })
  await eventually('the request', () => seen)
  let before = -1
  await eventually('the upload to stand still', () => {
    const isStill = given === before
    before = given
    return isStill ? true : undefined
  })
  expect(given).toBeLessThan(2_000_000)
  seen?.respond()
  seen?.end()
  seen?.resume()
  expect(await read(await sent.outcome)).toMatchObject({ status: 200 })
})

// What is held for all of them together is bounded too.
test('while too much of answers waits, further requests are refused', async () => {
  const budget = new BufferBudget(100_000)
  const { send, ask } = await pooled(
    (stream, headers) => {
      stream.respond()
      stream.end(headers[':path'] === '/large' ? Buffer.alloc(200_000) : '')
    },
    { budget },
  )
  const large = await bodyOf(send({ target: '/large' }).outcome)
  await eventually('the memory to be full', () => (budget.isSpent ? true : undefined))
  expect(await send().outcome).toMatchObject({ kind: 'failed', code: 'overloaded', end: 'not_sent' })
  large.abort()
  expect(budget.bytes).toBe(0)
  expect(await ask()).toMatchObject({ status: 200 })
})

test('another connection is opened where the streams of the first are all in use', async () => {
  const hanging: ServerHttp2Stream[] = []
  const serve = (stream: ServerHttp2Stream, headers: IncomingHttpHeaders): void => {
    if (headers[':path'] === '/ok') ok(stream, headers)
    else hanging.push(stream)
  }
  const { send, ask, sessions } = await pooled(serve, {
    settings: { maxConcurrentStreams: 2 },
    limits: { connections: 2, waiting: 2, patienceMs: 1_000 },
  })
  // Behind an answer of a connection its limit is known.
  await ask('/ok')
  const first = send()
  const others = [send()]
  await eventually('the first to be full', () => hanging[1])
  await ask('/ok')
  others.push(send(), send())
  await eventually('all', () => (hanging.length === 4 ? true : undefined))
  expect(sessions).toHaveLength(2)
  const waiting = ask()
  const behind = send()
  expect(await send().outcome).toMatchObject({ code: 'overloaded', end: 'not_sent' })
  const [one] = hanging
  one?.respond()
  one?.end('done')
  expect(await read(await first.outcome)).toMatchObject({ text: 'done' })
  const last = await eventually('the one that waited', () => hanging[4])
  last.respond()
  last.end()
  expect(await waiting).toMatchObject({ status: 200 })
  for (const other of [...others, behind]) other.abort()
})

test('a request waits for room, and not for ever', async () => {
  const { send, pool, clock } = await pooled(() => {}, {
    settings: { maxConcurrentStreams: 1 },
    limits: { connections: 1, waiting: 10, patienceMs: 1_000 },
  })
  send()
  // The first may take what the server has not forbidden yet.
  const refused = await send().outcome
  expect(refused).toMatchObject({ end: 'not_sent', code: 'overloaded' })
  const waiting = send()
  clock.advance(1_001)
  pool.sweep()
  expect(await waiting.outcome).toMatchObject({ end: 'not_sent', code: 'overloaded' })
})

// A request that the server has not looked at has not been sent, whatever it was; the others come to their end.
test('GOAWAY loses nothing that may be repeated', async () => {
  const taken: ServerHttp2Stream[] = []
  const { send, ask, pool, clock, sessions, sockets } = await pooled((stream, headers) => {
    if (headers[':path'] === '/first') taken.push(stream)
    else ok(stream, headers)
  })
  const first = send({ target: '/first' })
  const stream = await eventually('the first', () => taken[0])
  sessions[0]?.goaway(constants.NGHTTP2_NO_ERROR, stream.id)
  const late = send({ method: 'POST', target: '/late', body: bodyFrom(Readable.from([Buffer.from('x')])) })
  expect(await late.outcome).toMatchObject({ kind: 'failed', end: 'not_sent', wasConnected: true })
  const next = await ask('/next')
  expect([next, sessions.length]).toEqual([{ status: 200, text: '/next', trailers: [] }, 2])
  stream.respond()
  stream.end('whole')
  expect(await read(await first.outcome)).toMatchObject({ text: 'whole' })
  // Node's session does not end with its peer's half, and is not waited for.
  await eventually('the connection to end', () => {
    clock.advance(2_001)
    pool.sweep()
    return sockets[0]?.destroyed === true ? true : undefined
  })
})

test('a refused stream was not sent, one that is reset may have been processed', async () => {
  const { send, ask } = await pooled((stream, headers) => {
    if (headers[':path'] === '/refuse') stream.close(constants.NGHTTP2_REFUSED_STREAM)
    else if (headers[':path'] === '/reset') stream.close(constants.NGHTTP2_INTERNAL_ERROR)
    else ok(stream, headers)
  })
  await ask()
  expect(await send({ target: '/refuse' }).outcome).toMatchObject({ end: 'not_sent', code: 'overloaded' })
  expect(await send({ target: '/reset' }).outcome).toMatchObject({ end: 'no_answer', code: 'protocol_error' })
})

// The retry rules live from this: what may have been processed is not "stale" on a connection that was new.
test('the death of a connection says how far each request had come', async () => {
  const { send, ask, sessions } = await pooled((stream, headers) => {
    if (headers[':path'] === '/begin') {
      stream.respond()
      stream.write('some')
    } else if (headers[':path'] === '/ok') ok(stream, headers)
    else if (headers[':path'] === '/die') stream.session?.socket.destroy()
  })
  expect(await send({ target: '/die' }).outcome).toMatchObject({ end: 'no_answer', code: 'protocol_error' })
  await ask('/ok')
  const begun = read(await send({ target: '/begin' }).outcome)
  const silent = send({ target: '/silent' })
  const dying = send({ target: '/die' })
  expect(await dying.outcome).toMatchObject({ end: 'stale_connection' })
  expect(await silent.outcome).toMatchObject({ end: 'stale_connection' })
  expect(await begun).toBe('some no_answer')
  expect(sessions).toHaveLength(2)
  await ask('/ok')
  expect(sessions).toHaveLength(3)
})

// What is said in the turn in which the connection's end is heard never leaves.
test('a request that met the end of its connection was not sent', async () => {
  const { send, ask, sockets } = await pooled(ok)
  await ask()
  const sent = send({ method: 'POST', body: bodyFrom(Readable.from([Buffer.from('x')])) })
  sockets[0]?.destroy()
  expect(await sent.outcome).toMatchObject({ end: 'not_sent', code: 'connect_failed' })
})

test('all that wait for a connection hear that there is none', async () => {
  const { send } = await pooled(ok, { dial: () => Promise.reject(new Error('refused')) })
  for (const { outcome } of [send(), send()])
    expect(await outcome).toMatchObject({ end: 'not_sent', code: 'connect_failed', wasConnected: false })
})

test('a connection whose certificate has ended on arrival fails what waits for it', async () => {
  const { send } = await pooled(ok, { lastsMs: 0 })
  expect(await send().outcome).toMatchObject({ end: 'not_sent', code: 'tls_failed' })
})

// Before a certificate ends its connection takes nothing new, and what is under way comes to its end; then it is gone.
test('a connection retires, and then ends', async () => {
  const hanging: ServerHttp2Stream[] = []
  const { send, ask, pool, clock, sessions } = await pooled((stream, headers) => {
    if (headers[':path'] === '/hang') hanging.push(stream)
    else ok(stream, headers)
  })
  await ask()
  const [first, second] = [send({ target: '/hang' }), send({ target: '/hang' })]
  await eventually('both', () => hanging[1])
  clock.advance(3_600_000 - 60_000)
  pool.sweep()
  expect(await ask()).toMatchObject({ status: 200 })
  expect(sessions).toHaveLength(2)
  hanging[0]?.respond()
  hanging[0]?.end('whole')
  expect(await read(await first.outcome)).toMatchObject({ text: 'whole' })
  clock.advance(60_000)
  pool.sweep()
  expect(await second.outcome).toMatchObject({ kind: 'failed' })
  await closed(sessions[0])
})

test('a retired pool ends its connections with their last request', async () => {
  const hanging: ServerHttp2Stream[] = []
  const { send, pool, sessions } = await pooled((stream) => void hanging.push(stream))
  const sent = send()
  const stream = await eventually('the request', () => hanging[0])
  pool.retire()
  stream.respond()
  stream.end('whole')
  expect(await read(await sent.outcome)).toMatchObject({ text: 'whole' })
  await closed(sessions[0])
  await eventually('nothing to be left', () => (pool.isEmpty ? true : undefined))
})

test('an idle connection is closed, by us', async () => {
  const { ask, pool, clock, sessions } = await pooled(ok)
  await ask()
  pool.sweep()
  clock.advance(60_001)
  pool.sweep()
  await closed(sessions[0])
  expect(await ask()).toMatchObject({ status: 200 })
  expect(sessions).toHaveLength(2)
})

// A host that is gone says nothing, and TCP takes minutes to find out.
test('a peer that gives no sign while requests wait is given up', async () => {
  const { send, ask, pool, clock, sockets } = await pooled(ok)
  await ask()
  sockets[0]?.pause()
  const sent = send()
  await new Promise((resolve) => setImmediate(resolve))
  clock.advance(5_001)
  pool.sweep()
  clock.advance(5_001)
  pool.sweep()
  expect(await sent.outcome).toMatchObject({ end: 'stale_connection', code: 'protocol_error' })
})

// One connection of a caller: in what order it is answered, what it is believed, and how it ends.
import { eventually, pickOne, seededRandom } from '@heddle/testkit'
import { expect, test } from 'vitest'
import { readBody } from '../forward/testBody.ts'
import { bytesOf, split } from '../http1/testReading.ts'
import type { AnswerSink } from './exchange.ts'
import { echo, startCaller, waiting } from './testCaller.ts'

/** Takes whatever comes. */
const ANYBODY = { data: () => true, end: () => {}, broke: () => {} }

const HOST = 'Host: catalog\r\n'
const get = (path: string, fields = '') => `GET ${path} HTTP/1.1\r\n${HOST}${fields}\r\n`
const post = (path: string, body: string) =>
  `POST ${path} HTTP/1.1\r\n${HOST}Content-Length: ${body.length}\r\n\r\n${body}`
const chunked = (path: string, chunks: string) =>
  `PUT ${path} HTTP/1.1\r\n${HOST}Transfer-Encoding: chunked\r\n\r\n${chunks}`
const statuses = (text: string) => [...text.matchAll(/HTTP\/1\.1 (\d{3}) /g)].map((match) => Number(match[1]))
const bodies = (text: string) => [...text.matchAll(/^(?:GET|POST|PUT) .*?\]/gm)].map(([body]) => body)

// However the bytes are split, the answers are the same, to the octet: of pipelines, bodies, and what is refused.
test('any split of the bytes gives the same answers', async () => {
  const random = seededRandom(5)
  const ends = [
    get('/last', 'Connection: close\r\n'),
    'GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n',
    chunked('/bad', '3\r\nabcX\r\n0\r\n\r\n'),
    `POST / HTTP/1.1\r\n${HOST}Content-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n`,
    'GET /old HTTP/1.0\r\nHost: catalog\r\n\r\n',
    `CONNECT catalog:80 HTTP/1.1\r\n${HOST}\r\n`,
  ]
  for (let i = 0; i < 40; i++) {
    const requests = Array.from({ length: Math.floor(random() * 4) }, (_, n) =>
      pickOne(random, [
        get(`/${n}`),
        post(`/${n}`, 'hello'),
        post(`/${n}`, ''),
        chunked(`/${n}`, '2;a=b\r\nhe\r\n3\r\nllo\r\n0\r\nX: y\r\n\r\n'),
        `\r\n${get(`/${n}`)}`,
      ]),
    )
    const text = `${requests.join('')}${pickOne(random, ends)}${get('/smuggled')}`
    const answers = async (pieces: Buffer[]) => {
      using front = await startCaller(echo)
      // As if the kernel gave just these pieces.
      for (const piece of pieces) if (!front.served.socket.destroyed) front.served.socket.push(piece)
      await front.closed
      return { received: front.received(), refused: front.refused }
    }
    const whole = await answers([bytesOf(text)])
    expect(bodies(whole.received).join()).not.toContain('smuggled')
    expect(statuses(whole.received).length).toBe(requests.length + 1)
    expect([text, await answers(split(bytesOf(text), random))]).toEqual([text, whole])
    if (i < 5)
      expect([text, await answers([...bytesOf(text)].map((octet) => Buffer.from([octet])))]).toEqual([text, whole])
  }
})

// RFC 9112, 9.3.2: answers in the order of the requests, and no request is begun before the one ahead is answered.
test('a pipeline is served one by one', async () => {
  const { asked, handle, request } = waiting()
  using front = await startCaller(handle)
  front.send(get('/1') + post('/2', 'body') + get('/3'))
  await front.heard()
  for (const [n, path] of ['/1', '/2', '/3'].entries()) {
    const exchange = await request(n)
    expect([exchange.head.target.path, asked.length]).toEqual([path, n + 1])
    echo(exchange)
    await front.until(`${path} [`)
  }
  expect(bodies(front.received())).toEqual(['GET /1 []', 'POST /2 [body]', 'GET /3 []'])
  await front.quiet()
})

// A flood of requests waits in the caller's own memory, not in ours.
test('a pipeline is not read ahead', async () => {
  const { asked, handle } = waiting()
  using front = await startCaller(handle)
  front.send(get('/').repeat(200_000))
  await eventually('the caller to be told to wait', () => (front.served.socket.isPaused() ? true : undefined))
  expect(asked).toHaveLength(1)
  expect(front.served.socket.bytesRead).toBeLessThan(512 * 1024)
})

// A body is taken as fast as it is read, and not faster.
test('a body that nobody reads is not read ahead', async () => {
  const { handle, request } = waiting()
  using front = await startCaller(handle)
  const total = 32 * 1024 * 1024
  front.send(`POST / HTTP/1.1\r\n${HOST}Content-Length: ${total}\r\n\r\n`)
  front.send(Buffer.alloc(total))
  const exchange = await request(0)
  await eventually('the caller to be told to wait', () => (front.served.socket.isPaused() ? true : undefined))
  expect(front.served.socket.bytesRead).toBeLessThan(512 * 1024)
  let bytes = 0
  const { body } = exchange
  if (body === null) throw new Error('a body was announced')
  let isStopped = false
  const read = readBody(body, (chunk) => {
    bytes += chunk.length
    // A reader that stops in the middle of it is waited for, too.
    isStopped = bytes > total / 2 && bytes - chunk.length <= total / 2
    return !isStopped
  })
  await eventually('the reader to stop', () => (isStopped ? true : undefined))
  await eventually('the caller to be told to wait', () => (front.served.socket.isPaused() ? true : undefined))
  expect(front.served.socket.bytesRead).toBeLessThan(bytes + 512 * 1024)
  body.resume()
  await read
  expect(bytes).toBe(total)
  exchange.answer(200, '', ['content-length', '0']).end([])
  front.send(get('/next'))
  await front.until('HTTP/1.1 200')
})

// An answer is written as fast as it is taken: `write` says when to wait, `onDrain` when to go on.
test('an answer waits for its reader', async () => {
  const chunk = Buffer.alloc(64 * 1024, 'x')
  const total = 512 * chunk.length
  let written = 0
  let waits = 0
  using front = await startCaller((exchange) => {
    const sink = exchange.answer(200, 'OK', ['content-length', String(total)])
    const go = (): void => {
      while (written < total) {
        written += chunk.length
        if (!sink.write(chunk) && written < total) {
          waits++
          return
        }
      }
      sink.end([])
    }
    sink.onDrain(go)
    go()
  })
  front.caller.pause()
  front.send(get('/', 'Connection: close\r\n'))
  await eventually('a wait', () => (waits > 0 ? true : undefined))
  expect(written).toBeLessThan(total)
  front.caller.resume()
  await front.closed
  expect(front.received().length - front.received().indexOf('\r\n\r\n') - 4).toBe(total)
})

// Nor is a pipeline served to a caller that does not read its answers.
test('answers that nobody reads', async () => {
  const requests = 500
  const text = Buffer.alloc(64 * 1024, 'x')
  let asked = 0
  using front = await startCaller((exchange) => {
    asked++
    const sink = exchange.answer(200, 'OK', ['content-length', String(text.length)])
    sink.write(text)
    sink.end([])
  })
  front.caller.pause()
  front.send(get('/').repeat(requests))
  await eventually('a full socket', () => (front.served.socket.writableNeedDrain ? true : undefined))
  await front.heard()
  expect(asked).toBeLessThan(requests)
  expect(front.served.socket.writableLength).toBeLessThan(4 * text.length)
  front.caller.resume()
  await eventually('all answers', () => (asked === requests ? true : undefined))
  await front.quiet()
})

// Slowloris: a head has its time from its first byte, however steadily it trickles, and is told so.
test('a head that does not come', async () => {
  using front = await startCaller(echo)
  front.pass(9_000)
  front.send('GET / HTTP/1.1\r\n')
  await front.heard()
  front.pass(9_000)
  front.send('X: y\r\n')
  await front.heard()
  expect(front.received()).toBe('')
  front.pass(2_000)
  await front.closed
  expect(statuses(front.received())).toEqual([400])
  expect(front.refused).toEqual(['malformed'])
})

// A connection that has said nothing is no request: it is closed without a word, nothing counted …
test('a connection that says nothing', async () => {
  using front = await startCaller(echo)
  front.pass(10_001)
  await front.closed
  expect([front.received(), front.refused]).toEqual(['', []])
})

// … and where the other side is the one to close, it may stay: it was opened ahead of its first request.
test('a connection that says nothing on the mesh port', async () => {
  using front = await startCaller(echo, { patience: { headMs: 10_000, idleMs: 0, requestMs: 0 } })
  front.pass(3_600_000)
  front.send(get('/first'))
  await front.until('GET /first []')
  front.pass(3_600_000)
  front.send(get('/second'))
  await front.until('GET /second []')
  expect(front.received()).not.toMatch(/^keep-alive|^connection/im)
})

// Between two requests there is the idle time, which callers are told.
test('an idle connection', async () => {
  using front = await startCaller(echo)
  front.send(get('/'))
  expect(await front.until('GET / []')).toContain('keep-alive: timeout=60\r\n')
  await front.quiet()
  front.pass(59_000)
  front.send(`${get('/again')}\r\n`)
  await front.until('GET /again []')
  await front.heard()
  await front.quiet()
  // An empty line behind it is no head that has begun.
  front.pass(59_000)
  expect(front.served.socket.destroyed).toBe(false)
  front.pass(2_000)
  await front.closed
  expect(statuses(front.received())).toEqual([200, 200])
})

// A request whose body takes longer than a request may is broken off; one that is only answered late is not.
test('a body that trickles', async () => {
  const { handle, request } = waiting()
  using front = await startCaller(handle)
  front.send(`POST / HTTP/1.1\r\n${HOST}Content-Length: 3\r\n\r\na`)
  const exchange = await request(0)
  let isGone = false
  exchange.onGone(() => {
    isGone = true
  })
  exchange.body?.read(ANYBODY)
  front.pass(299_000)
  front.send('b')
  await front.heard()
  expect(isGone).toBe(false)
  front.pass(2_000)
  await front.closed
  await eventually('the path to hear of it', () => (isGone ? true : undefined))
  await front.quiet()

  const slow = waiting()
  using answered = await startCaller(slow.handle)
  answered.send(post('/', 'abc'))
  const late = await slow.request(0)
  if (late.body === null) throw new Error('a body was announced')
  await readBody(late.body)
  answered.pass(3_600_000)
  late.answer(200, '', []).end([])
  await answered.until('0\r\n\r\n')
})

// What goes wrong within a body is said to the caller, the path hears that it is gone, and nothing behind it is read.
test('nonsense within a body', async () => {
  const { asked, handle, request } = waiting()
  using front = await startCaller(handle)
  front.send(chunked('/', '3\r\nabc\r\n'))
  const exchange = await request(0)
  let isGone = 0
  exchange.onGone(() => isGone++)
  exchange.body?.read(ANYBODY)
  front.send(`zz\r\n${get('/smuggled')}`)
  await front.closed
  expect([statuses(front.received()), isGone, asked.length]).toEqual([[400], 1, 1])
  // What the path still says goes nowhere.
  exchange.answer(200, '', []).end([])
  exchange.refuse('timeout')
  expect(statuses(front.received())).toEqual([400])
})

// With its answer on the way, nonsense breaks the connection off: more bytes of ours would be read as part of it.
test('nonsense within a body that is being answered', async () => {
  let sink: AnswerSink | undefined
  using front = await startCaller((exchange) => {
    sink = exchange.answer(200, '', [])
    sink.write(Buffer.from('begun'))
    sink.flush()
    exchange.body?.read(ANYBODY)
  })
  front.send(chunked('/', '3\r\nabc\r\n'))
  await front.until('begun')
  front.send('zz\r\n')
  await front.closed
  expect([statuses(front.received()), front.error()]).toEqual([[200], 'ECONNRESET'])
})

// Who ends its side while nothing is under way has said goodbye; within a head it is told that this was none.
test('a caller that ends between requests, and within a head', async () => {
  using front = await startCaller(echo)
  front.send(get('/'))
  await front.until('[]')
  front.caller.end()
  await front.closed
  expect(statuses(front.received())).toEqual([200])

  using within = await startCaller(echo)
  within.caller.end('GET / HT')
  await within.closed
  expect([statuses(within.received()), within.refused]).toEqual([[400], ['malformed']])
})

// Who ends its side while it waits for an answer does not wait any more: the work for it ends.
test.each([get('/'), `POST / HTTP/1.1\r\n${HOST}Content-Length: 9\r\n\r\nab`])(
  'a caller that goes: %j',
  async (text) => {
    const { handle, request } = waiting()
    using front = await startCaller(handle)
    front.send(text)
    const exchange = await request(0)
    const gone = new Promise<void>((resolve) => exchange.onGone(resolve))
    const read = exchange.body === null ? undefined : readBody(exchange.body)
    front.caller.end()
    await gone
    if (read !== undefined) await expect(read).rejects.toThrow('broke off')
    // At once, where it has gone already.
    let isTold = false
    exchange.onGone(() => {
      isTold = true
    })
    expect(isTold).toBe(true)
    await front.quiet()
  },
)

// An answer that breaks off is a reset, also where the end of the connection would be the end of the body.
test.each(['HTTP/1.1', 'HTTP/1.0'])('an answer that breaks off in %s', async (version) => {
  let sink: AnswerSink | undefined
  using front = await startCaller((exchange) => {
    sink = exchange.answer(200, '', [])
    sink.write(Buffer.from('half'))
    sink.flush()
  })
  front.send(`GET / ${version}\r\n${HOST}\r\n`)
  await front.until('half')
  sink?.abort()
  await front.closed
  expect(front.error()).toBe('ECONNRESET')
})

// A body that is longer or shorter than its length never becomes part of the next answer.
test.each(['longer than it says', 'short'])('a body that is %s', async (body) => {
  using front = await startCaller((exchange) => {
    const sink = exchange.answer(200, '', ['content-length', '10'])
    sink.flush()
    sink.write(Buffer.from(body))
    sink.end([])
  })
  front.send(get('/'))
  await front.closed
  expect(front.error()).toBe('ECONNRESET')
  await front.quiet()
})

// RFC 9110, 10.1.1: who waits is invited when its body is wanted …
test('100 Continue', async () => {
  const { handle, request } = waiting()
  using front = await startCaller(handle)
  front.send(`POST / HTTP/1.1\r\n${HOST}Expect: 100-continue\r\nContent-Length: 2\r\n\r\n`)
  const exchange = await request(0)
  expect(front.received()).toBe('')
  echo(exchange)
  await front.until('HTTP/1.1 100 Continue\r\n\r\n')
  front.send('hi')
  await front.until('POST / [hi]')
  front.send(get('/next'))
  await request(1)
})

// … and where it was answered without one, nobody knows whether its body comes: the connection ends.
test('a final answer instead of 100 Continue', async () => {
  using front = await startCaller((exchange) => exchange.refuse('denied', 'rule "x"'))
  front.send(`POST / HTTP/1.1\r\n${HOST}Expect: 100-continue\r\nContent-Length: 9\r\n\r\n`)
  front.send(get('/'))
  await front.closed
  expect(statuses(front.received())).toEqual([403])
  expect(front.received()).toContain('connection: close\r\n')
})

// HTTP/1.0 knows neither 100 nor hints nor chunks; its connection is kept where it asks for that and the length is known.
test('HTTP/1.0', async () => {
  using front = await startCaller((exchange) => {
    exchange.invite()
    exchange.inform(103, ['link', '</a>'])
    if (exchange.head.target.path === '/kept') echo(exchange)
    else {
      const sink = exchange.answer(200, '', [])
      sink.write(Buffer.from('all of it'))
      sink.end(['x', 'y'])
    }
  })
  front.send('GET /kept HTTP/1.0\r\nHost: catalog\r\nConnection: keep-alive\r\n\r\n')
  expect(await front.until('GET /kept []')).toContain('connection: keep-alive\r\n')
  front.send('GET /until-close HTTP/1.0\r\nHost: catalog\r\nConnection: keep-alive\r\n\r\n')
  await front.closed
  expect(statuses(front.received())).toEqual([200, 200])
  expect(front.received()).toMatch(/connection: close\r\n\r\nall of it$/)
  expect(front.received()).not.toContain('transfer-encoding')
})

// Trailers and hints go where there is a place for them.
test('hints, chunks and trailers', async () => {
  using front = await startCaller((exchange) => {
    exchange.inform(103, ['link', '</a>'])
    const sink = exchange.answer(200, 'Fine', ['x-a', '1'])
    sink.write(Buffer.from('hello'))
    sink.end(['grpc-status', '0'])
  })
  front.send(get('/', 'Connection: close\r\n'))
  await front.closed
  expect(front.received()).toBe(
    'HTTP/1.1 103 Early Hints\r\nlink: </a>\r\n\r\nHTTP/1.1 200 Fine\r\nx-a: 1\r\ndate: Mon, 30 Nov 2026 00:00:00 GMT\r\nconnection: close\r\ntransfer-encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\ngrpc-status: 0\r\n\r\n',
  )
})

// An answer that comes before the body's end: a short rest is dropped, and the next request is found behind it …
test('an early answer, and a short rest', async () => {
  using front = await startCaller((exchange) => {
    if (exchange.body === null) echo(exchange)
    else exchange.refuse('rate_limited')
  })
  const body = 'x'.repeat(300_000)
  front.send(`POST / HTTP/1.1\r\n${HOST}Content-Length: ${body.length}\r\n\r\n${body.slice(0, 10)}`)
  await front.until('rate_limited')
  front.send(`${body.slice(10)}${get('/next')}`)
  await front.until('GET /next []')
  expect(front.received()).not.toContain('connection: close')
  await front.quiet()
})

// … a long one ends the connection, but only after the caller could hear the answer, however much it sends on.
test('an early answer, and a long rest', async () => {
  using front = await startCaller((exchange) => exchange.refuse('rate_limited'))
  front.send(`POST / HTTP/1.1\r\n${HOST}Content-Length: ${100 * 1024 * 1024}\r\n\r\n`)
  for (let i = 0; i < 8; i++) front.send(Buffer.alloc(64 * 1024))
  await front.until('connection: close\r\n')
  await front.closed
  expect([statuses(front.received()), front.error()]).toEqual([[429], undefined])
})

// A rest that does not come, or has no end, is not waited for.
test('a rest that does not come, and one without end', async () => {
  using front = await startCaller((exchange) => exchange.refuse('rate_limited'))
  front.send(chunked('/', ''))
  await front.until('rate_limited')
  front.pass(2_001)
  await front.closed

  using endless = await startCaller((exchange) => exchange.refuse('rate_limited'))
  endless.send(chunked('/', '10000\r\n'))
  await endless.until('rate_limited')
  endless.send(Buffer.alloc(65_536, 'x'))
  for (let i = 0; i < 20; i++) endless.send(`\r\n10000\r\n${'x'.repeat(65_536)}`)
  await endless.closed
  expect(statuses(endless.received())).toEqual([429])
})

// A caller that does not end after our last answer is not waited for.
test('a caller that stays', async () => {
  using front = await startCaller(echo)
  front.stay()
  front.send(get('/', 'Connection: close\r\n'))
  await eventually('our end', () => (front.served.socket.writableFinished ? true : undefined))
  front.pass(1_000)
  expect(front.served.socket.destroyed).toBe(false)
  front.pass(2_000)
  expect(front.served.socket.destroyed).toBe(true)
})

// A connection that is to be replaced says so with its next answer, and serves nothing behind that.
test('a connection that retires', async () => {
  using front = await startCaller(echo)
  front.send(get('/first'))
  await front.until('/first []')
  front.connections.retireAll()
  front.send(get('/second') + get('/third'))
  await front.closed
  expect(bodies(front.received())).toEqual(['GET /first []', 'GET /second []'])
  expect(front.received().match(/connection: close/g)).toHaveLength(1)
})

// A drain is over when what is in flight is written; what comes later is refused for elsewhere.
test('a drain', async () => {
  const { handle, request } = waiting()
  using front = await startCaller(handle, { patience: { headMs: 10_000, idleMs: 0, requestMs: 0 } })
  front.send(get('/'))
  const exchange = await request(0)
  let isDrained = false
  const drained = front.connections.drain(10_000, 0).then(() => {
    isDrained = true
  })
  await new Promise(setImmediate)
  expect(isDrained).toBe(false)
  echo(exchange)
  await drained
  await front.until('GET / []')

  using late = await startCaller(echo)
  await late.connections.drain(10_000, 0)
  late.send(`POST / HTTP/1.1\r\n${HOST}Content-Length: 4\r\n\r\n`)
  late.send('body')
  await late.closed
  expect([late.received().includes('app_unreachable'), late.error()]).toEqual([true, undefined])
})

// What another protocol is switched to gets its bytes from the first on; where it is not switched, they are nobody's.
test('an upgrade', async () => {
  const request = get('/', 'Connection: upgrade\r\nUpgrade: echo\r\n')
  using front = await startCaller((exchange) => {
    const stream = exchange.switchProtocols(['connection', 'Upgrade', 'upgrade', 'echo'])
    stream.pipe(stream)
  })
  front.send(`${request}early`)
  await front.until(/^HTTP\/1\.1 101 Switching Protocols\r\nconnection: Upgrade\r\nupgrade: echo\r\n\r\nearly$/)
  front.send('GET / later')
  await front.until('GET / later')
  // Half a connection is one, too; and the clock of requests is not that of streams.
  front.pass(3_600_000)
  expect([front.connections.active, front.served.isSwitched]).toEqual([1, true])
  front.caller.end('last')
  await front.closed
  expect(front.received()).toMatch(/last$/)
  await front.quiet()

  using refusing = await startCaller((exchange) => exchange.refuse('denied'))
  refusing.send(`${request}${get('/smuggled')}`)
  await refusing.closed
  expect(statuses(refusing.received())).toEqual([403])
})

// CONNECT hands the socket over with what came behind it, and is refused where nobody takes it.
test('CONNECT', async () => {
  let early = ''
  let authority = ''
  using front = await startCaller(echo, {
    connect: (connection, to, bytes) => {
      authority = to
      early = bytes.toString('latin1')
      connection.socket.on('data', (chunk) => connection.socket.write(chunk)).resume()
    },
  })
  front.send(`CONNECT catalog:80 HTTP/1.1\r\n${HOST}\r\nearly`)
  await front.heard()
  front.send('late')
  await front.until('late')
  expect([authority, early, front.received()]).toEqual(['catalog:80', 'early', 'late'])

  using refusing = await startCaller(echo)
  refusing.send(`CONNECT catalog:80 HTTP/1.1\r\n${HOST}\r\n`)
  await refusing.closed
  expect([statuses(refusing.received()), refusing.refused]).toEqual([[501], ['protocol_unsupported']])
})

// Heads are refused when they are too large, not when they are all there.
test('a head without end', async () => {
  using front = await startCaller(echo)
  front.send(`GET / HTTP/1.1\r\n${HOST}X: ${'a'.repeat(17 * 1024)}`)
  await front.closed
  expect([statuses(front.received()), front.refused]).toEqual([[431], ['headers_too_large']])
})

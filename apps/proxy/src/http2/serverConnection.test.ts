// The server's side of a connection keeps to RFC 9113, and a fault of one message costs no other.
import { seededRandom } from '@heddle/testkit'
import { expect, test } from 'vitest'
import { split } from '../http1/testReading.ts'
import { ERROR } from './fault.ts'
import { FLAG, FRAME } from './frame.ts'
import { LIMITS } from './limits.ts'
import { ServerConnection } from './serverConnection.ts'
import {
  block,
  data,
  frame,
  GET,
  goAway,
  headers,
  POST,
  ping,
  preface,
  rstStream,
  says,
  settings,
  settingsAck,
  stepsOf,
  windowUpdate,
  writes,
} from './testFrames.ts'

const { END_STREAM, END_HEADERS, PADDED } = FLAG
const get = (id: number, ...fields: string[]) => headers(id, block(...GET, ...fields), END_HEADERS | END_STREAM)
const post = (id: number, ...fields: string[]) => headers(id, block(...POST, ...fields))
const end = (id: number, text = '') => data(id, text, END_STREAM)

/** A server that has been greeted, and has greeted. */
function server(limits = LIMITS, ...peer: [id: number, value: number][]): ServerConnection {
  const connection = new ServerConnection(limits)
  expect(says(connection, preface, settings(...peer))).toEqual([])
  expect(writes(connection)).toEqual(['SETTINGS', '0 WINDOW +983041', 'SETTINGS ack'])
  return connection
}

/** Every stream that is open, answered with its head only. */
function answer(connection: ServerConnection, ...frames: Buffer[]): (typeof connection.stream)[] {
  connection.feed(Buffer.concat(frames), 0)
  const streams: (typeof connection.stream)[] = []
  for (let step = connection.next(); step !== 'more'; step = connection.next())
    if (step === 'head') {
      streams.push(connection.stream)
      connection.respond(connection.stream, { status: 200, fields: [], contentLength: null }, false)
    }
  return streams
}

test('a request with a body and trailers, and its answer', () => {
  const connection = server()
  expect(
    says(
      connection,
      post(
        1,
        'cookie',
        'a=1',
        'x-a',
        'b',
        'cookie',
        'c=2',
        'content-length',
        '5',
        'expect',
        '100-continue',
        'te',
        'trailers',
      ),
    ),
  ).toEqual(['head 1'])
  const { stream } = connection
  expect(stream.head).toEqual({
    method: 'POST',
    scheme: 'http',
    target: '/',
    host: 'catalog',
    fields: ['cookie', 'a=1; c=2', 'x-a', 'b', 'te', 'trailers'],
    contentLength: 5,
    expectsContinue: true,
  })
  connection.inform(stream, 100, [])
  expect(says(connection, data(1, 'hel'), data(1, '\x02lo\0\0', PADDED))).toEqual(['data 1 hel', 'data 1 lo'])
  expect(says(connection, headers(1, block('x-sum', '9'), END_HEADERS | END_STREAM))).toEqual(['end 1 x-sum 9'])
  connection.respond(stream, { status: 200, fields: ['x-b', 'c'], contentLength: 2 }, false)
  expect(connection.send(stream, Buffer.from('ok'))).toBe(true)
  connection.finish(stream, ['grpc-status', '0'])
  expect(writes(connection)).toEqual([
    '1 :status 100',
    '1 :status 200 content-length 2 x-b c',
    '1 "ok"',
    '1 grpc-status 0 end',
  ])
  expect([connection.openStreams, stream.isClosed, stream.fault]).toEqual([0, true, undefined])
})

test('the end of an answer rides on its last data, or on its head', () => {
  const connection = server()
  const [one, two, three] = answer(connection, get(1), get(3), get(5))
  if (one === undefined || two === undefined || three === undefined) throw new Error('no streams')
  connection.send(one, Buffer.from('body'))
  connection.finish(one)
  connection.finish(two)
  expect(writes(connection)).toEqual(['1 :status 200', '3 :status 200', '5 :status 200', '3 "" end', '1 "body" end'])
  says(connection, get(7))
  connection.respond(connection.stream, { status: 204, fields: [], contentLength: null }, true)
  expect(writes(connection)).toEqual(['7 :status 204 end'])
  expect(connection.openStreams).toBe(1)
})

// RFC 9113, 8.2, 8.3 and 8.1.1.
const list = (...fields: string[]) => block(...fields)
test.each<[string, string]>([
  ['no pseudo-header field', list('x', 'y')],
  ['no method', list(':scheme', 'http', ':path', '/', ':authority', 'a')],
  ['no scheme', list(':method', 'GET', ':path', '/', ':authority', 'a')],
  ['no path', list(':method', 'GET', ':scheme', 'http', ':authority', 'a')],
  ['an empty path', list(':method', 'GET', ':scheme', 'http', ':path', '', ':authority', 'a')],
  ['no authority', list(':method', 'GET', ':scheme', 'http', ':path', '/')],
  ['an empty authority', list(':method', 'GET', ':scheme', 'http', ':path', '/', ':authority', '')],
  ['a user in the authority', list(':method', 'GET', ':scheme', 'http', ':path', '/', ':authority', 'u@a')],
  ['a path in the authority', list(':method', 'GET', ':scheme', 'http', ':path', '/', ':authority', 'a/b')],
  ['an octet above 127 in Host', list(':method', 'GET', ':scheme', 'http', ':path', '/', 'host', '\xe4')],
  ['a space in the authority', list(':method', 'GET', ':scheme', 'http', ':path', '/', ':authority', 'a b')],
  ['a relative path', list(':method', 'GET', ':scheme', 'http', ':path', 'x', ':authority', 'a')],
  ['a path of everything', list(':method', 'GET', ':scheme', 'http', ':path', '*', ':authority', 'a')],
  ['a space in the path', list(':method', 'GET', ':scheme', 'http', ':path', '/ HTTP/1.1', ':authority', 'a')],
  ['another scheme', list(':method', 'GET', ':scheme', 'http://x/?', ':path', '/', ':authority', 'a')],
  ['a method that is none', list(':method', 'GET ', ':scheme', 'http', ':path', '/', ':authority', 'a')],
  ['a method that is no token', list(':method', 'G?T(', ':scheme', 'http', ':path', '/', ':authority', 'a')],
  ['a pseudo-header field twice', list(...GET, ':path', '/')],
  ['an unknown pseudo-header field', list(...GET, ':protocol', 'websocket')],
  ['that of an answer', list(...GET, ':status', '200')],
  [
    'a pseudo-header field behind others',
    list(':method', 'GET', ':scheme', 'http', 'x', 'y', ':path', '/', ':authority', 'a'),
  ],
  ['CONNECT with a path', list(':method', 'CONNECT', ':path', '/', ':authority', 'a:1')],
  ['CONNECT with a scheme', list(':method', 'CONNECT', ':scheme', 'http', ':authority', 'a:1')],
  ['CONNECT to nobody', list(':method', 'CONNECT')],
  ['another Host', list(...GET, 'host', 'payments')],
  ['two Hosts', list(...GET, 'host', 'catalog', 'host', 'catalog')],
  ['a capital letter', list(...GET, 'X-A', 'b')],
  ['a line in a value', list(...GET, 'x-a', 'b\r\nc: d')],
  ['a NUL in a value', list(...GET, 'x-a', '\0')],
  ['connection', list(...GET, 'connection', 'close')],
  ['keep-alive', list(...GET, 'keep-alive', '1')],
  ['proxy-connection', list(...GET, 'proxy-connection', 'close')],
  ['transfer-encoding', list(...GET, 'transfer-encoding', 'chunked')],
  ['upgrade', list(...GET, 'upgrade', 'h2c')],
  ['te', list(...GET, 'te', 'trailers, gzip')],
  ['a length that is none', list(...GET, 'content-length', '+5')],
  ['a length twice', list(...GET, 'content-length', '0', 'content-length', '0')],
  ['a length without a body', list(...GET, 'content-length', '1')],
])('%s is malformed, and costs its stream only', (_name, section) => {
  const connection = server()
  const [step, ...more] = says(connection, headers(1, section, END_HEADERS | END_STREAM), get(3))
  expect(step).toMatch(/^reset 1 1 by us: /)
  expect(more).toEqual(['head 3', 'end 3'])
  expect(writes(connection)).toEqual(['1 RST 1'])
})

test.each<[string, string[], object]>([
  [
    'Host alone',
    [':method', 'GET', ':scheme', 'https', ':path', '/a?b', 'host', 'a'],
    { host: 'a', target: '/a?b', scheme: 'https' },
  ],
  ['Host as well', [...GET, 'host', 'CATALOG'], { host: 'catalog', fields: [] }],
  [
    'OPTIONS of everything',
    [':method', 'OPTIONS', ':scheme', 'http', ':path', '*', ':authority', 'a'],
    { target: '*' },
  ],
  [
    'CONNECT',
    [':method', 'CONNECT', ':authority', 'a:80'],
    { method: 'CONNECT', scheme: null, target: 'a:80', host: 'a:80' },
  ],
  [
    'names of Object',
    [...GET, '__proto__', 'x', 'constructor', 'y'],
    { fields: ['__proto__', 'x', 'constructor', 'y'] },
  ],
])('%s is a request', (_name, fields, head) => {
  const connection = server()
  expect(says(connection, headers(1, block(...fields)))).toEqual(['head 1'])
  expect(connection.stream.head).toMatchObject(head)
})

// RFC 9113, 8.1.1.
test.each<[string, Buffer[], string[]]>([
  ['longer', [data(1, 'hello!')], ['head 1', 'reset 1 1 by us: a body longer than its Content-Length']],
  ['shorter', [end(1, 'hell')], ['head 1', 'data 1 hell', 'reset 1 1 by us: a body shorter than its Content-Length']],
  [
    'shorter, with trailers',
    [headers(1, block('a', 'b'), END_HEADERS | END_STREAM)],
    ['head 1', 'reset 1 1 by us: a body shorter than its Content-Length'],
  ],
  ['right', [data(1, 'he'), data(1, 'llo'), end(1)], ['head 1', 'data 1 he', 'data 1 llo', 'end 1']],
])('a body that is %s', (_name, frames, steps) => {
  expect(says(server(), post(1, 'content-length', '5'), ...frames)).toEqual(steps)
})

test.each<[string, Buffer, string]>([
  ['without an end', headers(1, block('a', 'b')), 'trailers that do not end the message'],
  ['with a pseudo-header field', headers(1, block(':path', '/'), 5), 'a pseudo-header field in trailers'],
  ['with a field of a connection', headers(1, block('upgrade', 'x'), 5), 'a field of a connection (RFC 9113, 8.2.2)'],
  ['with a capital letter', headers(1, block('A', 'x'), 5), 'a capital letter in the name of a field'],
  ['too many', headers(1, block(...Array.from({ length: 202 }, () => 'a')), 5), 'the head is too large'],
])('trailers %s', (_name, trailers, detail) => {
  expect(says(server(), post(1), trailers)).toEqual(['head 1', `reset 1 1 by us: ${detail}`])
})

// RFC 9110, 15.5.18 and RFC 6585, 5: answered, the rest thrown away, and the peer told to leave off.
test.each<[string, string[], number]>([
  ['more than 100 fields', Array.from({ length: 194 }, () => 'a'), 431],
  ['a field of 16 KiB', ['a', 'x'.repeat(16_384)], 431],
  ['another expectation', ['expect', 'more'], 417],
])('a request with %s', (_name, fields, status) => {
  const connection = server()
  const section = block(...POST, ...fields)
  const first = headers(1, section.slice(0, 16_000), section.length > 16_000 ? 0 : END_HEADERS)
  const rest = section.length > 16_000 ? [frame(FRAME.CONTINUATION, END_HEADERS, 1, section.slice(16_000))] : []
  expect(says(connection, first, ...rest, data(1, 'body'))).toEqual([`refused_head 1 ${status}`])
  connection.respond(connection.stream, { status, fields: [], contentLength: 0 }, true)
  expect(writes(connection)).toEqual([`1 :status ${status} content-length 0 end`, '1 RST 0'])
  // What is on its way still is passed over, and the table is right afterwards.
  expect(says(connection, data(1, 'more'), end(1), get(3))).toEqual(['head 3', 'end 3'])
})

// RFC 9113, 5.1: what comes where nothing may come.
test.each<[string, Buffer[], string]>([
  ['an even stream', [get(2)], 'refused 1: a stream that a client cannot open'],
  ['data of an idle stream', [data(5, 'x')], 'refused 1: data of no stream'],
  ['RST_STREAM of an idle stream', [rstStream(5, 8)], 'refused 1: RST_STREAM of no stream'],
  ['WINDOW_UPDATE of an idle stream', [windowUpdate(5, 1)], 'refused 1: WINDOW_UPDATE of no stream'],
  ['a stream behind a later one', [get(5), get(3)], 'refused 5: HEADERS behind the end of its stream'],
  ['data after the end', [get(1), data(1, 'x')], 'reset 1 5 by us: DATA behind the end of its stream'],
  ['a head after the end', [get(1), get(1)], 'reset 1 5 by us: HEADERS behind the end of its stream'],
  ['data after a reset', [post(1), rstStream(1, 8), data(1, 'x')], 'refused 5: DATA behind the end of its stream'],
  ['no HPACK', [headers(1, '\xff')], 'refused 9: an index of nothing'],
  ['a window update of nothing', [windowUpdate(0, 0)], 'refused 1: WINDOW_UPDATE of nothing'],
  ['a stream window update of nothing', [get(1), windowUpdate(1, 0)], 'reset 1 1 by us: WINDOW_UPDATE of nothing'],
  ['a window beyond 2^31 - 1', [windowUpdate(0, 0x7fffffff)], 'refused 3: a window beyond 2^31 - 1'],
  ['a stream window beyond', [get(1), windowUpdate(1, 0x7fffffff)], 'reset 1 3 by us: a window beyond 2^31 - 1'],
  ['an initial window beyond', [settings([4, 0x80000000])], 'refused 3: an initial window beyond 2^31 - 1'],
  [
    'a window beyond by SETTINGS',
    [get(1), windowUpdate(1, 0x7fff0000), settings([4, 66_000])],
    'refused 3: a window beyond 2^31 - 1',
  ],
  ['a push that is neither', [settings([2, 2])], 'refused 1: a wrong ENABLE_PUSH'],
  ['a small MAX_FRAME_SIZE', [settings([5, 16_383])], 'refused 1: a wrong MAX_FRAME_SIZE'],
  ['a large MAX_FRAME_SIZE', [settings([5, 16_777_216])], 'refused 1: a wrong MAX_FRAME_SIZE'],
  [
    '33 settings',
    [settings(...Array.from({ length: 33 }, (): [number, number] => [99, 1]))],
    'refused 11: too many settings',
  ],
])('%s', (_name, frames, last) => {
  expect(says(server(), ...frames).at(-1)).toBe(last)
})

// A connection that is refused ends its streams first, says why, and hears nothing more.
test('the end of a connection', () => {
  const connection = server()
  expect(says(connection, post(1), get(3), data(99, 'x'), get(5))).toEqual([
    'head 1',
    'head 3',
    'end 3',
    'reset 1 1 by connection: data of no stream',
    'reset 3 1 by connection: data of no stream',
    'refused 1: data of no stream',
  ])
  expect(writes(connection)).toEqual(['GOAWAY 3 1'])
  expect(says(connection, get(7))).toEqual(['refused 1: data of no stream'])

  const lost = server()
  says(lost, post(1))
  lost.end()
  expect(stepsOf(lost)).toEqual(['reset 1 8 by connection: the connection ended', 'closed'])
})

test('PING and SETTINGS are answered', () => {
  const connection = server()
  expect(says(connection, ping(), settings([99, 1]), settingsAck)).toEqual([])
  expect(writes(connection)).toEqual(['PING ack', 'SETTINGS ack'])
  connection.ping()
  expect(writes(connection)).toEqual(['PING'])
  expect(
    says(connection, frame(FRAME.PING, FLAG.ACK, 0, 'heddle-1'), frame(FRAME.PING, FLAG.ACK, 0, 'whatever')),
  ).toEqual(['pong'])
})

// RFC 9113, 5.1.2. What is refused may be sent again; its frames are passed over, and its fields reach the table.
test('more streams than are allowed', () => {
  const connection = server({ ...LIMITS, maxStreams: 1 })
  expect(says(connection, post(1), headers(3, `\x40\x01a\x01b${block(...GET)}`), data(3, 'x'), end(1))).toEqual([
    'head 1',
    'end 1',
  ])
  expect(writes(connection)).toEqual(['3 RST 7'])
  connection.respond(connection.stream, { status: 204, fields: [], contentLength: null }, true)
  expect(says(connection, headers(5, `${block(...GET)}\xbe`, END_HEADERS | END_STREAM))).toEqual(['head 5', 'end 5'])
  expect(connection.stream.head?.fields).toEqual(['a', 'b'])
})

// RFC 9113, 5.2: a stream's window is given back as its body is taken, that of the connection as it comes.
test('windows of what is received', () => {
  const connection = server()
  expect(says(connection, post(1), ...Array.from({ length: 4 }, () => data(1, 'x'.repeat(16_000))))).toHaveLength(5)
  expect(writes(connection)).toEqual([])
  connection.consumed(connection.stream, 30_000)
  expect(writes(connection)).toEqual([])
  connection.consumed(connection.stream, 3_000)
  expect(writes(connection)).toEqual(['1 WINDOW +33000'])
  // 64,000 of 65,535 were used, and 33,000 given back.
  expect(says(connection, ...Array.from({ length: 2 }, () => data(1, 'x'.repeat(16_000))))).toHaveLength(2)
  expect(says(connection, data(1, 'x'.repeat(2_536)))).toEqual(['reset 1 3 by us: more data than the stream allows'])
  expect(writes(connection)).toEqual(['1 RST 3'])
})

test('padding counts, and is given back at once', () => {
  const connection = server()
  says(connection, post(1))
  const padded = data(1, `\xff${'\0'.repeat(255)}`, PADDED)
  says(connection, ...Array.from({ length: 255 }, () => padded))
  expect(writes(connection)).toEqual(['1 WINDOW +32768'])
})

// A stream that nobody reads uses up its own window and no other's: 40 of them, together more than the connection's.
test('streams that are not read delay no other', () => {
  const connection = server()
  const full = (id: number) => [post(id), ...Array.from({ length: 4 }, () => data(id, 'x'.repeat(16_383)))]
  for (let id = 1; id < 81; id += 2) expect(says(connection, ...full(id))).toHaveLength(5)
  expect(writes(connection).filter((text) => !text.startsWith('0 WINDOW'))).toEqual([])
  expect(says(connection, post(81), data(81, 'x'.repeat(1_000)))).toHaveLength(2)
})

// RFC 9113, 6.9.2: the peer's windows are kept to, and changed for streams that are open, below zero too.
test('windows of what is sent', () => {
  const connection = server(LIMITS, [4, 10])
  const [stream] = answer(connection, get(1))
  if (stream === undefined) throw new Error('no stream')
  connection.send(stream, Buffer.from('0123456789abcdefghij'))
  connection.finish(stream)
  expect(writes(connection)).toEqual(['1 :status 200', '1 "0123456789"'])
  expect([connection.hasOutput, stream.queuedBytes]).toEqual([false, 10])
  says(connection, windowUpdate(1, 3))
  expect(writes(connection)).toEqual(['1 "abc"'])
  says(connection, settings([4, 5]))
  expect(writes(connection)).toEqual(['SETTINGS ack'])
  says(connection, windowUpdate(1, 6))
  expect(writes(connection)).toEqual(['1 "d"'])
  says(connection, settings([4, 100]))
  expect(writes(connection)).toEqual(['SETTINGS ack', '1 "efghij" end'])
  expect(stream.isClosed).toBe(true)
})

// RFC 9113, 6.9.2: it may be taken back from a stream that stands in line.
test('a window that is taken back', () => {
  const connection = server(LIMITS, [4, 100])
  const [stream] = answer(connection, get(1))
  if (stream === undefined) throw new Error('no stream')
  connection.send(stream, Buffer.alloc(50, 'x'))
  says(connection, settings([4, 0]))
  expect(writes(connection)).toEqual(['1 :status 200', 'SETTINGS ack'])
  says(connection, settings([4, 50]))
  expect(writes(connection)).toEqual(['SETTINGS ack', '1 50'])
})

test('the window of the connection', () => {
  const connection = server(LIMITS, [4, 1_000_000])
  const [stream] = answer(connection, get(1))
  if (stream === undefined) throw new Error('no stream')
  connection.send(stream, Buffer.alloc(70_000))
  connection.finish(stream)
  expect(writes(connection)).toEqual(['1 :status 200', '1 16384', '1 16384', '1 16384', '1 16383'])
  says(connection, windowUpdate(0, 100_000))
  expect(writes(connection)).toEqual(['1 4465 end'])
})

// A large answer never holds up a small one, and one whose reader is slow holds up nobody.
test('streams send in turn', () => {
  const connection = server(LIMITS, [4, 100_000])
  const [one, two, three] = answer(connection, windowUpdate(0, 1_000_000), get(1), get(3), get(5))
  if (one === undefined || two === undefined || three === undefined) throw new Error('no streams')
  connection.send(one, Buffer.alloc(60_000))
  connection.send(two, Buffer.alloc(20_000))
  connection.send(three, Buffer.from('small'))
  connection.finish(three)
  expect(writes(connection).slice(3)).toEqual([
    '1 16384',
    '3 16384',
    '5 "small" end',
    '1 16384',
    '3 3616',
    '1 16384',
    '1 10848',
  ])
  connection.send(one, Buffer.alloc(60_000))
  connection.send(two, Buffer.alloc(60_000))
  // 40,000 are left of the first's window. Between takes nobody loses its turn.
  expect(writes(connection, 20_000)).toEqual(['1 16384', '3 16384'])
  expect(writes(connection, 1)).toEqual(['1 16384'])
  expect(writes(connection)).toEqual(['3 16384', '1 7232', '3 16384', '3 10848'])
  expect([one.queuedBytes, two.queuedBytes]).toEqual([20_000, 0])
})

test('who sends is told to stop, and when to go on', () => {
  const connection = server()
  const [stream] = answer(connection, get(1))
  if (stream === undefined) throw new Error('no stream')
  expect(connection.send(stream, Buffer.alloc(60_000))).toBe(true)
  expect(connection.send(stream, Buffer.alloc(10_000))).toBe(false)
  writes(connection, 1_000)
  expect(stepsOf(connection)).toEqual([])
  writes(connection, 40_000)
  expect(stepsOf(connection)).toEqual(['drained 1'])
  // Not for a stream that is over.
  expect(connection.send(stream, Buffer.alloc(65_000))).toBe(false)
  says(connection, windowUpdate(1, 100_000), windowUpdate(0, 100_000))
  writes(connection)
  connection.reset(stream, ERROR.CANCEL)
  expect(stepsOf(connection)).toEqual([])
  expect(connection.send(stream, Buffer.from('x'))).toBe(true)
  expect(writes(connection)).toEqual(['1 RST 8'])
})

// RFC 9113, 8.1: an answer that needs no more of the request.
test('an answer before the end of its request', () => {
  const connection = server()
  const [stream] = answer(connection, post(1))
  if (stream === undefined) throw new Error('no stream')
  connection.send(stream, Buffer.from('enough'))
  connection.finish(stream)
  connection.discard(stream)
  expect(writes(connection)).toEqual(['1 :status 200', '1 "enough" end', '1 RST 0'])
  expect(says(connection, data(1, 'more'), end(1), get(3))).toEqual(['head 3', 'end 3'])
})

test('what the peer resets is not sent any more', () => {
  const connection = server()
  const [stream] = answer(connection, get(1))
  if (stream === undefined) throw new Error('no stream')
  connection.send(stream, Buffer.from('body'))
  expect(says(connection, rstStream(1, 8), windowUpdate(1, 5))).toEqual([
    'reset 1 8 by peer: the peer has reset the stream',
  ])
  expect(writes(connection)).toEqual(['1 :status 200'])
  connection.finish(stream)
  connection.consumed(stream, 100_000)
  expect(writes(connection)).toEqual([])
})

// A step that was waiting when its user ended the stream is not given.
test('no step follows a reset', () => {
  const connection = server()
  connection.feed(Buffer.concat([post(1), end(1, 'x')]), 0)
  expect(connection.next()).toBe('head')
  expect(connection.next()).toBe('data')
  connection.reset(connection.stream, ERROR.CANCEL)
  expect(stepsOf(connection)).toEqual([])
})

// RFC 9113, 6.8: two GOAWAY, so that no request is lost that was on its way.
test('shutdown', () => {
  const connection = server()
  says(connection, get(1))
  const first = connection.stream
  connection.shutdown()
  expect(writes(connection)).toEqual(['GOAWAY 2147483647 0', 'PING'])
  expect(says(connection, get(3))).toEqual(['head 3', 'end 3'])
  const second = connection.stream
  expect(says(connection, frame(FRAME.PING, FLAG.ACK, 0, 'heddle-2'), post(5), data(5, 'x'), rstStream(5, 8))).toEqual(
    [],
  )
  expect(writes(connection)).toEqual(['GOAWAY 3 0'])
  for (const stream of [first, second]) {
    expect(connection.isDrained).toBe(false)
    connection.respond(stream, { status: 204, fields: [], contentLength: null }, true)
  }
  expect(connection.isDrained).toBe(true)

  // Who does not wait for the answer says it again.
  const hasty = server()
  hasty.shutdown()
  hasty.shutdown()
  hasty.shutdown()
  expect(writes(hasty)).toEqual(['GOAWAY 2147483647 0', 'PING', 'GOAWAY 0 0'])
  expect([says(hasty, get(1)), hasty.isDrained]).toEqual([[], true])
  expect(says(hasty, goAway(0, 0))).toEqual(['goaway'])
})

// RFC 9110, 15.3.5, 15.4.5 and 9.3.2.
test.each<[number, string]>([
  [204, 'GET'],
  [304, 'GET'],
  [200, 'HEAD'],
])('%i to %s has no body', (status, method) => {
  const connection = server()
  says(connection, headers(1, block(':method', method, ...GET.slice(2)), END_HEADERS | END_STREAM))
  const { stream } = connection
  connection.respond(stream, { status, fields: [], contentLength: status === 204 ? null : 5 }, false)
  expect(() => connection.send(stream, Buffer.from('x'))).toThrow('longer')
  connection.finish(stream)
  expect(writes(connection).at(-1)).toBe('1 "" end')
})

test('bodies keep to what their head promised', () => {
  const connection = server()
  says(connection, get(1), get(3), headers(5, block(':method', 'HEAD', ...GET.slice(2)), 5), get(7))
  const open = (contentLength: number) => {
    const [stream] = answer(connection, get(9 + 2 * contentLength))
    if (stream === undefined) throw new Error('no stream')
    return stream
  }
  const stream = open(1)
  expect(() => connection.respond(stream, { status: 200, fields: [], contentLength: null }, false)).toThrow('no place')
  expect(() => connection.inform(stream, 103, [])).toThrow('no place')
  connection.finish(stream)
  expect(() => connection.send(stream, Buffer.from('x'))).not.toThrow()

  says(connection, get(21))
  const promised = connection.stream
  expect(() => connection.send(promised, Buffer.from('x'))).toThrow('no place')
  connection.respond(promised, { status: 200, fields: [], contentLength: 3 }, false)
  expect(() => connection.send(promised, Buffer.from('four'))).toThrow('longer')
  connection.send(promised, Buffer.from('tw'))
  expect(() => connection.finish(promised)).toThrow('shorter')
  says(connection, get(23))
  expect(() => connection.respond(connection.stream, { status: 200, fields: [], contentLength: 3 }, true)).toThrow(
    'shorter',
  )
})

test.each<[string, string[]]>([
  ['a length', ['content-length', '3']],
  ['a connection', ['connection', 'close']],
  ['a host', ['host', 'a']],
  ['a pseudo-header field', [':status', '200']],
  ['a capital letter', ['X-A', 'b']],
  ['a line', ['x-a', 'b\r\nc: d']],
  ['a character that would be cut to a line', ['x-a', 'b\u010ac']],
  ['te', ['te', 'gzip']],
])('%s is not written among fields', (_name, fields) => {
  const connection = server()
  says(connection, get(1))
  expect(() => connection.respond(connection.stream, { status: 200, fields, contentLength: null }, true)).toThrow()
  expect(writes(connection)).toEqual([])
})

// Whatever pieces the bytes come in, they mean the same.
test('a conversation split anyhow', () => {
  const bytes = Buffer.concat([
    ...[
      preface,
      settings([4, 70_000]),
      windowUpdate(0, 1_000),
      post(1, 'content-length', '10'),
      get(3),
      data(1, 'hello'),
    ],
    ...[headers(5, block(...GET, 'connection', 'x')), ping(), data(1, '\x03world\0\0\0', PADDED | END_STREAM), post(7)],
    ...[
      frame(77, 1, 2, 'unknown'),
      rstStream(7, 8),
      post(9),
      data(9, 'x'),
      headers(9, block('a', 'b'), 5),
      get(2),
      get(11),
    ],
  ])
  // Of each stream what was said, pieces of data put together.
  const run = (chunks: Buffer[]) => {
    const connection = new ServerConnection(LIMITS)
    const said: Record<string, string[]> = {}
    for (const step of chunks.flatMap((chunk) => says(connection, chunk))) {
      const [kind = '', id = '', ...rest] = step.split(' ')
      const list = said[id] ?? []
      said[id] = list
      if (kind === 'data' && list.at(-1)?.startsWith('data') === true) list.push(`${list.pop()}${rest.join(' ')}`)
      else if (kind !== 'refused' || list.length === 0) list.push(step)
    }
    return { said, written: writes(connection) }
  }
  const whole = run([bytes])
  expect(whole.said).toMatchObject({
    '1:': ['refused 1: a stream that a client cannot open'],
    1: ['head 1', 'data 1 helloworld', 'end 1', 'reset 1 1 by connection: a stream that a client cannot open'],
    5: ['reset 5 1 by us: a field of a connection (RFC 9113, 8.2.2)'],
    9: ['head 9', 'data 9 x', 'end 9 a b', 'reset 9 1 by connection: a stream that a client cannot open'],
  })
  const random = seededRandom(4)
  for (let i = 0; i < 200; i++) expect(run(split(bytes, random))).toEqual(whole)
})

// The client's side of a connection keeps to RFC 9113; what a server says wrong costs its stream, or the connection.
import { expect, test } from 'vitest'
import { ClientConnection } from './clientConnection.ts'
import { ERROR } from './fault.ts'
import { FLAG } from './frame.ts'
import { LIMITS } from './limits.ts'
import { block, data, goAway, headers, OK, preface, rstStream, says, settings, stepsOf, writes } from './testFrames.ts'

const { END_STREAM, END_HEADERS } = FLAG
const REQUEST = {
  method: 'GET',
  scheme: 'http',
  target: '/a',
  host: 'catalog',
  fields: [],
  contentLength: null,
} as const
const answer = (id: number, ...fields: string[]) => headers(id, block(...OK, ...fields))
const wholeAnswer = (id: number, ...fields: string[]) => headers(id, block(...OK, ...fields), END_HEADERS | END_STREAM)

function client(...peer: [id: number, value: number][]): ClientConnection {
  const connection = new ClientConnection(LIMITS)
  const greeting = Buffer.concat(connection.take(1_000))
  expect(greeting.subarray(0, preface.length)).toEqual(preface)
  expect(says(connection, settings(...peer))).toEqual([])
  expect(writes(connection)).toEqual(['SETTINGS ack'])
  return connection
}

test('a request with a body, informational answers, an answer with a body and trailers', () => {
  const connection = client()
  const stream = connection.open({ ...REQUEST, method: 'POST', fields: ['x-a', 'b'], contentLength: 4 }, false)
  connection.send(stream, Buffer.from('ping'))
  connection.finish(stream)
  expect(writes(connection)).toEqual([
    '1 :method POST :scheme http :authority catalog :path /a content-length 4 x-a b',
    '1 "ping" end',
  ])
  expect(says(connection, headers(1, block(':status', '103', 'link', '</x>')))).toEqual(['head 1'])
  expect(stream.head).toEqual({ status: 103, fields: ['link', '</x>'], contentLength: null, isInterim: true })
  expect(says(connection, answer(1, 'content-length', '4', 'set-cookie', 'a', 'set-cookie', 'b'))).toEqual(['head 1'])
  expect(stream.head).toEqual({
    status: 200,
    fields: ['set-cookie', 'a', 'set-cookie', 'b'],
    contentLength: 4,
    isInterim: false,
  })
  expect(says(connection, data(1, 'pong'), headers(1, block('grpc-status', '0'), END_HEADERS | END_STREAM))).toEqual([
    'data 1 pong',
    'end 1 grpc-status 0',
  ])
  expect([stream.isClosed, connection.openStreams]).toEqual([true, 0])
})

test('streams are odd and rising, and CONNECT has an authority only', () => {
  const connection = client()
  expect([
    connection.open(REQUEST, true).id,
    connection.open({ ...REQUEST, method: 'CONNECT', host: 'redis:1' }, false).id,
  ]).toEqual([1, 3])
  expect(writes(connection)).toEqual([
    '1 :method GET :scheme http :authority catalog :path /a end',
    '3 :method CONNECT :authority redis:1',
  ])
  // In a tunnel there is data alone.
  expect(says(connection, answer(3), data(3, 'x'), headers(3, block('a', 'b'), 5))).toEqual([
    'head 3',
    'data 3 x',
    'reset 3 1 by us: a field section in a tunnel',
  ])
})

// gRPC's errors are answers of a head alone, and must be passed on as that.
test('a head that is the whole message is known by then', () => {
  const connection = client()
  const [one, two] = [connection.open(REQUEST, true), connection.open(REQUEST, true)]
  connection.feed(Buffer.concat([wholeAnswer(1, 'grpc-status', '5'), answer(3), data(3, 'x', END_STREAM)]), 0)
  expect([connection.next(), one.hasReceivedAll]).toEqual(['head', true])
  expect([connection.next(), connection.next(), two.hasReceivedAll]).toEqual(['end', 'head', false])
})

// RFC 9113, 8.3.2 and 8.1.
test.each<[string, string, number]>([
  ['no status', block('x', 'y'), END_HEADERS],
  ['a status of two digits', block(':status', '20'), END_HEADERS],
  ['a status of a name', block(':status', 'OK!'), END_HEADERS],
  ['a status below 100', block(':status', '099'), END_HEADERS],
  ['a status twice', block(':status', '200', ':status', '200'), END_HEADERS],
  ['a status behind others', block('x', 'y', ':status', '200'), END_HEADERS],
  ['a path', block(':status', '200', ':path', '/'), END_HEADERS],
  ['101', block(':status', '101'), END_HEADERS],
  ['100 as the end', block(':status', '100'), END_HEADERS | END_STREAM],
  ['100 with a length', block(':status', '100', 'content-length', '0'), END_HEADERS],
  ['transfer-encoding', block(':status', '200', 'transfer-encoding', 'chunked'), END_HEADERS],
  ['connection', block(':status', '200', 'connection', 'close'), END_HEADERS],
  ['two lengths', block(':status', '200', 'content-length', '1', 'content-length', '1'), END_HEADERS],
  ['a length without a body', block(':status', '200', 'content-length', '1'), END_HEADERS | END_STREAM],
  ['a line in a value', block(':status', '200', 'x', 'a\nb'), END_HEADERS],
  ['too many fields', block(':status', '200', ...Array.from({ length: 200 }, () => 'x')), END_HEADERS],
])('an answer with %s is malformed', (_name, section, flags) => {
  const connection = client()
  const [one, two] = [connection.open(REQUEST, true), connection.open(REQUEST, true)]
  const [step, ...more] = says(connection, headers(one.id, section, flags), wholeAnswer(two.id))
  expect(step).toMatch(/^reset 1 1 by us: /)
  expect(more).toEqual(['head 3', 'end 3'])
  expect(one.head).toBe(undefined)
})

test.each<[string, string, Buffer[], string[]]>([
  ['data before the head', 'GET', [data(1, 'x')], ['reset 1 1 by us: data before a head']],
  [
    'data behind an informational answer',
    'GET',
    [headers(1, block(':status', '100')), data(1, 'x')],
    ['head 1', 'reset 1 1 by us: data before a head'],
  ],
  [
    'a body to HEAD',
    'HEAD',
    [answer(1, 'content-length', '5'), data(1, 'hello')],
    ['head 1', 'reset 1 1 by us: a body longer than its Content-Length'],
  ],
  ['no body to HEAD', 'HEAD', [wholeAnswer(1, 'content-length', '5')], ['head 1', 'end 1']],
  [
    'a body of 204',
    'GET',
    [headers(1, block(':status', '204')), data(1, 'x')],
    ['head 1', 'reset 1 1 by us: a body longer than its Content-Length'],
  ],
  ['304 with a length', 'GET', [headers(1, block(':status', '304', 'content-length', '9'), 5)], ['head 1', 'end 1']],
  [
    'informational answers without end',
    'GET',
    Array.from({ length: 17 }, () => headers(1, block(':status', '102'))),
    [...Array.from({ length: 16 }, () => 'head 1'), 'reset 1 1 by us: too many informational answers'],
  ],
  [
    'an answer to nobody',
    'GET',
    [answer(3)],
    ['reset 1 1 by connection: an answer that nobody asked for', 'refused 1: an answer that nobody asked for'],
  ],
  [
    'a stream of the server',
    'GET',
    [answer(2)],
    ['reset 1 1 by connection: an answer that nobody asked for', 'refused 1: an answer that nobody asked for'],
  ],
  [
    'a push',
    'GET',
    [settings([2, 1])],
    ['reset 1 1 by connection: a wrong ENABLE_PUSH', 'refused 1: a wrong ENABLE_PUSH'],
  ],
])('%s', (_name, method, frames, steps) => {
  const connection = client()
  connection.open({ ...REQUEST, method }, true)
  expect(says(connection, ...frames)).toEqual(steps)
})

// RFC 9113, 5.1.2: 100 until the server has said something, and what it says then.
test('no more streams than the server allows', () => {
  const early = new ClientConnection(LIMITS)
  for (let i = 0; i < 100; i++) early.open(REQUEST, true)
  expect([early.canOpen, early.isLeaving]).toEqual([false, false])
  expect(() => early.open(REQUEST, true)).toThrow()
  says(early, settings())
  expect(early.canOpen).toBe(true)

  const connection = client([3, 1])
  connection.open(REQUEST, true)
  expect(connection.canOpen).toBe(false)
  says(connection, wholeAnswer(1))
  expect(connection.canOpen).toBe(true)
})

// RFC 9113, 6.8 and 8.7: what was not looked at may be sent again anywhere.
test('GOAWAY', () => {
  const connection = client()
  const streams = [1, 2, 3].map(() => connection.open(REQUEST, true))
  expect(says(connection, goAway(0x7fffffff, 0))).toEqual(['goaway'])
  expect([connection.canOpen, connection.isLeaving, connection.isDrained]).toEqual([false, true, false])
  expect(says(connection, goAway(3, 0))).toEqual(['goaway', 'reset 5 7 by peer: the peer was going away (unprocessed)'])
  expect(streams.map(({ isClosed }) => isClosed)).toEqual([false, false, true])
  expect(says(connection, wholeAnswer(1), rstStream(3, ERROR.REFUSED_STREAM))).toEqual([
    'head 1',
    'end 1',
    'reset 3 7 by peer: the peer has reset the stream (unprocessed)',
  ])
  expect(connection.isDrained).toBe(true)
  expect(says(connection, goAway(5, 0)).at(-1)).toBe('refused 1: a GOAWAY that takes back another')
})

// An answer may come before the request has ended, and the server may then say that it wants no more.
test('an early answer', () => {
  const connection = client()
  const stream = connection.open({ ...REQUEST, method: 'POST' }, false)
  connection.send(stream, Buffer.from('some'))
  expect(says(connection, wholeAnswer(1))).toEqual(['head 1', 'end 1'])
  expect(stream.isClosed).toBe(false)
  expect(says(connection, rstStream(1, 0))).toEqual(['reset 1 0 by peer: the peer has reset the stream'])
  expect(connection.send(stream, Buffer.from('more'))).toBe(true)
  expect(writes(connection)).toEqual(['1 :method POST :scheme http :authority catalog :path /a'])
})

// A caller that goes away is no end of the connection: its answer is passed over.
test('a cancelled request', () => {
  const connection = client()
  const stream = connection.open(REQUEST, true)
  connection.reset(stream, ERROR.CANCEL)
  expect(says(connection, answer(1), data(1, 'x'), headers(1, block('a', 'b'), 5))).toEqual([])
  expect(connection.fault).toBe(undefined)
  // Thousands of them neither, as long as nothing comes of those long gone.
  for (let i = 0; i < 5_000; i++) connection.reset(connection.open(REQUEST, true), ERROR.CANCEL)
  expect([stepsOf(connection), connection.canOpen]).toEqual([[], true])
})

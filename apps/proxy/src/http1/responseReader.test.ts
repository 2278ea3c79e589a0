// Answers belong to the request that was sent, end where it and they say (RFC 9112, 6.3), and nothing else is read.
import { seededRandom } from '@heddle/testkit'
import { expect, test } from 'vitest'
import { ResponseReader } from './responseReader.ts'
import { bytesOf, LIMITS, readAll, split } from './testReading.ts'

function read(text: string, methods: readonly string[] = ['GET'], options: { endsThere?: boolean } = {}) {
  const reader = new ResponseReader(LIMITS)
  for (const method of methods) reader.asked(method)
  return readAll(reader, [bytesOf(text)], options)
}

test('an answer with a length', () => {
  const { messages, end } = read('HTTP/1.1 404 Not Found\r\nContent-Length: 2\r\nX-A: b\r\n\r\nno')
  expect(messages).toEqual([
    {
      head: {
        status: 404,
        reason: 'Not Found',
        minor: 1,
        fields: ['x-a', 'b'],
        contentLength: 2,
        body: 'length',
        keepsAlive: true,
      },
      body: 'no',
      trailers: [],
      isWhole: true,
    },
  ])
  expect(end).toBe('more')
})

// RFC 9112, 6.3: what was asked and what was answered decide together what follows the head.
test.each<[string, string, string, string]>([
  ['HEAD', 'HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n', 'none', 'more'],
  ['GET', 'HTTP/1.1 304 Not Modified\r\nContent-Length: 5\r\n\r\n', 'none', 'more'],
  ['GET', 'HTTP/1.1 204 No Content\r\n\r\n', 'none', 'more'],
  ['GET', 'HTTP/1.1 204 No Content\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n', 'none', 'closed'],
  ['GET', 'HTTP/1.1 200\r\nContent-Length: 0\r\n\r\n', 'none', 'more'],
  ['GET', 'HTTP/1.0 200 OK\r\nContent-Length: 0\r\n\r\n', 'none', 'closed'],
  ['GET', 'HTTP/1.0 200 OK\r\nConnection: keep-alive\r\nContent-Length: 0\r\n\r\n', 'none', 'more'],
  ['GET', 'HTTP/1.1 101 Switching Protocols\r\nUpgrade: a\r\n\r\nrest', 'handover', 'handover'],
  ['CONNECT', 'HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nrest', 'handover', 'handover'],
  ['CONNECT', 'HTTP/1.1 403 No\r\nContent-Length: 2\r\n\r\nno', 'length', 'more'],
])('%s: %j', (method, text, body, end) => {
  const reading = read(text, [method])
  expect(reading.messages[0]?.head.body).toBe(body)
  expect(reading.end).toBe(end)
  expect(reading.rest).toBe(end === 'handover' ? 'rest' : '')
})

// Without a length the end of the connection is the end of the body, and of nothing else.
test('a body until the end', () => {
  const text = 'HTTP/1.1 200 OK\r\n\r\nhello'
  expect(read(text).messages[0]).toMatchObject({ body: 'hello', isWhole: false })
  expect(read(text, ['GET'], { endsThere: true }).messages[0]).toMatchObject({ body: 'hello', isWhole: true })
  for (const cut of ['HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhell', 'HTTP/1.1 100 C\r\n\r\n', ''])
    expect(read(cut, ['GET'], { endsThere: true }).end).toContain('incomplete')
})

// 1xx come before the answer, and not without end.
test('informational answers', () => {
  const { messages } = read('HTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n')
  expect(messages.map(({ head }) => head.status)).toEqual([103, 200])
  expect(read('HTTP/1.1 103 Early Hints\r\n\r\n'.repeat(17)).end).toContain('malformed')
})

// A stray answer is nobody's: neither before the request, nor behind the answer.
test('answers that nobody asked for', () => {
  const answer = 'HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n'
  expect(read(answer, []).end).toContain('unexpected')
  const { messages, end } = read(answer.repeat(3), ['GET', 'GET'])
  expect(messages).toHaveLength(2)
  expect(end).toContain('unexpected')
  expect(read('HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\noktoo much').end).toContain('unexpected')
  expect(read('HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello', ['HEAD']).end).toContain('unexpected')
})

test.each([
  'HTTP/1.1 200 OK\r\nContent-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n',
  'HTTP/1.1 200 OK\r\nContent-Length: 4\r\nContent-Length: 4\r\n\r\n',
  'HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip, chunked\r\n\r\n',
  'HTTP/1.0 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n',
  'HTTP/1.1 103 Hints\r\nContent-Length: 4\r\n\r\n',
  'HTTP/1.1 20 OK\r\n\r\n',
  'HTTP/1.1 2000 OK\r\n\r\n',
  'HTTP/1.1 099 OK\r\n\r\n',
  'HTTP/2.0 200 OK\r\n\r\n',
  'HTTP/1.1  200 OK\r\n\r\n',
  '\r\nHTTP/1.1 200 OK\r\n\r\n',
  'HTTP/1.1 200 O\x00K\r\n\r\n',
  'HTTP/1.1 200 OK\nContent-Length: 0\n\n',
  'HTTP/1.1 200 OK\r\nA : b\r\n\r\n',
  `HTTP/1.1 200 OK\r\nA: ${'b'.repeat(17_000)}\r\n\r\n`,
  'ICY 200 OK\r\n\r\n',
])('%j is refused', (text) => {
  expect(read(text).end).toMatch(/^refused: /)
})

test('any split gives the same reading', () => {
  const random = seededRandom(8)
  const text =
    'HTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\nHTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n' +
    '5\r\nhello\r\n0\r\nA: b\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nabcHTTP/1.1 500 stray'
  const expected = read(text, ['GET', 'POST'])
  for (let i = 0; i < 200; i++) {
    const reader = new ResponseReader(LIMITS)
    reader.asked('GET')
    reader.asked('POST')
    expect(readAll(reader, split(bytesOf(text), random))).toEqual(expected)
  }
})

// A body that nobody takes for a while waits as what it came in, and is given on from there.
test('what comes while nobody asks is not copied', () => {
  const reader = new ResponseReader(LIMITS)
  reader.asked('GET')
  reader.feed(bytesOf('HTTP/1.1 200 OK\r\nContent-Length: 30000\r\n\r\n'))
  expect(reader.next()).toBe('head')
  const chunks = ['a', 'b', 'c'].map((text) => Buffer.alloc(10_000, text))
  for (const chunk of chunks) reader.feed(chunk)
  expect(reader.pendingBytes).toBe(30_000)
  for (const chunk of chunks) {
    expect(reader.next()).toBe('data')
    expect([reader.data.buffer, reader.data.toString()]).toEqual([chunk.buffer, chunk.toString()])
  }
  expect(reader.next()).toBe('end')
})

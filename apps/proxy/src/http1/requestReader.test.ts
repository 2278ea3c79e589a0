// Requests have one reading or none. The refused ones are those of RFC 9112, of CWE-444, and of the research by James
// Kettle and http-garden.
import { seededRandom } from '@heddle/testkit'
import { expect, test } from 'vitest'
import { RequestReader } from './requestReader.ts'
import { bytesOf, LIMITS, readAll, split } from './testReading.ts'

const read = (text: string, limits = LIMITS) => readAll(new RequestReader(limits), [bytesOf(text)])
const HOST = 'Host: catalog\r\n'
const post = (fields: string, body = '') => `POST / HTTP/1.1\r\n${HOST}${fields}\r\n${body}`
const chunked = (body: string) => post('Transfer-Encoding: chunked\r\n', body)

// A head is taken apart: names in lower case, values without the space around them, what frames and addresses it apart.
test('a request with a body', () => {
  const { messages, end } = read(
    post('X-A:  One \t\r\nCONTENT-length: 5\r\nx-a: tw\xfc o\r\nX-Empty:\r\nConnection: Close\r\n', 'hello'),
  )
  expect(messages).toEqual([
    {
      head: {
        method: 'POST',
        target: '/',
        minor: 1,
        host: 'catalog',
        fields: ['x-a', 'One', 'x-a', 'tw\xfc o', 'x-empty', '', 'connection', 'Close'],
        contentLength: 5,
        isChunked: false,
        keepsAlive: false,
        expectsContinue: false,
        upgrade: null,
      },
      body: 'hello',
      trailers: [],
      isWhole: true,
    },
  ])
  expect(end).toBe('closed')
})

// RFC 9112, 7.1: chunks, with extensions that are dropped, and trailers.
test('a chunked body', () => {
  const { messages, end } = read(chunked('5;a=b;c="d\\"e"\r\nhello\r\n00B\r\n, world! ok\r\n0\r\nX-Sum: 1\r\n\r\n'))
  expect(messages).toMatchObject([{ body: 'hello, world! ok', trailers: ['x-sum', '1'], isWhole: true }])
  expect(end).toBe('more')
})

// RFC 9112, 9.3.2: pipelined requests are separate ones, whatever their bodies look like.
test('a pipeline', () => {
  const { messages } = read(
    `GET /1 HTTP/1.1\r\n${HOST}Content-Length: 4\r\n\r\n\r\n\r\n\r\nGET /2 HTTP/1.1\r\n${HOST}\r\nGET /3 HTTP/1.0\r\n\r\nGET /4`,
  )
  expect(messages.map(({ head, body }) => [head.target, body])).toEqual([
    ['/1', '\r\n\r\n'],
    ['/2', ''],
    ['/3', ''],
  ])
})

// A message is begun when it is asked for: what follows lies as bytes, however many requests it is.
test('what was not asked for stays bytes', () => {
  const reader = new RequestReader(LIMITS)
  const one = `GET / HTTP/1.1\r\n${HOST}\r\n`
  reader.feed(bytesOf(one.repeat(1_000)))
  expect([reader.next(), reader.next()]).toEqual(['head', 'end'])
  expect(reader.pendingBytes).toBe(999 * one.length)
})

// CONNECT and a proper upgrade hand over what follows; h2c and improper ones are requests like others.
test.each<[string, string, string]>([
  [`CONNECT catalog:80 HTTP/1.1\r\n${HOST}\r\n\x16\x03`, 'handover', '\x16\x03'],
  [`GET / HTTP/1.1\r\n${HOST}Connection: a, Upgrade\r\nUpgrade: websocket\r\n\r\n\x81\x00`, 'handover', '\x81\x00'],
  [`GET / HTTP/1.1\r\n${HOST}Upgrade: websocket\r\n\r\n`, 'more', ''],
  [`GET / HTTP/1.1\r\n${HOST}Connection: upgrade, http2-settings\r\nUpgrade: h2c\r\n\r\n`, 'more', ''],
  [`HEAD / HTTP/1.1\r\n${HOST}Connection: upgrade\r\nUpgrade: TLS/1.2\r\n\r\n`, 'more', ''],
  [`GET / HTTP/1.1\r\n${HOST}Connection: upgrade\r\nUpgrade: HTTP/2.0\r\n\r\n`, 'more', ''],
  [`GET / HTTP/1.1\r\n${HOST}Connection: upgrade\r\nUpgrade: a\r\nUpgrade: b\r\n\r\n`, 'more', ''],
])('%j', (text, end, rest) => {
  expect(read(text)).toMatchObject({ end, rest, messages: [{}] })
})

// RFC 9110, 10.1.1: only who has a body waits, and nobody does in HTTP/1.0.
test('Expect', () => {
  const expects = (text: string) => read(text).messages[0]?.head.expectsContinue
  expect(expects(post('Expect: 100-Continue\r\nContent-Length: 1\r\n'))).toBe(true)
  expect(expects(post('Expect: 100-continue\r\n'))).toBe(false)
  expect(expects('POST / HTTP/1.0\r\nExpect: 100-continue\r\nContent-Length: 1\r\n\r\n')).toBe(false)
})

const REFUSED: [string, string, string][] = [
  // RFC 9112, 6.1 to 6.3: one framing, said once.
  ['length and chunked', post('Content-Length: 4\r\nTransfer-Encoding: chunked\r\n', '0\r\n\r\n'), 'malformed'],
  ['two lengths', post('Content-Length: 0\r\nContent-Length: 44\r\n'), 'malformed'],
  ['two equal lengths', post('Content-Length: 5\r\nContent-Length: 5\r\n', 'hello'), 'malformed'],
  ['a list of lengths', post('Content-Length: 5, 5\r\n', 'hello'), 'malformed'],
  ...['+5', '-0', '0x5', '1_0', '5 5', '5.0', '18446744073709551616', ''].map((length): [string, string, string] => [
    `length "${length}"`,
    post(`Content-Length: ${length}\r\n`, 'hello'),
    'malformed',
  ]),
  ['chunked in two fields', post('Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n'), 'malformed'],
  ...['chunked, chunked', 'identity', 'chunked, identity', '', '\vchunked', ',chunked', 'chunked,', 'chunked;q=1'].map(
    (coding): [string, string, string] => [
      `coding "${coding}"`,
      post(`Transfer-Encoding: ${coding}\r\n`, '0\r\n\r\n'),
      'malformed',
    ],
  ),
  ['a coding we do not have', post('Transfer-Encoding: gzip, chunked\r\n'), 'coding'],
  ['a folded coding', post('Transfer-Encoding:\r\n chunked\r\n'), 'malformed'],
  ['a coding in HTTP/1.0', 'POST / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n', 'malformed'],
  // RFC 9112, 7.1: chunks.
  ...['0x5', '+5', '-1', '5_0', ' 5', '5 ', '', 'ffffffffffffffff5', '5;', '5;=a', '5; a', '5;a="', '5;a=\x01'].map(
    (size): [string, string, string] => [`chunk "${size}"`, chunked(`${size}\r\nhello\r\n0\r\n\r\n`), 'malformed'],
  ),
  ['a chunk line that ends with LF', chunked('5\nhello\r\n0\r\n\r\n'), 'malformed'],
  ['a chunk line that ends with CR', chunked('5\rhello\r\n0\r\n\r\n'), 'malformed'],
  ['a chunk that runs over', chunked('5\r\nhelloXX0\r\n\r\n'), 'malformed'],
  ['data that ends with LF', chunked('5\r\nhello\n0\r\n\r\n'), 'malformed'],
  ['a last chunk that ends with LF', chunked('5\r\nhello\r\n0\n\r\n'), 'malformed'],
  ['one huge extension', chunked(`5;a=${'b'.repeat(64 * 1024)}\r\nhello\r\n`), 'malformed'],
  ['many extensions', chunked(`1;a=${'b'.repeat(400)}\r\nx\r\n`.repeat(50)), 'malformed'],
  ['a folded trailer', chunked('0\r\nA: b\r\n c\r\n\r\n'), 'malformed'],
  // RFC 9112, 2.2 and 5: lines and fields.
  ['bare LF', 'GET / HTTP/1.1\nHost: catalog\n\n', 'malformed'],
  ['bare CR', 'GET / HTTP/1.1\rHost: catalog\r\n\r\n', 'malformed'],
  ['an LF in a field', `GET / HTTP/1.1\r\n${HOST}A: b\nC: d\r\n\r\n`, 'malformed'],
  ['a folded field', `GET / HTTP/1.1\r\n${HOST}X: a\r\n b\r\n\r\n`, 'malformed'],
  ['a space before the first field', `GET / HTTP/1.1\r\n ${HOST}\r\n`, 'malformed'],
  ['a space before the colon', post('Content-Length : 5\r\n', 'hello'), 'malformed'],
  ['an empty name', `GET / HTTP/1.1\r\n${HOST}: x\r\n\r\n`, 'malformed'],
  ['no colon', `GET / HTTP/1.1\r\n${HOST}nonsense\r\n\r\n`, 'malformed'],
  ...['\0', '\x01', '\x7f'].map((octet): [string, string, string] => [
    `${JSON.stringify(octet)} in a value`,
    `GET / HTTP/1.1\r\n${HOST}X: a${octet}b\r\n\r\n`,
    'malformed',
  ]),
  ...['\0', '\x7f', '\x80', '(', '"'].map((octet): [string, string, string] => [
    `${JSON.stringify(octet)} in a name`,
    `GET / HTTP/1.1\r\n${HOST}X${octet}: a\r\n\r\n`,
    'malformed',
  ]),
  // RFC 9112, 3: the request line, and who is asked.
  ['two hosts', `GET / HTTP/1.1\r\n${HOST}Host: catalog\r\n\r\n`, 'malformed'],
  ['no host', 'GET / HTTP/1.1\r\n\r\n', 'malformed'],
  ['two empty lines before it', `\r\n\r\nGET / HTTP/1.1\r\n${HOST}\r\n`, 'malformed'],
  ['HTTP/0.9', 'GET /\r\n\r\n', 'malformed'],
  ['two spaces', `GET  / HTTP/1.1\r\n${HOST}\r\n`, 'malformed'],
  ['a tab', `GET\t/ HTTP/1.1\r\n${HOST}\r\n`, 'malformed'],
  ['a space in the target', `GET /a b HTTP/1.1\r\n${HOST}\r\n`, 'malformed'],
  ['a space behind the version', `GET / HTTP/1.1 \r\n${HOST}\r\n`, 'malformed'],
  ['http in lower case', `GET / http/1.1\r\n${HOST}\r\n`, 'malformed'],
  ['HTTP/01.1', `GET / HTTP/01.1\r\n${HOST}\r\n`, 'malformed'],
  ['HTTP/1.2', `GET / HTTP/1.2\r\n${HOST}\r\n`, 'version'],
  ['the preface of HTTP/2', 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n', 'version'],
  ['garbage', '\x00\x01\x02\x03\r\n\r\n', 'malformed'],
  ['TLS', '\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03', 'malformed'],
  ['another expectation', post('Expect: 100-continue, x\r\nContent-Length: 1\r\n'), 'expectation'],
  ['two expectations', post('Expect: 100-continue\r\nExpect: 100-continue\r\n'), 'expectation'],
  ['CONNECT with a body', `CONNECT a:1 HTTP/1.1\r\n${HOST}Content-Length: 1\r\n\r\nx`, 'malformed'],
  [
    'an upgrade with a body',
    `GET / HTTP/1.1\r\n${HOST}Connection: upgrade\r\nUpgrade: websocket\r\nContent-Length: 2\r\n\r\nab`,
    'malformed',
  ],
  ['Connection that is no list', `GET / HTTP/1.1\r\n${HOST}Connection: close x\r\n\r\n`, 'malformed'],
]

// After a refusal nothing is read any more: not the smuggled request behind it either.
test.each(REFUSED)('%s is refused', (_what, text, reason) => {
  const reading = read(`${text}GET /smuggled HTTP/1.1\r\n${HOST}\r\n`)
  expect(reading.end).toContain(`refused: ${reason} `)
  expect(reading.messages.filter(({ isWhole }) => isWhole)).toEqual([])
})

// RFC 9112, 3 and RFC 6585, 5: just within a limit passes, one more does not.
test('limits', () => {
  const limits = { bytes: 200, fields: 3, lineBytes: 60 }
  const get = (target: string, fields: string) => read(`GET ${target} HTTP/1.1\r\n${HOST}${fields}\r\n`, limits).end
  const line = 60 - 'GET  HTTP/1.1'.length
  expect(get('a'.repeat(line), '')).toBe('more')
  expect(get('a'.repeat(line + 1), '')).toContain('target_too_long')
  expect(get('/', 'A: b\r\n'.repeat(2))).toBe('more')
  expect(get('/', 'A: b\r\n'.repeat(3))).toContain('head_too_large')
  expect(get('/', `A: ${'b'.repeat(57)}\r\n`)).toBe('more')
  expect(get('/', `A: ${'b'.repeat(58)}\r\n`)).toContain('head_too_large')
  const wide = { ...limits, lineBytes: 1_000 }
  const before = `GET / HTTP/1.1\r\n${HOST}A: \r\n\r\n`.length
  const ofSize = (size: number) => read(`GET / HTTP/1.1\r\n${HOST}A: ${'b'.repeat(size - before)}\r\n\r\n`, wide).end
  expect(ofSize(200)).toBe('more')
  for (const size of [201, 202, 203, 300]) expect(ofSize(size)).toContain('head_too_large')
  expect(readAll(new RequestReader(limits), [bytesOf(chunked(`0\r\n${'A: b\r\n'.repeat(4)}\r\n`))]).end).toContain(
    'head_too_large',
  )
})

// An end within a message is not the end of one; between messages it is nothing.
test('the end of the connection', () => {
  const ended = (text: string) => readAll(new RequestReader(LIMITS), [bytesOf(text)], { endsThere: true }).end
  expect(ended(`GET / HTTP/1.1\r\n${HOST}\r\n`)).toBe('closed')
  for (const text of ['G', post('Content-Length: 5\r\n', 'hell'), chunked('5\r\nhello\r\n0\r\n')])
    expect(ended(text)).toContain('incomplete')
})

// Names that JavaScript gives a meaning to are names like others.
test('__proto__ and its kin', () => {
  const { messages } = read(`GET / HTTP/1.1\r\n${HOST}__proto__: a\r\nconstructor: b\r\n\r\n`)
  expect(messages[0]?.head.fields).toEqual(['__proto__', 'a', 'constructor', 'b'])
})

// However the bytes are split, the messages, the refusal and the octets left over are the same.
test('any split gives the same reading', () => {
  const random = seededRandom(7)
  const whole = [
    ...REFUSED.map(([, text]) => text),
    chunked('5;a=b\r\nhello\r\n1\r\n!\r\n0\r\nX-Sum: 1\r\n\r\n') + post('Content-Length: 3\r\n', 'abc'),
    `\r\nGET / HTTP/1.1\r\n${HOST}\r\n\r\nGET / HTTP/1.1\r\n${HOST}Connection: close\r\n\r\nGET /never`,
    `GET / HTTP/1.1\r\n${HOST}Connection: upgrade\r\nUpgrade: websocket\r\n\r\n\x81\x00\x00`,
    `GET /${'a'.repeat(200)} HTTP/1.1\r\n${HOST}\r\n`,
  ]
  const limits = { bytes: 150, fields: 4, lineBytes: 100 }
  for (const text of whole)
    for (const chosen of [LIMITS, limits]) {
      if (text.length > 4_096) continue
      const expected = readAll(new RequestReader(chosen), [bytesOf(text)])
      const octets = [...bytesOf(text)].map((octet) => Buffer.from([octet]))
      expect([text, readAll(new RequestReader(chosen), octets)]).toEqual([text, expected])
      for (let i = 0; i < 5; i++)
        for (const isHeld of [false, true]) {
          const reading = readAll(new RequestReader(chosen), split(bytesOf(text), random), { isHeld })
          expect([text, reading]).toEqual([text, expected])
        }
    }
})

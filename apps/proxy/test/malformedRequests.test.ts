// What two servers could read differently is refused at the door, and nothing of it reaches an application
// (CWE-444; the cases are those of James Kettle's and http-garden's research).
import { connect as connectTls } from 'node:tls'
import { startRawBackend } from '@heddle/testkit'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { callThrough, exchangeBytes } from './appClient.ts'
import { startTestMesh, type TestMesh, type TestNode } from './testMesh.ts'

let mesh: TestMesh
let shop: TestNode
let catalog: TestNode
/** Every byte that the application got. */
let reached = ''
let backend: Awaited<ReturnType<typeof startRawBackend>>

beforeAll(async () => {
  mesh = await startTestMesh()
  backend = await startRawBackend((socket) => {
    socket.on('data', (chunk) => {
      reached += chunk.toString('latin1')
      if (reached.endsWith('\r\n\r\n')) socket.write('HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok')
    })
  })
  catalog = await mesh.start('catalog', { appPort: backend.port, publicPort: 0 })
  shop = await mesh.start('shop')
  mesh.publish(catalog)
})
afterAll(async () => {
  await mesh[Symbol.asyncDispose]()
  await backend[Symbol.asyncDispose]()
})

/** Whether the application could take what it got for a request. (A body that goes wrong may have begun to arrive.) */
function isWhole(text: string): boolean {
  const isChunked = /\r\ntransfer-encoding: chunked\r\n/i.test(text)
  return text.includes('smuggled') || (isChunked ? text.endsWith('0\r\n\r\n') : text.includes('\r\n\r\n'))
}

const HOST = 'Host: catalog\r\n'
const SMUGGLED = 'GET /smuggled HTTP/1.1\r\nHost: catalog\r\n\r\n'

const MALFORMED: [string, string][] = [
  [
    'length and chunked',
    `POST / HTTP/1.1\r\n${HOST}Content-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n${SMUGGLED}`,
  ],
  ['two lengths', `POST / HTTP/1.1\r\n${HOST}Content-Length: 0\r\nContent-Length: 44\r\n\r\n${SMUGGLED}`],
  ['two equal lengths', `POST / HTTP/1.1\r\n${HOST}Content-Length: 5\r\nContent-Length: 5\r\n\r\nhello`],
  ['a list of lengths', `POST / HTTP/1.1\r\n${HOST}Content-Length: 5, 5\r\n\r\nhello`],
  [
    'chunked twice',
    `POST / HTTP/1.1\r\n${HOST}Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n`,
  ],
  ['chunked, chunked', `POST / HTTP/1.1\r\n${HOST}Transfer-Encoding: chunked, chunked\r\n\r\n0\r\n\r\n`],
  ['xchunked', `POST / HTTP/1.1\r\n${HOST}Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n`],
  ['identity', `POST / HTTP/1.1\r\n${HOST}Transfer-Encoding: identity\r\n\r\n${SMUGGLED}`],
  ['chunked, identity', `POST / HTTP/1.1\r\n${HOST}Transfer-Encoding: chunked, identity\r\n\r\n0\r\n\r\n`],
  ['gzip, chunked', `POST / HTTP/1.1\r\n${HOST}Transfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n`],
  ['an empty coding', `POST / HTTP/1.1\r\n${HOST}Transfer-Encoding: \r\n\r\n${SMUGGLED}`],
  ['a coding behind VT', `POST / HTTP/1.1\r\n${HOST}Transfer-Encoding: \vchunked\r\n\r\n0\r\n\r\n`],
  ['a coding with a comma', `POST / HTTP/1.1\r\n${HOST}Transfer-Encoding: ,chunked\r\n\r\n0\r\n\r\n`],
  ['a folded coding', `POST / HTTP/1.1\r\n${HOST}Transfer-Encoding:\r\n chunked\r\n\r\n0\r\n\r\n`],
  ['a coding in HTTP/1.0', `POST / HTTP/1.0\r\n${HOST}Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n`],
  ['a space before the colon', `POST / HTTP/1.1\r\n${HOST}Content-Length : 5\r\n\r\nhello`],
  ['a space before the colon of the coding', `POST / HTTP/1.1\r\n${HOST}Transfer-Encoding : chunked\r\n\r\n0\r\n\r\n`],
  ...['+5', '-0', '0x5', '1_0', '5 5', '5.0', '18446744073709551616', ''].map((length): [string, string] => [
    `length "${length}"`,
    `POST / HTTP/1.1\r\n${HOST}Content-Length: ${length}\r\n\r\nhello`,
  ]),
  ...['0x5', '+5', '-1', '5_0', ' 5', '', 'ffffffffffffffff5'].map((size): [string, string] => [
    `chunk size "${size}"`,
    `POST / HTTP/1.1\r\n${HOST}Transfer-Encoding: chunked\r\n\r\n${size}\r\nhello\r\n0\r\n\r\n`,
  ]),
  [
    'a chunk line that ends with LF',
    `POST / HTTP/1.1\r\n${HOST}Transfer-Encoding: chunked\r\n\r\n5\nhello\r\n0\r\n\r\n`,
  ],
  ['chunk data that runs over', `POST / HTTP/1.1\r\n${HOST}Transfer-Encoding: chunked\r\n\r\n5\r\nhelloXX0\r\n\r\n`],
  [
    'a last chunk that ends with LF',
    `POST / HTTP/1.1\r\n${HOST}Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\n\r\n`,
  ],
  ['bare LF', `GET / HTTP/1.1\n${HOST.replace('\r', '')}\n`],
  ['bare CR', `GET / HTTP/1.1\r${HOST}\r\n`],
  ['a folded field', `GET / HTTP/1.1\r\n${HOST}X: a\r\n b\r\n\r\n`],
  ['a line that begins with a space', `GET / HTTP/1.1\r\n ${HOST}\r\n`],
  ['an empty name', `GET / HTTP/1.1\r\n${HOST}: x\r\n\r\n`],
  ['no colon', `GET / HTTP/1.1\r\n${HOST}nonsense\r\n\r\n`],
  ['NUL in a value', `GET / HTTP/1.1\r\n${HOST}X: a\0b\r\n\r\n`],
  ['NUL in a name', `GET / HTTP/1.1\r\n${HOST}X\0: a\r\n\r\n`],
  ['0x80 in a name', `GET / HTTP/1.1\r\n${HOST}X\x80: a\r\n\r\n`],
  ['two hosts', `GET / HTTP/1.1\r\n${HOST}Host: other\r\n\r\n`],
  ['a list of hosts', 'GET / HTTP/1.1\r\nHost: catalog, other\r\n\r\n'],
  ['a user in Host', 'GET / HTTP/1.1\r\nHost: u@catalog\r\n\r\n'],
  ['a path in Host', 'GET / HTTP/1.1\r\nHost: catalog/x\r\n\r\n'],
  ['an empty Host', 'GET / HTTP/1.1\r\nHost: \r\n\r\n'],
  ['no Host', 'GET / HTTP/1.1\r\n\r\n'],
  ['NUL as Host', 'GET / HTTP/1.1\r\nHost: cat%00alog\r\n\r\n'],
  ['dots as Host', 'GET / HTTP/1.1\r\nHost: catalog..mesh\r\n\r\n'],
  ['HTTP/0.9', 'GET /\r\n'],
  ['HTTP/1.2', `GET / HTTP/1.2\r\n${HOST}\r\n`],
  ['HTTP/2.0 in words', `GET / HTTP/2.0\r\n${HOST}\r\n`],
  ['a space behind the version', `GET / HTTP/1.1 \r\n${HOST}\r\n`],
  ['http in lower case', `GET / http/1.1\r\n${HOST}\r\n`],
  ['HTTP/01.1', `GET / HTTP/01.1\r\n${HOST}\r\n`],
  ['a fragment', `GET /a#b HTTP/1.1\r\n${HOST}\r\n`],
  ['a target without a slash', `GET a HTTP/1.1\r\n${HOST}\r\n`],
  ['Expect of something else', `POST / HTTP/1.1\r\n${HOST}Expect: 100-continue, x\r\nContent-Length: 2\r\n\r\nab`],
  [
    'an upgrade with a body',
    `GET / HTTP/1.1\r\n${HOST}Connection: upgrade\r\nUpgrade: websocket\r\nContent-Length: 2\r\n\r\nab`,
  ],
  ['garbage', '\x00\x01\x02\x03\r\n\r\n'],
]

// A malformed request is answered with an error or not at all; its connection ends, and the application never hears of
// it: at the port of our own application as at the one for strangers.
test.each(MALFORMED)('%s', async (_what, bytes) => {
  for (const port of [shop.outbound, catalog.publicPort ?? 0]) {
    reached = ''
    const { received, isClosed } = await exchangeBytes(port, bytes)
    expect(isClosed).toBe(true)
    if (received !== '') {
      expect(received).toMatch(/^HTTP\/1\.1 (?:400|501) /)
      expect(received.match(/^HTTP\/1\.1 /gm)).toHaveLength(1)
      expect(received).toContain('x-heddle-error: ')
    }
    expect(isWhole(reached)).toBe(false)
  }
})

// The same bytes over a proper mesh connection: a peer is not believed to be careful.
test('malformed requests over a mesh connection', async () => {
  const leaf = await mesh.authority.service('shop')
  for (const [what, bytes] of MALFORMED) {
    reached = ''
    const received = await new Promise<string>((resolve) => {
      let text = ''
      const socket = connectTls(
        {
          port: catalog.inbound,
          servername: 'catalog.mesh',
          key: leaf.key,
          cert: leaf.chain,
          ca: mesh.authority.root,
          checkServerIdentity: () => undefined,
        },
        () => socket.write(Buffer.from(bytes, 'latin1')),
      )
      socket.on('data', (chunk) => {
        text += chunk.toString('latin1')
      })
      socket.on('error', () => {})
      socket.on('close', () => resolve(text))
    })
    expect([what, /^(?:HTTP\/1\.1 (?:400|501) |$)/.test(received)]).toEqual([what, true])
    expect([what, isWhole(reached)]).toEqual([what, false])
  }
})

// Heads beyond 16 KiB or 100 fields are 431; just below they pass.
test('large heads', async () => {
  const fields = (n: number) => Array.from({ length: n }, (_, i) => `X-${i}: ${i}\r\n`).join('')
  const isAnswered = (text: string) => text.endsWith('ok') || text.endsWith('}\n')
  const many = await exchangeBytes(shop.outbound, `GET / HTTP/1.1\r\n${HOST}${fields(100)}\r\n`, isAnswered)
  expect(many.received).toMatch(/^HTTP\/1\.1 431 /)
  const long = await exchangeBytes(
    shop.outbound,
    `GET / HTTP/1.1\r\n${HOST}X: ${'a'.repeat(17_000)}\r\n\r\n`,
    isAnswered,
  )
  expect(long.received).toMatch(/^HTTP\/1\.1 431 /)
  expect(long.received).toContain('headers_too_large')
  const longTarget = await exchangeBytes(
    shop.outbound,
    `GET /${'a'.repeat(64_000)} HTTP/1.1\r\n${HOST}\r\n`,
    isAnswered,
  )
  expect(longTarget.received).toMatch(/^HTTP\/1\.1 431 /)
  expect((await callThrough(shop.outbound, `http://catalog/${'a'.repeat(8_000)}`)).status).toBe(200)
})

// Names that JavaScript gives a meaning to are names like others.
test('__proto__ and its kin as field names', async () => {
  reached = ''
  const { received } = await exchangeBytes(
    shop.outbound,
    `GET /?__proto__=1&constructor=2 HTTP/1.1\r\n${HOST}__proto__: a\r\nconstructor: b\r\ntoString: c\r\n\r\n`,
    (text) => text.endsWith('ok'),
  )
  expect(received).toMatch(/^HTTP\/1\.1 200 /)
  expect(reached.toLowerCase()).toContain('constructor: b\r\ntostring: c\r\n')
  expect(({} as Record<string, unknown>).a).toBeUndefined()
})

// A GET with a body and a pipelined request behind it are two requests to the application, no more.
test('GET with a body and a pipelined request', async () => {
  reached = ''
  const { received } = await exchangeBytes(
    shop.outbound,
    `GET /first HTTP/1.1\r\n${HOST}Content-Length: 4\r\n\r\n\r\n\r\nGET /second HTTP/1.1\r\n${HOST}Connection: close\r\n\r\n`,
  )
  expect(received.match(/HTTP\/1\.1 200 /g)).toHaveLength(2)
  expect(reached.match(/GET \/first|GET \/second/g)).toEqual(['GET /first', 'GET /second'])
})

// What is no request of either version is told so in words that its client shows.
test('the preface of HTTP/2, misspelt', async () => {
  const { received } = await exchangeBytes(shop.outbound, 'PRI * HTTP/2.0\r\n\r\nSN\r\n\r\n')
  expect(received).toMatch(/^HTTP\/1\.1 501 /)
  expect(received).toContain('x-heddle-error: protocol_unsupported')
})

import { pickOne, seededRandom } from '@heddle/testkit'
import { expect, test } from 'vitest'
import { decodeHead, type RawHead } from './decode.ts'
import { isRefusal } from './refusal.ts'

const head = (change: Partial<RawHead> = {}): RawHead => ({
  method: 'GET',
  url: '/x?y=1',
  httpVersion: '1.1',
  rawHeaders: ['Host', 'catalog'],
  ...change,
})

// What frames the message and what addresses it are taken out of the fields, names are lower case, values as they came.
test('a head is taken apart', () => {
  const decoded = decodeHead(
    head({ rawHeaders: ['HOST', 'Catalog:80', 'X-A', 'One', 'Content-Length', '5', 'x-a', 'two', 'x_b', '3'] }),
    100,
  )
  expect(decoded).toMatchObject({
    method: 'GET',
    target: { authority: 'catalog', port: 80, path: '/x', query: 'y=1', form: 'origin' },
    headers: ['x-a', 'One', 'x-a', 'two'],
    contentLength: 5,
    upgrade: null,
  })
})

// In absolute-form the target says whom is meant, and Host is ignored (RFC 9112, 3.2.2); two of them are refused still.
test('absolute-form replaces Host', () => {
  const url = 'http://catalog/x'
  expect(decodeHead(head({ url, rawHeaders: ['Host', '127.0.0.1:4140'] }), 100)).toMatchObject({
    target: { authority: 'catalog', form: 'absolute' },
  })
  expect(decodeHead(head({ url, rawHeaders: ['Host', 'a', 'Host', 'b'] }), 100)).toMatchObject({ code: 'malformed' })
})

// An upgrade counts where Connection says so, never in HTTP/1.0 and never to HTTP/2.
test.each([
  [['Connection', 'Upgrade', 'Upgrade', 'websocket'], 'websocket'],
  [['Connection', 'keep-alive, upgrade', 'Upgrade', 'chargen/1'], 'chargen/1'],
  [['Upgrade', 'websocket'], null],
  [['Connection', 'Upgrade', 'Upgrade', 'h2c'], null],
  [['Connection', 'Upgrade', 'Upgrade', 'TLS/1.2'], null],
  [['Connection', 'Upgrade', 'Upgrade', 'a, b'], null],
  [['Connection', 'Upgrade', 'Upgrade', 'a', 'Upgrade', 'b'], null],
])('%j', (fields, upgrade) => {
  expect(decodeHead(head({ rawHeaders: ['Host', 'catalog', ...fields] }), 100)).toMatchObject({ upgrade })
})

// Whatever comes, a head is refused in words or one that frames a body in one way only: nothing is thrown.
test('random heads', () => {
  const random = seededRandom(11)
  const names = ['Host', 'Content-Length', 'Transfer-Encoding', 'Connection', 'Upgrade', 'Expect', 'X', '__proto__', '']
  const values = [
    'catalog',
    '5',
    '+5',
    'chunked',
    'Chunked',
    'gzip',
    'upgrade',
    'h2c',
    '100-continue',
    '',
    '\u00ff',
    'a, b',
  ]
  const urls = [
    '/',
    '/x',
    '*',
    '//x',
    'http://catalog',
    'http://',
    'https://catalog/',
    'x',
    '',
    '/%',
    '/\u0000',
    'http://a b/',
  ]
  for (let i = 0; i < 5_000; i++) {
    const rawHeaders = Array.from({ length: Math.floor(random() * 8) }, () => [
      pickOne(random, names),
      pickOne(random, values),
    ]).flat()
    const decoded = decodeHead(
      head({ rawHeaders, url: pickOne(random, urls), httpVersion: pickOne(random, ['1.0', '1.1', '2.0', '0.9']) }),
      100,
    )
    if (isRefusal(decoded)) expect(decoded.detail).not.toBe('')
    else {
      expect(decoded.target.pathAndQuery.startsWith('/')).toBe(true)
      for (const name of ['host', 'content-length', 'transfer-encoding', 'upgrade', 'expect'])
        expect(decoded.headers.filter((_, at) => at % 2 === 0)).not.toContain(name)
    }
  }
})

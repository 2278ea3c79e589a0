import { pickOne, seededRandom } from '@heddle/testkit'
import { expect, test } from 'vitest'
import { RequestReader } from '../http1/requestReader.ts'
import { bytesOf, LIMITS, readAll } from '../http1/testReading.ts'
import { decodeHead, refusalOf } from './judge.ts'
import { isRefusal } from './refusal.ts'

/** What becomes of the head of a request with this first line and these fields; undefined where the reader refuses it. */
function decode(line: string, fields: readonly string[]) {
  const [message] = readAll(new RequestReader(LIMITS), [bytesOf([line, ...fields, '\r\n'].join('\r\n'))]).messages
  return message === undefined ? undefined : decodeHead(message.head)
}

// What frames the message and what addresses it are taken out of the fields, names are lower case, values as they came;
// a name with an underscore goes no further.
test('a head is taken apart', () => {
  expect(
    decode('GET /x?y=1 HTTP/1.1', ['HOST: Catalog:80', 'X-A: One', 'Content-Length: 5', 'x_b: 3', 'x-a: two']),
  ).toMatchObject({
    target: { authority: 'catalog', port: 80, path: '/x', query: 'y=1', form: 'origin' },
    method: 'GET',
    headers: ['x-a', 'One', 'x-a', 'two'],
    contentLength: 5,
    upgrade: null,
  })
})

// In absolute-form the target says whom is meant, and Host is ignored (RFC 9112, 3.2.2).
test('absolute-form replaces Host', () => {
  expect(decode('GET http://catalog/x HTTP/1.1', ['Host: 127.0.0.1:4140'])).toMatchObject({
    target: { authority: 'catalog', form: 'absolute' },
  })
  expect(decode('GET http://catalog/x HTTP/1.0', [])).toMatchObject({ target: { authority: 'catalog' } })
})

// A rule is for a method by its name: one that somebody would take for another is none.
test.each(['get', 'Get', 'G3T', 'GET!'])('the method %s is refused', (method) => {
  expect(decode(`${method} / HTTP/1.1`, ['Host: catalog'])).toMatchObject({ code: 'malformed' })
})

// A request without a Host has no address, in HTTP/1.0 too.
test('HTTP/1.0 without Host', () => {
  expect(decode('GET / HTTP/1.0', [])).toMatchObject({ code: 'malformed' })
})

// Bytes that are no request are answered in the mesh's own codes.
test.each([
  ['malformed', 'malformed'],
  ['incomplete', 'malformed'],
  ['coding', 'malformed'],
  ['expectation', 'malformed'],
  ['head_too_large', 'headers_too_large'],
  ['target_too_long', 'headers_too_large'],
  ['version', 'protocol_unsupported'],
] as const)('%s is %s', (reason, code) => {
  expect(refusalOf({ reason, status: 400, detail: 'why' }).code).toBe(code)
})

// Whatever the reader takes is refused in words or addressed in one way only: nothing is thrown.
test('random heads', () => {
  const random = seededRandom(11)
  const fields = [
    'Host: a, b',
    'Content-Length: 5',
    'Connection: upgrade',
    'Upgrade: x',
    'X: 1',
    '__proto__: 1',
    'x_y: 1',
  ]
  const hosts = ['catalog', 'Catalog:80', '', 'u@a', 'a/b', 'a, b', '[::1]', 'a..b']
  const targets = ['/', '/x', '*', '//x', 'http://catalog', 'http://', 'https://catalog/', 'x', '/%', 'http://a%20b/']
  let served = 0
  for (let i = 0; i < 5_000; i++) {
    const line = `${pickOne(random, ['GET', 'OPTIONS', 'get'])} ${pickOne(random, targets)} HTTP/1.${pickOne(random, [0, 1])}`
    const list = Array.from({ length: Math.floor(random() * 4) }, () => pickOne(random, fields))
    const decoded = decode(line, [`Host: ${pickOne(random, hosts)}`, ...list])
    if (decoded === undefined) continue
    if (isRefusal(decoded)) expect(decoded.detail).not.toBe('')
    else {
      served++
      expect(decoded.target.pathAndQuery.startsWith('/')).toBe(true)
      const names = decoded.headers.filter((_, at) => at % 2 === 0)
      for (const name of ['host', 'content-length', 'transfer-encoding', 'upgrade', 'expect', 'x_y', '__proto__'])
        expect(names).not.toContain(name)
    }
  }
  expect(served).toBeGreaterThan(200)
})

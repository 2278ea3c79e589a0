import { pickOne, seededRandom } from '@heddle/testkit/random'
import { expect, test } from 'vitest'
import { type CanonicalTarget, canonicalAuthority, canonicalPath, canonicalTarget, worstReading } from './canonical.ts'

const HOST = ['Host', 'catalog']

function accepted(target: string, headers: readonly string[] = HOST, method = 'GET'): CanonicalTarget {
  const result = canonicalTarget(method, target, headers)
  if (result.malformed !== null) throw new Error(`${target}: ${result.malformed}`)
  return result
}

const isMalformed = (target: string, headers: readonly string[] = HOST, method = 'GET') =>
  canonicalTarget(method, target, headers).malformed !== null

// Each path has one canonical form and one worst reading (RFC 3986, 5.2.4 and 6.2.2; the tricks of Envoy's, Istio's and
// fastify's advisories).
test.each([
  ['/', '/', '/'],
  ['/admin', '/admin', '/admin'],
  ['/admin/', '/admin/', '/admin/'],
  ['/ADMIN', '/ADMIN', '/ADMIN'],
  ['//admin', '//admin', '/admin'],
  ['/./admin', '/admin', '/admin'],
  ['/x/../admin', '/admin', '/admin'],
  ['/x/..', '/', '/'],
  ['/x/.', '/x/', '/x/'],
  ['/../../admin', '/admin', '/admin'],
  ['/a//../b', '/a/b', '/a/b'],
  ['/a//..%2fb', '/a//..%2Fb', '/b'],
  ['/%61dmin', '/admin', '/admin'],
  ['/%61%64min%2d%2E%5f%7e', '/admin-._~', '/admin-._~'],
  ['/x/%2e%2e/admin', '/admin', '/admin'],
  ['/x/.%2e/admin', '/admin', '/admin'],
  ['/admin%2f', '/admin%2F', '/admin/'],
  ['/x/..%2fadmin', '/x/..%2Fadmin', '/admin'],
  ['/x/..%5cadmin', '/x/..%5Cadmin', '/admin'],
  ['/x\\..\\admin', '/x%5C..%5Cadmin', '/admin'],
  ['\\admin', undefined, undefined],
  ['/\\admin', '/%5Cadmin', '/admin'],
  ['/admin;x=1', '/admin;x=1', '/admin'],
  ['/admin;x=1/y;z', '/admin;x=1/y;z', '/admin/y'],
  ['/x/..;a=b/admin', '/x/..;a=b/admin', '/admin'],
  ['/x/%2e%2e%3b/admin', '/x/..%3B/admin', '/admin'],
  ['/x/;/../admin', '/x/admin', '/x/admin'],
  ['/x/%252e%252e/admin', '/x/%252e%252e/admin', '/admin'],
  ['/%252f', '/%252f', '/'],
  ['/x%25252f..%25252fadmin', '/x%25252f..%25252fadmin', '/admin'],
  ['/@scope%2fname', '/@scope%2Fname', '/@scope/name'],
  ['/.well-known/x', '/.well-known/x', '/.well-known/x'],
  ['/x/...', '/x/...', '/x/...'],
  ['/a[1]', '/a[1]', '/a[1]'],
  ['/caf\u00c3\u00a9', '/caf%C3%A9', '/caf\u00c3\u00a9'],
  ['/{id}', '/%7Bid%7D', '/{id}'],
  // Escapes that only appear after another layer, overlong UTF-8 among them.
  ['/x/%25c0%25ae%25c0%25ae/admin', '/x/%25c0%25ae%25c0%25ae/admin', '/admin'],
  ['/x%25e0%2580%25afadmin', '/x%25e0%2580%25afadmin', '/x/admin'],
  ['/x%25f0%2580%2580%25afadmin', '/x%25f0%2580%2580%25afadmin', '/x/admin'],
  ['/admin%00', undefined, undefined],
  ['/admin\0', undefined, undefined],
  ['/admin%0d%0a', undefined, undefined],
  ['/admin%7f', undefined, undefined],
  ['/admin x', undefined, undefined],
  ['/admin#x', undefined, undefined],
  ['/%', undefined, undefined],
  ['/%4', undefined, undefined],
  ['/%4g', undefined, undefined],
  ['/%u0061', undefined, undefined],
  ['/%c0%af', undefined, undefined],
  ['/%c0%2e', '/%C0.', '/\u00c0.'],
  ['/%e0%80%af', undefined, undefined],
  ['/%f0%80%80%af', undefined, undefined],
  ['/\u2215x', undefined, undefined],
])('the path %j is %j, at worst %j', (raw, canonical, worst) => {
  expect(canonicalPath(raw)).toBe(canonical)
  if (canonical !== undefined) expect(worstReading(canonical)).toBe(worst)
})

// A path that nothing has to be done to is handed on as the same string, not as a copy, and so is its worst reading.
test('a plain path costs nothing', () => {
  const path = '/products/42/reviews'
  expect(canonicalPath(path)).toBe(path)
  expect(worstReading(path)).toBe(path)
})

// The worst reading equals what decoding again and again, whole string by whole string, gives.
test('reading on a stack is reading until nothing changes', () => {
  const random = seededRandom(7)
  const pieces = ['%', '25', '2', '5', '%25', '2f', '5c', '%41', 'c0', 'af', 'e', '3b', '/', '.', '%2e']
  for (let round = 0; round < 10_000; round++) {
    let path = '/'
    for (let i = 0; i < 12; i++) path += pickOne(random, pieces)
    let decoded = path
    for (let before = ''; before !== decoded; ) {
      before = decoded
      decoded = decoded
        .replaceAll(/%[0-9a-fA-F]{2}/g, (encoded) => String.fromCharCode(Number.parseInt(encoded.slice(1), 16)))
        .replaceAll(/[\u00c0\u00c1][\u0080-\u00bf]/g, (pair) =>
          String.fromCharCode(((pair.charCodeAt(0) & 1) << 6) | (pair.charCodeAt(1) & 0x3f)),
        )
    }
    const kept: string[] = []
    const segments = decoded
      .replaceAll('\\', '/')
      .replaceAll(/;[^/]*/g, '')
      .replaceAll(/\/+/g, '/')
      .slice(1)
      .split('/')
    for (const segment of segments) {
      if (segment === '..') kept.pop()
      else if (segment !== '.') kept.push(segment)
    }
    const trailing = segments.at(-1) === '.' || segments.at(-1) === '..' ? '/' : ''
    const expected = `/${kept.join('/')}${kept.length > 0 ? trailing : ''}`
    expect(worstReading(`/;${path}`)).toBe(expected)
  }
})

// However many layers somebody puts on top of each other, the work grows with the length alone.
test('16 KiB of nested escapes are read in one pass', () => {
  expect(worstReading(`/%${'25'.repeat(8_000)}2e%2e`)).toBe('/')
})

// The authority comes from Host or an equal absolute-form, never out of the path (RFC 9112, 3.2.2).
test('a path never becomes an authority', () => {
  for (const target of ['//evil/x', '///evil', '/.//evil/x', '/http://evil/', '//u@evil:80/'])
    expect(accepted(target)).toMatchObject({ authority: 'catalog', form: 'origin' })
  expect(accepted('//evil/x').pathAndQuery).toBe('//evil/x')
})

test.each([
  ['http://catalog/a/../b?x=1', 'absolute', '/b', 'x=1', '/b?x=1'],
  ['HTTP://Catalog.:80/x', 'absolute', '/x', '', '/x'],
  ['http://catalog', 'absolute', '/', '', '/'],
  ['http://catalog?q', 'absolute', '/', 'q', '/?q'],
  ['http://catalog//evil', 'absolute', '//evil', '', '//evil'],
  ['/x?', 'origin', '/x', '', '/x?'],
  ['/x?a=%zz&b=%00', 'origin', '/x', 'a=%zz&b=%00', '/x?a=%zz&b=%00'],
  ['/x?a?b/../c', 'origin', '/x', 'a?b/../c', '/x?a?b/../c'],
])('the target %j is read as %s %s', (target, form, path, query, pathAndQuery) => {
  expect(accepted(target)).toMatchObject({ authority: 'catalog', form, path, query, pathAndQuery })
})

// `OPTIONS *` asks about the server itself; a proxy's form of it has neither path nor query (RFC 9112, 3.2.4).
test('the asterisk is for OPTIONS alone', () => {
  expect(accepted('*', HOST, 'OPTIONS')).toMatchObject({ form: 'asterisk', path: '*', pathAndQuery: '*' })
  expect(accepted('http://catalog', HOST, 'OPTIONS')).toMatchObject({ form: 'asterisk', pathAndQuery: '*' })
  expect(accepted('http://catalog/', HOST, 'OPTIONS')).toMatchObject({ form: 'absolute', pathAndQuery: '/' })
  expect(isMalformed('*')).toBe(true)
})

test.each([
  [''],
  ['x'],
  ['catalog:80'],
  ['https://catalog/'],
  ['ftp://catalog/'],
  ['http:/catalog/'],
  ['http:///x'],
  ['http://evil/'],
  ['http://catalog:81/'],
  ['http://u@catalog/'],
  ['http://catalog\\evil/'],
  ['http://catalog#x'],
  ['http://catalog\\@evil/'],
  ['/x#y'],
  ['/x?y#z'],
  ['/x?y z'],
  ['/x?y\r\nz'],
])('the target %j is malformed', (target) => {
  expect(isMalformed(target)).toBe(true)
})

// A service is reached under every spelling of its host, and the decision is the same for each.
test.each([
  ['catalog', 'catalog', null],
  ['CATALOG', 'catalog', null],
  ['catalog.', 'catalog', null],
  ['catalog:80', 'catalog', 80],
  ['catalog:080', 'catalog', 80],
  ['catalog:', 'catalog', null],
  ['Catalog.:8080', 'catalog', 8080],
  ['catalog.mesh', 'catalog.mesh', null],
  ['xn--bcher-kva.example', 'xn--bcher-kva.example', null],
  ['my_host.example', 'my_host.example', null],
  ['10.0.0.7:8080', '10.0.0.7', 8080],
  ['[::1]:8080', '[::1]', 8080],
  ['[FE80::A]', '[fe80::a]', null],
])('the host %j is %j with port %j', (text, host, port) => {
  expect(canonicalAuthority(text)).toEqual({ malformed: null, host, port })
})

test.each([
  [''],
  ['.'],
  ['..'],
  ['.catalog'],
  ['catalog..'],
  ['a..b'],
  ['a, b'],
  ['a b'],
  ['u@a'],
  ['u:p@a'],
  ['a/b'],
  ['a\\b'],
  ['a?b'],
  ['a%2eb'],
  ['a\0'],
  ['caf\u00e9'],
  ['a\u3002b'],
  ['-a'],
  ['a:x'],
  ['a:0'],
  ['a:65536'],
  ['a:+80'],
  ['a:80:80'],
  ['[::1'],
  ['[::1]x'],
  ['[::1%eth0]'],
  ['::1'],
  ['a'.repeat(64)],
  [`${'a.'.repeat(150)}a`],
])('the host %j is malformed', (text) => {
  expect(canonicalAuthority(text).malformed).not.toBe(null)
})

// RFC 9112, 3.2: no Host, or more than one, is answered 400, whatever the form of the target.
test('exactly one Host field is needed', () => {
  for (const target of ['/', 'http://catalog/']) {
    expect(isMalformed(target, [])).toBe(true)
    expect(isMalformed(target, ['Host', ''])).toBe(true)
    expect(isMalformed(target, ['Host', 'catalog', 'hOSt', 'catalog'])).toBe(true)
    expect(isMalformed(target, ['x', 'Host', 'Host', 'catalog'])).toBe(false)
  }
})

// What is forwarded, read again by the next proxy, gives the same: routing, rules and forwarding see one path.
test('canonicalising twice changes nothing, over 10,000 random encodings', () => {
  const random = seededRandom(1)
  const pieces = ['/', '/', '/', 'admin', 'a', '.', '..', '%2e', '%2E', '%2f', '%5c', '\\', ';', ';x=1', '%61', '%25']
  const more = [
    '%c3',
    '%a9',
    '%c0',
    '%af',
    '%00',
    '%',
    '#',
    '?',
    '~',
    '%7e',
    '\u00e9',
    '{',
    '@',
    ':',
    '%3b',
    '%252e',
    ' ',
  ]
  let kept = 0
  for (let round = 0; round < 10_000; round++) {
    let target = random() < 0.1 ? 'http://catalog' : ''
    const length = Math.floor(random() * 10)
    target += '/'
    for (let i = 0; i < length; i++) target += pickOne(random, random() < 0.75 ? pieces : more)
    const first = canonicalTarget('GET', target, HOST)
    if (first.malformed !== null) continue
    kept++
    const second = accepted(first.pathAndQuery)
    expect(second).toEqual({ ...first, form: 'origin' })
    expect(first.path).toMatch(/^\/[!$&'()*+,\-./0-9:;=@A-Z[\]_a-z~%]*$/)
    expect(`${first.path}/`).not.toMatch(/\/\.{1,2}\//)
    const worst = worstReading(first.path)
    expect(worstReading(worst)).toBe(worst)
    expect(`${worst}/`).not.toMatch(/\\|;|\/\/.|\/\.{1,2}\//)
  }
  expect(kept).toBeGreaterThan(3_000)
})

// Bytes of any kind give a canonical form or a reason, never an exception.
test('arbitrary bytes never throw', () => {
  const random = seededRandom(2)
  const bytes = (length: number) =>
    Array.from({ length }, () => String.fromCharCode(Math.floor(random() * 256))).join('')
  for (let round = 0; round < 20_000; round++) {
    const target = (random() < 0.7 ? '/' : '') + bytes(Math.floor(random() * 12))
    const result = canonicalTarget('GET', target, ['host', random() < 0.8 ? 'catalog' : bytes(4)])
    if (result.malformed === null) worstReading(result.path)
    else expect(result.malformed.length).toBeGreaterThan(0)
  }
})

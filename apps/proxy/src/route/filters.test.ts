import type { PathModifier, RouteFilter } from '@heddle/shared/resources/httpRoute'
import { pickOne, seededRandom } from '@heddle/testkit/random'
import { expect, test } from 'vitest'
import { requestHeadText } from '../http1/encode.ts'
import { type CanonicalTarget, canonicalPath, canonicalTarget } from './canonical.ts'
import { compileFilters, editHeaders, redirectTo, rewriteTarget } from './filters.ts'
import { compilePath } from './pathMatch.ts'

function target(text: string, host = 'catalog', method = 'GET'): CanonicalTarget {
  const result = canonicalTarget(method, text, ['host', host])
  if (result.malformed !== null) throw new Error(result.malformed)
  return result
}

function edit(
  modifier: Extract<RouteFilter, { type: 'RequestHeaderModifier' }>['requestHeaderModifier'],
  headers: string[],
) {
  const { requestHeaders } = compileFilters([{ type: 'RequestHeaderModifier', requestHeaderModifier: modifier }])
  return requestHeaders === null ? headers : editHeaders(requestHeaders, headers)
}

// The examples of HTTPHeaderFilter: set replaces, add keeps what is there, remove takes all lines; names have no case.
test('headers are set, added and removed', () => {
  expect(
    edit({ set: [{ name: 'my-header', value: 'bar' }] }, ['My-Header', 'foo', 'my-header', 'x', 'a', 'b']),
  ).toEqual(['a', 'b', 'my-header', 'bar'])
  expect(edit({ add: [{ name: 'my-header', value: 'bar' }] }, ['my-header', 'foo'])).toEqual([
    'my-header',
    'foo',
    'my-header',
    'bar',
  ])
  expect(
    edit({ remove: ['My-Header1', 'my-header3'] }, ['my-header1', 'foo', 'My-Header2', 'bar', 'MY-HEADER3', 'b']),
  ).toEqual(['My-Header2', 'bar'])
})

// Validation lets such a value through, and a request with it could not be written: each of the route's was 502.
test('space around a value is not written', () => {
  const [, value = 'x'] = edit({ set: [{ name: 'x', value: ' \ta b ' }] }, [])
  expect(value).toBe('a b')
  const request = { method: 'GET', target: '/', host: 'catalog', body: { kind: 'none' } } as const
  expect(requestHeadText({ ...request, fields: ['x', value] })).toContain('x: a b\r\n')
})

test('of entries with an equivalent name the first holds', () => {
  const set = [
    { name: 'x', value: '1' },
    { name: 'X', value: '2' },
  ]
  expect(edit({ set }, ['x', '0'])).toEqual(['x', '1'])
})

// A route cannot change how long a message is, how the connection is used or whom it is for.
test('what frames a message is not editable', () => {
  const headers = ['host', 'catalog', 'content-length', '5']
  const pair = (name: string) => ({ name, value: 'evil' })
  expect(edit({ set: ['Host', 'Content-Length', 'transfer-encoding', 'Connection'].map(pair) }, headers)).toEqual(
    headers,
  )
  expect(
    edit({ remove: ['host', 'CONTENT-LENGTH'], add: [pair('te'), pair('Upgrade'), pair('Expect')] }, headers),
  ).toEqual(headers)
  // Nor what proxies tell each other: without the count of hops a loop would go on.
  const told = ['x-heddle-hops', '3', 'x-forwarded-client-cert', 'URI=spiffe://m/service/cart']
  expect(
    edit({ remove: ['X-Heddle-Hops'], set: [pair('X-Forwarded-Client-Cert')], add: [pair('x-heddle-error')] }, told),
  ).toEqual(told)
})

function rewrite(path: PathModifier, text: string, prefix: string): string {
  const { rewrite } = compileFilters([{ type: 'URLRewrite', urlRewrite: { path } }])
  const matcher = compilePath({ type: 'PathPrefix', value: prefix })
  if (rewrite === null || matcher.kind !== 'prefix') throw new Error('no rewrite')
  return rewriteTarget(rewrite, target(text), matcher.value).pathAndQuery
}

// The table of HTTPPathModifier in the Gateway API.
test.each([
  ['/foo/bar', '/foo', '/xyz', '/xyz/bar'],
  ['/foo/bar', '/foo', '/xyz/', '/xyz/bar'],
  ['/foo/bar', '/foo/', '/xyz', '/xyz/bar'],
  ['/foo/bar', '/foo/', '/xyz/', '/xyz/bar'],
  ['/foo', '/foo', '/xyz', '/xyz'],
  ['/foo/', '/foo', '/xyz', '/xyz/'],
  ['/foo/bar', '/foo', '/', '/bar'],
  ['/foo/', '/foo', '/', '/'],
  ['/foo', '/foo', '/', '/'],
  ['/foo/bar?x=1', '/', '/xyz', '/xyz/foo/bar?x=1'],
  ['/foo?', '/foo', '/xyz', '/xyz?'],
])('%s below %s, replaced by %s, is %s', (path, prefix, replacement, expected) => {
  expect(rewrite({ type: 'ReplacePrefixMatch', replacePrefixMatch: replacement }, path, prefix)).toBe(expected)
})

test('a full path replaces the path and keeps the query', () => {
  expect(rewrite({ type: 'ReplaceFullPath', replaceFullPath: '/new' }, '/foo/bar?x=1', '/')).toBe('/new?x=1')
})

// What follows the prefix cannot climb out of the replacement, whatever is encoded in it.
test('a rewritten path is canonical and stays below its new prefix', () => {
  const random = seededRandom(5)
  const pieces = ['/', '/', '..', '%2e%2e', '%2f', '%5c', '\\', ';', 'a', '.', '%2e', '?', '%3f', '%23']
  for (let round = 0; round < 5_000; round++) {
    const text = `/foo${Array.from({ length: 8 }, () => pickOne(random, pieces)).join('')}`
    const asked = target(text)
    if (asked.path !== '/foo' && !asked.path.startsWith('/foo/')) continue
    const change = pickOne(random, ['/xyz', '/xyz/', '/xyz/deep'])
    const [path = ''] = rewrite({ type: 'ReplacePrefixMatch', replacePrefixMatch: change }, text, '/foo').split('?')
    expect(canonicalPath(path)).toBe(path)
    expect(`${path}/`.startsWith(change.endsWith('/') ? change : `${change}/`)).toBe(true)
  }
})

test('a new host takes the port away', () => {
  const { rewrite: prepared } = compileFilters([{ type: 'URLRewrite', urlRewrite: { hostname: 'other.example' } }])
  if (prepared === null) throw new Error('no rewrite')
  expect(rewriteTarget(prepared, target('/x', 'catalog:8080'), '')).toEqual({
    authority: 'other.example',
    port: null,
    path: '/x',
    pathAndQuery: '/x',
  })
  expect(rewriteTarget(prepared, target('*', 'catalog', 'OPTIONS'), '').pathAndQuery).toBe('*')
})

// HTTPRequestRedirectFilter: what is not given is taken from the request; default ports are not written.
test.each([
  [{}, '/a?b', 'catalog', 302, 'http://catalog/a?b'],
  [{}, '/a', 'catalog:8080', 302, 'http://catalog:8080/a'],
  [{ scheme: 'https' }, '/a', 'catalog:8080', 302, 'https://catalog/a'],
  [{ scheme: 'https', port: 443 }, '/a', 'catalog', 302, 'https://catalog/a'],
  [{ scheme: 'http', port: 443 }, '/a', 'catalog', 302, 'http://catalog:443/a'],
  [{ hostname: 'other.example', statusCode: 301 }, '/a', 'catalog', 301, 'http://other.example/a'],
  [{ path: { type: 'ReplaceFullPath', replaceFullPath: '/n' } }, '/a?b', 'catalog', 302, 'http://catalog/n?b'],
  [{ path: { type: 'ReplacePrefixMatch', replacePrefixMatch: '/n' } }, '/foo/b', 'catalog', 302, 'http://catalog/n/b'],
  [{}, '//evil/x', 'catalog', 302, 'http://catalog//evil/x'],
] as const)('the redirect %j of %s at %s answers %d to %s', (requestRedirect, text, host, status, location) => {
  const { redirect } = compileFilters([{ type: 'RequestRedirect', requestRedirect }])
  if (redirect === null) throw new Error('no redirect')
  expect(redirectTo(redirect, target(text, host), '/foo')).toEqual({ status, location })
})

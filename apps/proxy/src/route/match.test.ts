import type { PathMatch } from '@heddle/shared/resources/httpRoute'
import type { WireMatch, WireRoute, WireRule } from '@heddle/shared/wire/config'
import { pickOne, seededRandom } from '@heddle/testkit/random'
import { expect, test } from 'vitest'
import { compileRoutes } from './compile.ts'
import { explainRoute } from './explain.ts'
import { matchRoute, type RoutedRequest } from './match.ts'

type Match = Partial<Omit<WireMatch, 'headers' | 'queryParams'>> & {
  headers?: Record<string, string>
  regexHeaders?: Record<string, string>
  queryParams?: Record<string, string>
}

const exact = (value: string): PathMatch => ({ type: 'Exact', value })
const prefix = (value: string): PathMatch => ({ type: 'PathPrefix', value })
const regex = (value: string): PathMatch => ({ type: 'RegularExpression', value })

function match({ path, method, headers, regexHeaders, queryParams, rpc }: Match): WireMatch {
  const entries = (values: Record<string, string> | undefined, type: 'Exact' | 'RegularExpression') =>
    Object.entries(values ?? {}).map(([name, value]) => ({ type, name, value }))
  return {
    path: path ?? prefix('/'),
    method: method ?? null,
    headers: [...entries(headers, 'Exact'), ...entries(regexHeaders, 'RegularExpression')],
    queryParams: entries(queryParams, 'Exact'),
    ...(rpc !== undefined && { rpc }),
  }
}

function rule(label: string, ...matches: Match[]): WireRule {
  return {
    label,
    matches: matches.map(match),
    filters: [],
    mirrors: [],
    backends: [],
    timeouts: { requestMs: null, backendRequestMs: null },
    retry: null,
  }
}

const route = (name: string, createdAt: number, ...rules: WireRule[]): WireRoute => ({ name, createdAt, rules })

function request(target: string, method = 'GET', headers: string[] = []): RoutedRequest {
  const [path = '', query = ''] = target.split('?')
  return { method, path, query, headers }
}

const winner = (routes: WireRoute[], asked: RoutedRequest) =>
  matchRoute(compileRoutes(routes), asked)?.rule.label ?? null

const one = (matches: Match, asked: RoutedRequest) => winner([route('r', 1, rule('r/it', matches))], asked) === 'r/it'

// PathPrefix goes by whole segments and ignores its trailing slash (HTTPPathMatch).
test.each([
  ['/', '/', true],
  ['/', '/x', true],
  ['/', '*', true],
  ['/foo', '/foo', true],
  ['/foo', '/foo/', true],
  ['/foo/', '/foo', true],
  ['/foo/', '/foo/bar', true],
  ['/foo', '/foo/bar', true],
  ['/foo', '/foobar', false],
  ['/foo', '/FOO', false],
  ['/foo', '//foo', false],
  ['/foo', '/foo%2Fbar', false],
  ['/foo', '/foo;x', false],
  ['/%66oo', '/foo/bar', true],
  ['/x/../foo', '/foo/bar', true],
  ['/caf\u00e9', '/caf%C3%A9/x', true],
  ['/foo', '*', false],
])('the prefix %s and the path %s: %s', (value, path, matches) => {
  expect(one({ path: prefix(value) }, request(path))).toBe(matches)
})

test.each([
  ['/foo', '/foo', true],
  ['/foo', '/foo/', false],
  ['/foo', '/foo/bar', false],
  ['/%7efoo', '/~foo', true],
])('exactly %s and the path %s: %s', (value, path, matches) => {
  expect(one({ path: exact(value) }, request(path))).toBe(matches)
})

// A regular expression matches the whole path, as in Envoy and Linkerd, alternatives included.
test.each([
  ['/v[0-9]+', '/v12', true],
  ['/v[0-9]+', '/v12/x', false],
  ['/v[0-9]+', '/x/v12', false],
  ['/a|/ab', '/ab', true],
  ['/a.*', '/a\u00e9', true],
  ['(?i)/admin', '/ADMIN', true],
])('the expression %s and the path %s: %s', (value, path, matches) => {
  expect(one({ path: regex(value) }, request(path))).toBe(matches)
})

// GRPCMethodMatch compares the service and the method, each with its own expression: ".*" as a service is any service, and
// not any number of segments. The same expression as a path of an HTTPRoute reaches as far as it says.
test('expressions for service and method do not reach across a slash', () => {
  const path = regex('/(?:shop.*)/(?:Get.*)')
  const rpc = { type: 'RegularExpression', service: 'shop.*', method: 'Get.*' } as const
  for (const [asked, asCall, asPath] of [
    ['/shop.Catalog/GetProduct', true, true],
    ['/shop.Catalog/x/GetProduct', false, true],
    ['/shop.Catalog/Get/x', false, true],
    ['/shop.Catalog', false, false],
  ] as const) {
    expect(one({ path, rpc }, request(asked, 'POST')), asked).toBe(asCall)
    expect(one({ path }, request(asked, 'POST')), asked).toBe(asPath)
  }
})

// An expression that takes a backtracking engine longer than the universe has been is answered at once.
test('regular expressions take linear time', () => {
  expect(one({ path: regex('/(a+)+b') }, request(`/${'a'.repeat(5_000)}`))).toBe(false)
})

// Header names have no case, values do; all lines of a field are seen as one value joined with ",".
test.each([
  [['x-role', 'admin'], true],
  [['X-Role', 'admin'], true],
  [['x-role', 'Admin'], false],
  [['x-role', 'user', 'x-role', 'admin'], false],
  [['x_role', 'admin'], false],
  [['x-role', ''], false],
  [[], false],
])('the fields %j match x-role: admin: %s', (headers, matches) => {
  expect(one({ headers: { 'X-ROLE': 'admin' } }, request('/', 'GET', headers))).toBe(matches)
})

test('an expression sees every value of a field', () => {
  const asked = request('/', 'GET', ['x-role', 'user', 'x-other', 'y', 'X-Role', 'admin'])
  expect(one({ regexHeaders: { 'x-role': 'user,admin' } }, asked)).toBe(true)
  expect(one({ regexHeaders: { 'x-role': 'admin' } }, asked)).toBe(false)
})

// Of header matches with an equivalent name the first holds (HTTPHeaderMatch), and it counts once.
test('a header is matched once', () => {
  const twice = { headers: { 'x-role': 'admin', 'X-Role': 'user' } }
  expect(one(twice, request('/', 'GET', ['x-role', 'admin']))).toBe(true)
  expect(one(twice, request('/', 'GET', ['x-role', 'user']))).toBe(false)
})

// The first occurrence of a parameter counts, decoded; names are exact.
test.each([
  ['/?beta=1', true],
  ['/?a=b&beta=1', true],
  ['/?beta=1&beta=2', true],
  ['/?beta=2&beta=1', false],
  ['/?Beta=1', false],
  ['/?beta', false],
  ['/?beta=%31', true],
  ['/?%62eta=1', true],
  ['/?xbeta=1', false],
  ['/?a=beta=1', false],
  ['/', false],
  ['/?beta=%zz', false],
])('%s has beta=1: %s', (target, matches) => {
  expect(one({ queryParams: { beta: '1' } }, request(target))).toBe(matches)
})

test('names that every object has are names like others', () => {
  expect(one({ headers: { __proto__x: '1', constructor: '1' } }, request('/'))).toBe(false)
  expect(one({ queryParams: { toString: 'x' } }, request('/?toString=x'))).toBe(true)
})

test('methods are compared as they are', () => {
  expect(one({ method: 'GET' }, request('/', 'GET'))).toBe(true)
  for (const method of ['get', 'GETT', 'HEAD', 'POST']) expect(one({ method: 'GET' }, request('/', method))).toBe(false)
})

// Gateway API, HTTPRouteRule.matches: each criterion decides only where all before it are equal.
test.each<[string, Match, Match]>([
  ['exact before prefix', { path: exact('/a/b') }, { path: prefix('/a/b'), method: 'GET', headers: { x: '1' } }],
  [
    'longer prefix before shorter',
    { path: prefix('/a/b') },
    { path: prefix('/a'), method: 'GET', headers: { x: '1' } },
  ],
  ['prefix before expression', { path: prefix('/') }, { path: regex('/a/b'), method: 'GET' }],
  ['method before none', { method: 'GET' }, { headers: { x: '1', y: '2' }, queryParams: { q: '1' } }],
  ['more headers before fewer', { headers: { x: '1', y: '2' } }, { headers: { x: '1' }, queryParams: { q: '1' } }],
  ['more parameters before fewer', { queryParams: { q: '1' } }, {}],
])('%s', (_, better, worse) => {
  const asked = request('/a/b?q=1', 'GET', ['x', '1', 'y', '2'])
  const routes = (first: Match, second: Match) => [
    route('older', 1, rule('first', first)),
    route('newer', 2, rule('second', second)),
  ]
  expect(winner(routes(worse, better), asked)).toBe('second')
  expect(winner(routes(better, worse), asked)).toBe('first')
})

test('ties go to the older route, then to the alphabet, then to the first rule', () => {
  const asked = request('/')
  expect(winner([route('a', 2, rule('a/x', {})), route('b', 1, rule('b/x', {}))], asked)).toBe('b/x')
  expect(winner([route('b', 1, rule('b/x', {})), route('a', 1, rule('a/x', {}))], asked)).toBe('a/x')
  expect(winner([route('a', 1, rule('a/1', {}), rule('a/2', {}))], asked)).toBe('a/1')
})

test('the trailing slash of a prefix does not make it longer', () => {
  const asked = request('/foo/bar', 'GET')
  const routes = [
    route('a', 1, rule('slash', { path: prefix('/foo/') }), rule('method', { path: prefix('/foo'), method: 'GET' })),
  ]
  expect(winner(routes, asked)).toBe('method')
})

test('one match of a rule is enough, and all conditions of a match are needed', () => {
  const either = rule('r/it', { path: exact('/a') }, { method: 'POST', headers: { x: '1' } })
  const routes = [route('r', 1, either)]
  expect(winner(routes, request('/a'))).toBe('r/it')
  expect(winner(routes, request('/b', 'POST', ['x', '1']))).toBe('r/it')
  expect(winner(routes, request('/b', 'POST'))).toBe(null)
})

test('a destination without routes is told from one where none matches', () => {
  expect(compileRoutes([]).hasRoutes).toBe(false)
  expect(compileRoutes([route('r', 1, rule('r/x', { method: 'POST' }))]).hasRoutes).toBe(true)
})

test('what cannot be compiled names its rule', () => {
  expect(() => compileRoutes([route('r', 1, rule('r/bad', { path: regex('(') }))])).toThrow(/r\/bad.*RE2/)
  expect(() => compileRoutes([route('r', 1, rule('r/bad', { path: exact('/%zz') }))])).toThrow(/r\/bad.*path/)
  expect(() => compileRoutes([route('r', 1, rule('r/bad', { regexHeaders: { x: '(?=a)' } }))])).toThrow(/r\/bad/)
})

// Whatever the routes, the winner is the first of the winning order that matches, and the explanation agrees.
test('the winner is the first candidate that matches, over random tables', () => {
  const random = seededRandom(3)
  const paths = [exact('/a'), exact('/a/b'), prefix('/'), prefix('/a'), prefix('/a/b'), regex('/a.*'), regex('/.*b')]
  const some = <T>(value: T) => (random() < 0.4 ? value : undefined)
  const randomMatch = (): Match => ({
    path: pickOne(random, paths),
    ...(some({ method: pickOne(random, ['GET', 'POST'] as const) }) ?? {}),
    ...(some({ headers: { x: pickOne(random, ['1', '2']) } }) ?? {}),
    ...(some({ queryParams: { q: pickOne(random, ['1', '2']) } }) ?? {}),
  })
  let won = 0
  for (let round = 0; round < 500; round++) {
    const routes = ['a', 'b', 'c'].map((name) =>
      route(
        name,
        Math.floor(random() * 2),
        rule(`${name}/1`, randomMatch(), randomMatch()),
        rule(`${name}/2`, randomMatch()),
      ),
    )
    const table = compileRoutes(routes)
    expect(table.candidates).toHaveLength(9)
    for (let i = 0; i < 20; i++) {
      const asked = request(
        pickOne(random, ['/', '/a', '/a/b', '/a/b?q=1', '/ab?q=2', '/c/b']),
        pickOne(random, ['GET', 'POST', 'PUT']),
        pickOne(random, [[], ['x', '1'], ['X', '2']]),
      )
      const found = matchRoute(table, asked)
      const explained = explainRoute(table, asked)
      const matching = explained.candidates.filter((candidate) => candidate.outcome !== 'no_match')
      expect(found).toBe(matching[0]?.candidate ?? null)
      expect(explained.winner).toBe(found)
      expect(matching.map((candidate) => candidate.outcome)).toEqual(
        matching.map((_, at) => (at === 0 ? 'won' : 'outranked')),
      )
      if (found !== null) won++
    }
  }
  expect(won).toBeGreaterThan(3_000)
})

test('the explanation says in words why the others did not win', () => {
  const table = compileRoutes([
    route(
      'shop',
      1,
      rule('shop/cart', { path: prefix('/cart'), method: 'POST' }),
      rule('shop/beta', { path: prefix('/cart'), headers: { 'x-beta': '1' } }),
      rule('shop/exact', { path: exact('/cart') }),
      rule('shop/rest', {}),
    ),
  ])
  const why = explainRoute(table, request('/cart/7', 'POST', ['x-beta', '0'])).candidates.map(
    (candidate) => `${candidate.candidate.rule.label} ${candidate.outcome}: ${candidate.why}`,
  )
  expect(why).toEqual([
    'shop/exact no_match: The path /cart/7 is not /cart.',
    'shop/cart won: It is the first in winning order that matches.',
    'shop/beta no_match: The header x-beta is "0" and is not "1".',
    'shop/rest outranked: It matches too, but its path prefix is shorter.',
  ])
})

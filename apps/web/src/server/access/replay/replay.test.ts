import { compileAccess } from '@heddle/proxy/access/compile'
import { decideAccess } from '@heddle/proxy/access/decide'
import { canonicalPath, worstReading } from '@heddle/proxy/route/canonical'
import { compileRoutes } from '@heddle/proxy/route/compile'
import { matchRoute, matchRouteWorst } from '@heddle/proxy/route/match'
import { callPattern, OTHER } from '@heddle/proxy/telemetry/callPatterns'
import { serviceNameSchema } from '@heddle/shared/names'
import type { WireAccessRule, WireMatch, WireRoute } from '@heddle/shared/wire/config'
import { pickOne, seededRandom } from '@heddle/testkit/random'
import { expect, test } from 'vitest'
import { effectOf, type Pattern, type RulesChange, replayPattern } from './replay.ts'

const service = (name: string) => ({ service: serviceNameSchema.parse(name) })

function rule(name: string, given: Partial<WireAccessRule>): WireAccessRule {
  return { name, route: null, action: 'Allow', mode: 'enforce', from: [{ any: 'authenticated' }], to: [], ...given }
}
type PathType = 'Exact' | 'PathPrefix' | 'RegularExpression'
const at = (type: PathType, ...values: string[]): WireAccessRule['to'] => [
  { methods: [], paths: values.map((value) => ({ type, value })) },
]

function change(
  before: WireAccessRule[],
  after: WireAccessRule[],
  { routes = [], moved = false }: { routes?: WireRoute[]; moved?: boolean } = {},
): RulesChange {
  return {
    before: compileAccess(before, 'allow'),
    after: compileAccess(after, 'allow'),
    routes: compileRoutes(routes),
    hasMovedRoutes: moved,
  }
}
const call = (given: Partial<Pattern>): Pattern => ({
  source: 'checkout',
  method: 'GET',
  path: '/orders/*',
  route: 'default',
  ...given,
})
const effects = (pattern: Partial<Pattern>, ...rules: WireAccessRule[]) =>
  replayPattern(call(pattern), change([], rules))

function route(name: string, rules: [label: string, match: Partial<WireMatch>][]): WireRoute {
  return {
    name,
    createdAt: 0,
    rules: rules.map(([label, match]) => ({
      label: `${name}/${label}`,
      matches: [{ path: { type: 'PathPrefix', value: '/' }, method: null, headers: [], queryParams: [], ...match }],
      filters: [],
      mirrors: [],
      backends: [],
      timeouts: { requestMs: null, backendRequestMs: null },
      retry: null,
    })),
  }
}

// An Allow closes its target: whom it does not name would be denied, and whom it names is left alone.
test('an Allow rule for one caller', () => {
  const allow = rule('orders', { from: [service('checkout')] })
  expect(effects({}, allow)).toBe('none')
  expect(effects({ source: 'returns' }, allow)).toBe('denied')
  expect(effects({ source: 'public' }, allow)).toBe('denied')
})

test('a deleted Deny lets in', () => {
  const deny = rule('no', { action: 'Deny', from: [service('checkout')], to: at('PathPrefix', '/orders') })
  expect(replayPattern(call({}), change([deny], []))).toBe('admitted')
  expect(replayPattern(call({ path: '/other' }), change([deny], []))).toBe('none')
})

// `*` is one id: a path above it is certain, one id beside it is not, and what is no id is another path.
test.each([
  ['PathPrefix', '/orders', 'denied'],
  ['PathPrefix', '/orders/1234', 'unknown'],
  ['PathPrefix', '/orders/archive', 'none'],
  ['Exact', '/orders/1234', 'unknown'],
  ['Exact', '/orders/archive', 'none'],
  ['Exact', '/orders', 'none'],
  ['RegularExpression', '/orders/.*', 'denied'],
  ['RegularExpression', '/orders/[^/]+', 'denied'],
  ['RegularExpression', '/orders/[0-9]+', 'unknown'],
  ['RegularExpression', '/orders/[^/]+/items', 'none'],
  ['RegularExpression', '/payments/[0-9]+', 'unknown'],
  ['RegularExpression', '/payments/.*', 'none'],
  ['RegularExpression', '/payments/archive', 'none'],
  ['RegularExpression', '/orders|/payments', 'unknown'],
] as const)('a Deny on %s %s of GET /orders/*: %s', (type, value, effect) => {
  expect(effects({}, rule('d', { action: 'Deny', to: at(type, value) }))).toBe(effect)
})

// Where the two decisions differ in the same cases, the change does nothing, whatever the id is.
test('what is not known of both is no difference', () => {
  const unclear = rule('a', { action: 'Deny', to: at('RegularExpression', '/orders/[0-9]+') })
  const beside = rule('b', { action: 'Deny', from: [service('returns')] })
  expect(replayPattern(call({}), change([unclear], [unclear, beside]))).toBe('none')
  expect(replayPattern(call({}), change([unclear], [{ ...unclear, name: 'renamed' }]))).toBe('none')
})

// What was folded has lost its path: only what does not depend on it is known.
test('folded patterns', () => {
  const folded = { path: OTHER, method: OTHER }
  expect(effects(folded, rule('d', { action: 'Deny' }))).toBe('denied')
  expect(effects(folded, rule('d', { action: 'Deny', from: [service('returns')] }))).toBe('none')
  expect(effects(folded, rule('d', { action: 'Deny', to: at('PathPrefix', '/a') }))).toBe('unknown')
  expect(effects({ ...folded, source: '*', method: '*', route: OTHER }, rule('d', { action: 'Deny' }))).toBe('unknown')
  const everybody = rule('d', { action: 'Deny', from: [{ any: 'authenticated' }, { any: 'public' }] })
  expect(effects({ ...folded, source: '*', method: '*', route: OTHER }, everybody)).toBe('denied')
})

// A rule on a route is asked about the route that was recorded, unless the routes have changed since.
test('a rule on a route', () => {
  const routes = [
    route('orders', [
      [
        'beta',
        { path: { type: 'PathPrefix', value: '/orders' }, headers: [{ type: 'Exact', name: 'x-beta', value: '1' }] },
      ],
      ['all', {}],
    ]),
  ]
  const deny = rule('d', { action: 'Deny', route: 'orders/beta' })
  expect(replayPattern(call({ route: 'orders/beta' }), change([], [deny], { routes }))).toBe('denied')
  expect(replayPattern(call({ route: 'orders/all' }), change([], [deny], { routes }))).toBe('none')
  expect(replayPattern(call({ route: 'orders/all' }), change([], [deny], { routes, moved: true }))).toBe('unknown')
  expect(replayPattern(call({ route: 'gone/rule' }), change([], [deny], { routes }))).toBe('unknown')
  expect(replayPattern(call({ path: '/x', route: 'gone/rule' }), change([], [deny], { routes }))).toBe('none')
})

// A path that a server could read as another is judged in both readings, as in the proxy.
test('both readings of a path', () => {
  const deny = rule('d', { action: 'Deny', to: at('PathPrefix', '/admin') })
  expect(effects({ path: '/x/*/..%2F..%2Fadmin' }, deny)).toBe('denied')
  expect(effects({ path: '//admin/*' }, deny)).toBe('denied')
})

// So many expressions or ids that not all cases can be looked at: unknown, and soon.
test('is bounded', () => {
  const many = Array.from({ length: 64 }, (_, i) => `/orders/[0-9]{${i + 1}}`)
  expect(effects({}, rule('d', { action: 'Deny', to: at('RegularExpression', ...many) }))).toBe('unknown')
  const ids = Array.from({ length: 60 }, (_, i) => `/${100 + i}`.repeat(10))
  expect(effects({ path: '/*'.repeat(10) }, rule('d', { action: 'Deny', to: at('Exact', ...ids) }))).toBe('unknown')
})

// The promise of the preview: over random rules, routes and calls, what is said of a pattern holds for every concrete
// call that it stands for; and it is said of most.
test('a yes or no is the decision on every concrete call', () => {
  const random = seededRandom(7)
  const services = ['checkout', 'cart', 'returns']
  const segments = [
    'orders',
    'items',
    '1234',
    '98765',
    'admin',
    'a',
    '..%2Fadmin',
    '%252e%252e',
    'x;v=1',
    '',
    '*',
    'ORD-2026-0001',
    '1234%2F9999',
  ]
  const values = [
    '/orders',
    '/orders/1234',
    '/orders/1234/items',
    '/admin',
    '/',
    '/a',
    '/orders/98765',
    '/*/items',
    '/x;v=1',
  ]
  const expressions = [
    '/orders/.*',
    '/orders/[^/]+/items',
    '/[a-z]+/[0-9]+',
    '.*admin.*',
    '/orders/?1234',
    '/orders/1234(/items)?',
    '/a|/admin',
  ]
  const randomPath = (): { type: PathType; value: string } => {
    const type = pickOne(random, ['Exact', 'PathPrefix', 'PathPrefix', 'RegularExpression'] as const)
    return { type, value: type === 'RegularExpression' ? pickOne(random, expressions) : pickOne(random, values) }
  }
  const several = <T>(most: number, make: (i: number) => T): T[] =>
    Array.from({ length: Math.floor(random() * (most + 1)) }, (_, i) => make(i))
  const randomRule = (name: string): WireAccessRule =>
    rule(name, {
      action: pickOne(random, ['Allow', 'Deny']),
      mode: pickOne(random, ['enforce', 'enforce', 'enforce', 'audit']),
      route: pickOne(random, [null, null, null, 'r', 'r/beta']),
      from: [
        pickOne(random, [
          { any: 'authenticated' as const },
          { any: 'public' as const },
          service(pickOne(random, services)),
        ]),
      ],
      to: several(2, () => ({
        methods: several(1, () => pickOne(random, ['GET', 'POST'])),
        paths: several(2, randomPath),
      })),
    })
  const randomRoutes = (): WireRoute[] =>
    pickOne(random, [
      [],
      [
        route('r', [
          [
            'beta',
            { path: randomPath(), headers: several(1, () => ({ type: 'Exact' as const, name: 'x-beta', value: '1' })) },
          ],
          ['all', { path: randomPath(), method: pickOne(random, [null, 'GET']) }],
        ]),
      ],
    ])
  const counts = { known: 0, unknown: 0, changed: 0 }
  for (let round = 0; round < 1_500; round++) {
    const before = several(3, (i) => randomRule(`r${i}`))
    const after = pickOne(random, [
      [...before, randomRule('new')],
      before.slice(1),
      before.map((old, i) => (i === 0 ? randomRule(old.name) : old)),
    ])
    const routes = randomRoutes()
    const rules = change(before, after, { routes })
    for (let calls = 0; calls < 6; calls++) {
      const path = canonicalPath(`/${several(4, () => pickOne(random, segments)).join('/')}`)
      if (path === undefined) continue
      const method = pickOne(random, ['GET', 'POST', 'PUT'])
      const routed = { method, path, query: '', headers: pickOne(random, [[], ['x-beta', '1']]) }
      const worstPath = worstReading(path)
      const route = matchRoute(rules.routes, routed)?.rule.label ?? 'default'
      const worstRoute =
        worstPath === path
          ? route
          : (matchRouteWorst(rules.routes, { ...routed, path: worstPath })?.rule.label ?? 'default')
      const source = pickOne(random, [...services, 'public'])
      const request = {
        caller: source === 'public' ? ('public' as const) : { service: source },
        method,
        path,
        worstPath,
        route,
        worstRoute,
      }
      const truth = effectOf(decideAccess(rules.before, request).allowed, decideAccess(rules.after, request).allowed)
      const recorded = pickOne(random, [
        { source, method, path: callPattern(path), route },
        { source, method, path: callPattern(path), route },
        { source, method: OTHER, path: OTHER, route },
        { source: '*', method: '*', path: OTHER, route: OTHER },
      ])
      const said = replayPattern(recorded, rules)
      if (recorded.path !== OTHER) counts[said === 'unknown' ? 'unknown' : 'known']++
      if (said === 'unknown') continue
      if (said !== 'none') counts.changed++
      expect({ said, recorded, path, before, after }).toEqual({ said: truth, recorded, path, before, after })
    }
  }
  expect(counts.known).toBeGreaterThan(2 * counts.unknown)
  expect(counts.changed).toBeGreaterThan(300)
})

// A TCP connection was recorded with its caller alone, and a rule on a part of the service is about all of it or nothing.
test('TCP connections are judged by their caller', () => {
  const tcp = { method: 'TCP', path: '-' }
  const to: WireAccessRule['to'] = [{ methods: ['GET'], paths: [] }]
  expect(effects(tcp, rule('r', { from: [service('checkout')] }))).toBe('none')
  expect(effects(tcp, rule('r', { from: [service('cart')] }))).toBe('denied')
  expect(effects(tcp, rule('r', { to }))).toBe('denied')
  expect(effects(tcp, rule('r', { to, action: 'Deny' }))).toBe('denied')
})

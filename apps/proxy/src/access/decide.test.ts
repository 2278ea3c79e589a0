import { serviceNameSchema } from '@heddle/shared/names'
import type { WireAccessRule } from '@heddle/shared/wire/config'
import { pickOne, seededRandom } from '@heddle/testkit/random'
import { expect, test } from 'vitest'
import { canonicalTarget, worstReading } from '../route/canonical.ts'
import { compileAccess } from './compile.ts'
import { type AccessCaller, type AccessDecision, decideAccess } from './decide.ts'
import { explainAccess } from './explain.ts'

function rule(name: string, given: Partial<WireAccessRule>): WireAccessRule {
  return { name, route: null, action: 'Allow', mode: 'enforce', from: [{ any: 'authenticated' }], to: [], ...given }
}

const service = (name: string) => ({ service: serviceNameSchema.parse(name) })

const paths = (type: 'Exact' | 'PathPrefix' | 'RegularExpression', ...values: string[]): WireAccessRule['to'] => [
  { methods: [], paths: values.map((value) => ({ type, value })) },
]

interface Asked {
  caller: AccessCaller
  method: string
  target: string
  route: string
  /** Where absent: as `route`. */
  worstRoute?: string
}
const ASKED: Asked = { caller: { service: 'web' }, method: 'GET', target: '/', route: 'default' }

/** null: malformed, which is answered 400 before any rule is asked. */
function requestOf(asked: Partial<Asked>) {
  const { caller, method, target, route, worstRoute = route } = { ...ASKED, ...asked }
  const canonical = canonicalTarget(method, target, ['host', 'payments'])
  if (canonical.malformed !== null) return null
  return { caller, method, route, worstRoute, path: canonical.path, worstPath: worstReading(canonical.path) }
}

function decide(
  rules: WireAccessRule[],
  asked: Partial<Asked>,
  defaultAccess: 'allow' | 'deny' = 'allow',
): AccessDecision {
  const request = requestOf(asked)
  if (request === null) throw new Error(`${asked.target} is malformed`)
  return decideAccess(compileAccess(rules, defaultAccess), request)
}

const allows = (rules: WireAccessRule[], asked: Partial<Asked>, defaultAccess: 'allow' | 'deny' = 'allow') =>
  decide(rules, asked, defaultAccess).allowed

test('without a rule the mesh default holds', () => {
  expect(decide([], {}, 'allow')).toEqual({ allowed: true, rule: null, because: 'default', hits: [] })
  expect(decide([], {}, 'deny')).toEqual({ allowed: false, rule: null, because: 'default', hits: [] })
})

// Deny beats Allow, whatever their order and names; the rule that decided is named and counted.
test('Deny beats Allow', () => {
  const rules = [rule('a-allow', {}), rule('b-deny', { action: 'Deny', from: [service('web')] })]
  for (const order of [rules, rules.toReversed()]) {
    expect(decide(order, {})).toEqual({
      allowed: false,
      rule: 'b-deny',
      because: 'denied_by_rule',
      hits: [{ rule: 'b-deny', verdict: 'denied' }],
    })
    expect(decide(order, { caller: { service: 'cart' } })).toEqual({
      allowed: true,
      rule: 'a-allow',
      because: 'allowed_by_rule',
      hits: [{ rule: 'a-allow', verdict: 'allowed' }],
    })
  }
})

// With one Allow rule on a target everything else is denied there, the default notwithstanding.
test('an Allow closes its target', () => {
  const rules = [rule('from-checkout', { from: [service('checkout')] })]
  expect(allows(rules, { caller: { service: 'checkout' } }, 'deny')).toBe(true)
  expect(decide(rules, {}, 'allow')).toEqual({
    allowed: false,
    rule: 'from-checkout',
    because: 'closed',
    hits: [{ rule: 'from-checkout', verdict: 'denied' }],
  })
})

test('an Allow with a route closes only that route', () => {
  const rules = [rule('charges', { route: 'pay/charge', from: [service('checkout')] })]
  expect(allows(rules, { route: 'pay/charge' })).toBe(false)
  expect(allows(rules, { route: 'pay/charge', caller: { service: 'checkout' } })).toBe(true)
  for (const route of ['default', 'pay/charges', 'pay/refund', 'pay', 'xpay/charge']) {
    expect(allows(rules, { route }, 'allow')).toBe(true)
    expect(allows(rules, { route }, 'deny')).toBe(false)
  }
})

test('a rule on an HTTPRoute is about each of its rules', () => {
  const rules = [rule('no-web', { route: 'pay', action: 'Deny' })]
  expect(allows(rules, { route: 'pay/charge' })).toBe(false)
  expect(allows(rules, { route: 'payments/charge' })).toBe(true)
})

test('an Allow of the whole service also opens a route that another one closes', () => {
  const rules = [rule('all', { from: [service('web')] }), rule('one', { route: 'pay/charge', from: [service('cart')] })]
  expect(allows(rules, { route: 'pay/charge', caller: { service: 'web' } })).toBe(true)
  expect(allows(rules, { route: 'pay/charge', caller: { service: 'cart' } })).toBe(true)
  expect(allows(rules, { route: 'pay/refund', caller: { service: 'cart' } })).toBe(false)
})

// A path that is read as another route's by some server is judged as both: a Deny on either holds, either one closes,
// and an Allow lets through only what is its own in both readings.
test('a rule on a route holds for both readings of the path', () => {
  const deny = [rule('no-admin', { route: 'shop/admin', action: 'Deny' })]
  const open = [rule('admin', { route: 'shop/admin', from: [service('checkout')] })]
  const both = [rule('admin', { route: 'shop/admin' })]
  for (const labels of [
    { route: 'default', worstRoute: 'shop/admin' },
    { route: 'shop/admin', worstRoute: 'default' },
  ]) {
    expect(allows(deny, labels)).toBe(false)
    expect(allows(open, labels)).toBe(false)
    expect(allows(both, labels)).toBe(false)
  }
  expect(allows(both, { route: 'shop/admin' })).toBe(true)
  expect(allows([rule('shop', { route: 'shop' })], { route: 'shop/admin', worstRoute: 'shop/list' })).toBe(true)
})

// Callers are identities: a public caller is none, and a service that is called "public" is one.
test('public and authenticated callers are different', () => {
  expect(allows([rule('a', { from: [{ any: 'authenticated' }] })], { caller: 'public' })).toBe(false)
  expect(allows([rule('a', { from: [{ any: 'public' }] })], { caller: 'public' })).toBe(true)
  expect(allows([rule('a', { from: [{ any: 'public' }] })], { caller: { service: 'public' } })).toBe(false)
  expect(allows([rule('a', { from: [service('public')] })], { caller: 'public' })).toBe(false)
})

// No part of a caller's name counts, only all of it.
test('names are not matched in part', () => {
  const rules = [rule('a', { from: [service('service-a')] })]
  for (const name of ['evil-service-a', 'service-a-evil', 'service', 'Service-a', 'service-a.'])
    expect(allows(rules, { caller: { service: name } })).toBe(false)
})

test('methods are the real ones, letter by letter', () => {
  const rules = [rule('read', { to: [{ methods: ['GET', 'HEAD'], paths: [] }] })]
  for (const method of ['GET', 'HEAD']) expect(allows(rules, { method })).toBe(true)
  for (const method of ['get', 'GETT', 'POST', 'BREW']) expect(allows(rules, { method })).toBe(false)
})

// Some servers read `delete` as DELETE: by neither reading it slips past.
test('a Deny of a method holds for its small letters too', () => {
  const rules = [rule('no-delete', { action: 'Deny', to: [{ methods: ['DELETE'], paths: [] }] })]
  for (const method of ['DELETE', 'delete', 'Delete']) expect(allows(rules, { method })).toBe(false)
  for (const method of ['GET', 'DELETED']) expect(allows(rules, { method })).toBe(true)
})

test('methods and paths of one entry belong together', () => {
  const to = [...paths('PathPrefix', '/a'), ...paths('PathPrefix', '/b')]
  const rules = [
    rule('r', {
      to: [
        { ...to[0], methods: ['GET'] },
        { ...to[1], methods: ['POST'] },
      ] as WireAccessRule['to'],
    }),
  ]
  expect(allows(rules, { method: 'GET', target: '/a/x' })).toBe(true)
  expect(allows(rules, { method: 'POST', target: '/b' })).toBe(true)
  expect(allows(rules, { method: 'POST', target: '/a/x' })).toBe(false)
})

// Whatever spelling a server could read as /admin is denied by a Deny on it; or it is malformed (400).
const SPELLINGS_OF_ADMIN = [
  ...['/admin', '//admin', '/./admin', '/x/../admin', '/%61dmin', '/admin%2f', '/%2e/admin', '/x/%2e%2e/admin'],
  ...['/x/..%2fadmin', '/x/..%5cadmin', '/x\\..\\admin', '/\\admin', '/admin;x=1', '/admin/', '/admin%00', '/admin#x'],
  ...['/admin?', '/%252fadmin', '/x/%252e%252e/admin', '/%c0%afadmin', '/x%25c0%25afadmin/../../admin', '///admin'],
  ...['/admin/../admin', '/;/admin', '/x;/..;/admin', '/.;/admin', '/%2fadmin', '/x/..%3b/admin', '/admin%3bx'],
]
test.each(SPELLINGS_OF_ADMIN)('a Deny on /admin is not passed by %s', (target) => {
  const rules = [rule('no-admin', { action: 'Deny', to: paths('PathPrefix', '/admin') })]
  const request = requestOf({ target })
  if (request !== null) expect(decideAccess(compileAccess(rules, 'allow'), request).allowed).toBe(false)
})

// An Allow on /public lets nothing through that a server could read as something else.
test.each([
  ['/public', true],
  ['/public/x', true],
  ['/public/@scope%2fname', true],
  ['/public//x', true],
  ['/public/x;v=1', true],
  ['/x/../public', true],
  ['/publicity', false],
  ['/PUBLIC', false],
  ['//public', false],
  ['/public/..%2fadmin', false],
  ['/public/..%5cadmin', false],
  ['/public\\..\\admin', false],
  ['/public/%252e%252e/admin', false],
  ['/public/..;/admin', false],
  ['/public/../admin', false],
  ['/public%2f..%2fadmin', false],
  ['/admin/..%2fpublic', false],
  ['/admin;/../public', true],
])('an Allow on /public and %s: %s', (target, allowed) => {
  expect(allows([rule('public', { to: paths('PathPrefix', '/public') })], { target })).toBe(allowed)
})

// The rule's own path is read both ways, so that rules on escaped paths work.
test('a rule on a path with an escaped slash is about that path', () => {
  const allow = [rule('scoped', { to: paths('Exact', '/@scope%2fname') })]
  expect(allows(allow, { target: '/@scope%2Fname' })).toBe(true)
  expect(allows(allow, { target: '/%40scope%2fname' })).toBe(false)
  expect(allows(allow, { target: '/@scope/name' })).toBe(false)
  const deny = [rule('scoped', { action: 'Deny', to: paths('Exact', '/@scope%2fname') })]
  for (const target of ['/@scope%2Fname', '/@scope/name', '/%40scope%2fname', '/@scope//name'])
    expect(allows(deny, { target })).toBe(false)
  expect(allows(deny, { target: '/@scope/other' })).toBe(true)
})

test('an expression is asked about both readings, and about the whole of them', () => {
  const deny = [rule('r', { action: 'Deny', to: paths('RegularExpression', '/admin(/.*)?') })]
  for (const target of ['/admin', '/admin/x', '/x/..%2fadmin']) expect(allows(deny, { target })).toBe(false)
  expect(allows(deny, { target: '/administrator' })).toBe(true)
  const allow = [rule('r', { to: paths('RegularExpression', '/public/.*') })]
  expect(allows(allow, { target: '/public/x' })).toBe(true)
  expect(allows(allow, { target: '/public/..%2fadmin' })).toBe(false)
})

test('a Deny on everything is also about OPTIONS *', () => {
  const request = {
    caller: 'public',
    method: 'OPTIONS',
    path: '*',
    worstPath: worstReading('*'),
    route: 'default',
    worstRoute: 'default',
  } as const
  const deny = compileAccess(
    [rule('r', { action: 'Deny', from: [{ any: 'public' }], to: paths('PathPrefix', '/') })],
    'allow',
  )
  expect(decideAccess(deny, request).allowed).toBe(false)
})

test('a rule that cannot be compiled is named', () => {
  expect(() => compileAccess([rule('bad', { to: paths('RegularExpression', '(') })], 'allow')).toThrow(
    /access rule bad.*RE2/,
  )
})

// An audit rule decides nothing; what it would have changed is counted for it alone.
test.each([
  ['a Deny that would deny', [rule('d', { action: 'Deny', mode: 'audit' })], true, ['d audit_would_deny']],
  ['a Deny about others', [rule('d', { action: 'Deny', mode: 'audit', from: [{ any: 'public' }] })], true, []],
  [
    'an Allow that would close',
    [rule('a', { mode: 'audit', from: [{ any: 'public' }] })],
    true,
    ['a audit_would_deny'],
  ],
  ['an Allow that would allow too', [rule('a', { mode: 'audit' })], true, []],
  [
    'an Allow in a closed target',
    [rule('a', { mode: 'audit' }), rule('b', { from: [{ any: 'public' }] })],
    false,
    ['b denied', 'a audit_would_allow'],
  ],
  ['an Allow against a Deny', [rule('a', { mode: 'audit' }), rule('b', { action: 'Deny' })], false, ['b denied']],
  [
    'two of them, each by itself',
    [rule('a', { mode: 'audit', action: 'Deny' }), rule('b', { mode: 'audit', from: [{ any: 'public' }] })],
    true,
    ['a audit_would_deny', 'b audit_would_deny'],
  ],
] as [string, WireAccessRule[], boolean, string[]][])('in audit mode: %s', (_, rules, allowed, hits) => {
  const decision = decide(rules, {})
  expect(decision.allowed).toBe(allowed)
  expect(decision.hits.map((hit) => `${hit.rule} ${hit.verdict}`)).toEqual(hits)
})

/** The rules of DESIGN once more, in the plainest words, for comparison. */
function plainly(rules: WireAccessRule[], asked: Asked, defaultAccess: 'allow' | 'deny'): boolean {
  const request = requestOf(asked)
  if (request === null) throw new Error('malformed')
  const isBelow = (prefix: string, path: string) => path === prefix || prefix === '/' || path.startsWith(`${prefix}/`)
  const labels = [asked.route, asked.worstRoute ?? asked.route]
  const isIn = (route: string | null) => (label: string) =>
    route === null || route === label || label.startsWith(`${route}/`)
  const inTarget = rules.filter(({ route }) => labels.some(isIn(route)))
  const isAbout = ({ from, to, action, route }: WireAccessRule) => {
    if (action === 'Allow' && !labels.every(isIn(route))) return false
    const isFrom = from.some((caller) =>
      'service' in caller
        ? asked.caller !== 'public' && asked.caller.service === caller.service
        : (caller.any === 'public') === (asked.caller === 'public'),
    )
    if (!isFrom || to.length === 0) return isFrom
    return to.some((operation) => {
      if (operation.methods.length > 0 && !operation.methods.includes(asked.method)) return false
      if (operation.paths.length === 0) return true
      const readings = [request.path, request.worstPath].map((path) =>
        operation.paths.some((match) => isBelow(match.value, path)),
      )
      return action === 'Allow' ? readings.every(Boolean) : readings.some(Boolean)
    })
  }
  if (inTarget.some((rule) => rule.action === 'Deny' && isAbout(rule))) return false
  const allow = inTarget.filter((rule) => rule.action === 'Allow')
  return allow.length === 0 ? defaultAccess === 'allow' : allow.some(isAbout)
}

// Decisions, audit counts and explanations agree with the plain words, over random rule sets and requests.
test('random rules decide as the plain words say', () => {
  const random = seededRandom(21)
  const callers = ['web', 'cart', 'checkout']
  const randomRule = (name: string): WireAccessRule =>
    rule(name, {
      action: pickOne(random, ['Allow', 'Allow', 'Deny']),
      mode: pickOne(random, ['enforce', 'enforce', 'audit']),
      route: pickOne(random, [null, null, 'pay', 'pay/charge', 'other']),
      from: [
        pickOne(random, [{ any: 'authenticated' }, { any: 'public' }, service(pickOne(random, callers))]),
        service(pickOne(random, callers)),
      ],
      to: pickOne(random, [
        [],
        [{ methods: ['GET'], paths: [] }],
        paths('PathPrefix', '/admin'),
        [...paths('PathPrefix', '/a', '/public'), { methods: ['POST'], paths: [{ type: 'PathPrefix', value: '/' }] }],
      ]),
    })
  const targets = ['/', '/admin', '/admin/x', '/a/b', '/public/..%2fadmin', '/a;x/b', '//a', '/public']
  for (let round = 0; round < 2_000; round++) {
    const rules = Array.from({ length: Math.floor(random() * 6) }, (_, i) => randomRule(`r${i}`))
    const defaultAccess = pickOne(random, ['allow', 'deny'] as const)
    const table = compileAccess(rules, defaultAccess)
    const enforced = rules.filter((r) => r.mode === 'enforce')
    for (let i = 0; i < 10; i++) {
      const asked: Asked = {
        caller: random() < 0.2 ? 'public' : { service: pickOne(random, callers) },
        method: pickOne(random, ['GET', 'POST', 'PUT']),
        target: pickOne(random, targets),
        route: pickOne(random, ['default', 'pay/charge', 'pay/refund']),
        worstRoute: pickOne(random, ['default', 'pay/charge', 'pay/refund']),
      }
      const request = requestOf(asked)
      if (request === null) throw new Error('malformed')
      const decision = decideAccess(table, request)
      const expected = plainly(enforced, asked, defaultAccess)
      expect(decision.allowed).toBe(expected)
      for (const audited of rules.filter((r) => r.mode === 'audit')) {
        const would = plainly([...enforced, audited], asked, defaultAccess)
        const verdict = decision.hits.find((hit) => hit.rule === audited.name)?.verdict
        expect(verdict).toBe(would === expected ? undefined : would ? 'audit_would_allow' : 'audit_would_deny')
      }
      const { rules: told, decision: same } = explainAccess(table, request)
      expect(same).toEqual(decision)
      expect(told).toHaveLength(rules.length)
      expect(told.filter((r) => r.effect === 'decides').map((r) => r.rule)).toEqual(
        decision.rule === null ? [] : [decision.rule],
      )
      expect(told.filter((r) => r.effect === 'audit').map((r) => r.rule)).toEqual(
        decision.hits.filter((hit) => hit.verdict.startsWith('audit')).map((hit) => hit.rule),
      )
    }
  }
})

// What a client sends and what is forwarded for it are judged alike: no encoding changes a decision on the way.
test('decision(raw) equals decision(canonical), over 10,000 random encodings', () => {
  const random = seededRandom(22)
  const pieces = [
    '/',
    '/',
    '/',
    'admin',
    'public',
    'x',
    '.',
    '..',
    '%2e',
    '%2f',
    '%5c',
    '\\',
    ';',
    ';a=b',
    '%61dmin',
    '%252e',
    '%3b',
  ]
  const table = compileAccess(
    [
      rule('public', { to: paths('PathPrefix', '/public') }),
      rule('no-admin', { action: 'Deny', to: paths('PathPrefix', '/admin') }),
    ],
    'deny',
  )
  let allowed = 0
  for (let round = 0; round < 10_000; round++) {
    const target = `/${Array.from({ length: 6 }, () => pickOne(random, pieces)).join('')}`
    const raw = requestOf({ target })
    if (raw === null) continue
    const again = requestOf({ target: raw.path })
    expect(again).toEqual(raw)
    const decision = decideAccess(table, raw)
    if (again !== null) expect(decideAccess(table, again)).toEqual(decision)
    // What passes is below /public in both readings, whatever a server makes of it.
    if (!decision.allowed) continue
    allowed++
    expect(raw.path).toMatch(/^\/public(\/|$)/)
    expect(raw.worstPath).toMatch(/^\/public(\/|$)/)
  }
  expect(allowed).toBeGreaterThan(20)
})

test('the explanation says in words what each rule does', () => {
  const table = compileAccess(
    [
      rule('a-checkout', { from: [service('checkout')] }),
      rule('b-post', { to: [{ methods: ['POST'], paths: [] }] }),
      rule('c-public', { to: paths('PathPrefix', '/public') }),
      rule('d-route', { route: 'pay/charge' }),
      rule('e-audit', { mode: 'audit' }),
    ],
    'allow',
  )
  const request = requestOf({ target: '/public/..%2fadmin' })
  if (request === null) throw new Error('malformed')
  const { summary, rules } = explainAccess(table, request)
  expect(summary).toBe('Allow rules such as a-checkout close this target, and none of them allows this call.')
  expect(rules.map(({ rule, effect, why }) => `${rule} ${effect}: ${why}`)).toEqual([
    'a-checkout decides: It closes the target. The caller web is not among its callers.',
    'b-post closes: It closes the target. The method GET is not among POST.',
    'c-public closes: It closes the target. An Allow must match both /public/..%2Fadmin and /admin, as which a server could read it.',
    "d-route none: The request's route is default, not pay/charge.",
    'e-audit audit: In force it would allow this call. It is about it.',
  ])
})

// Of an opaque connection only the caller is known: what allows a part of a service allows none of it, what denies a part
// denies it whole, and an Allow closes it as ever.
test('an opaque connection is judged by its caller alone', () => {
  const opaque = (rules: WireAccessRule[], caller: AccessCaller = { service: 'web' }) =>
    decideAccess(compileAccess(rules, 'allow'), { caller, method: null }).allowed
  const part = { to: [{ methods: ['GET'], paths: [{ type: 'PathPrefix' as const, value: '/' }] }] }
  expect(opaque([])).toBe(true)
  expect(opaque([rule('all', { from: [service('web')] })])).toBe(true)
  expect(opaque([rule('all', { from: [service('cart')] })])).toBe(false)
  expect(opaque([rule('all', {})], 'public')).toBe(false)
  for (const given of [part, { route: 'pay/charge' }]) {
    expect(opaque([rule('some', given)])).toBe(false)
    expect(opaque([rule('some', given), rule('all', { from: [service('web')] })])).toBe(true)
    expect(opaque([rule('none', { ...given, action: 'Deny' })])).toBe(false)
    expect(opaque([rule('none', { ...given, action: 'Deny', from: [service('cart')] })])).toBe(true)
  }
})

test('audit rules are counted for opaque connections as they would decide', () => {
  const hits = (given: Partial<WireAccessRule>) =>
    decideAccess(compileAccess([rule('r', { mode: 'audit', ...given })], 'allow'), {
      caller: { service: 'web' },
      method: null,
    }).hits
  const to = [{ methods: ['GET'], paths: [] }]
  expect(hits({ to })).toEqual([{ rule: 'r', verdict: 'audit_would_deny' }])
  expect(hits({ to, action: 'Deny' })).toEqual([{ rule: 'r', verdict: 'audit_would_deny' }])
  expect(hits({})).toEqual([])
})

test('the tester says why a rule is not about a TCP connection', () => {
  const explained = explainAccess(
    compileAccess([rule('a', { to: [{ methods: ['GET'], paths: [] }] }), rule('b', { route: 'pay' })], 'allow'),
    { caller: { service: 'web' }, method: null },
  )
  expect(explained.rules.map(({ why }) => why)).toEqual([
    'It closes the target. It allows methods and paths, and a TCP connection has none.',
    'It closes the target. It allows a route, and a TCP connection has none.',
  ])
})

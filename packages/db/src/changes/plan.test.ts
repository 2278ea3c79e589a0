import { expect, test } from 'vitest'
import { planRestore } from './plan.ts'
import { access, names, plan, productsRoute, route, service, stored } from './sampleDocuments.ts'

// Every mistake of form is reported at once, with the document and the way to the field.
test('mistakes of form name their place', () => {
  const { mistakes, items } = plan(
    [],
    service('catalog', { breaker: { consecutiveFailures: -1, wrong: 1 } }),
    { kind: 'Servce' },
    'text',
    route('r', 'catalog', [
      {
        backendRefs: [
          { name: 'catalog', weight: 0.5 },
          { name: 'catalog', weight: -3 },
        ],
      },
    ]),
    { apiVersion: 'heddle.dev/v1', kind: 'AccessRule', metadata: { name: 'a' } },
  )
  expect(items).toEqual([])
  expect(mistakes).toEqual([
    expect.objectContaining({ document: 0, path: ['spec', 'breaker', 'consecutiveFailures'] }),
    { document: 0, path: ['spec', 'breaker', 'wrong'], message: 'the field "wrong" is not known here' },
    { document: 1, path: ['kind'], message: 'unknown kind "Servce", did you mean "Service"?' },
    expect.objectContaining({ document: 2, path: [] }),
    { document: 3, path: ['spec', 'rules', 0, 'backendRefs', 0, 'weight'], message: 'weights are whole numbers' },
    { document: 3, path: ['spec', 'rules', 0, 'backendRefs', 1, 'weight'], message: 'a weight cannot be negative' },
    { document: 4, path: ['spec'], message: 'is required' },
  ])
})

// One resource twice in a change is a mistake, since nobody could say which one was meant.
test('duplicate documents are a mistake', () => {
  const { mistakes } = plan([], service('catalog'), service('catalog'))
  expect(mistakes).toEqual([
    { document: 1, path: ['metadata', 'name'], message: 'Service catalog is in document 1 already' },
  ])
})

// A route or rule for a service that does not exist is refused, with the name that was probably meant; one that is
// made in the same change exists.
test('parents and targets must exist', () => {
  expect(plan(stored(service('catalog')), route('r', 'catlog', [{}])).mistakes).toEqual([
    {
      document: 0,
      path: ['spec', 'parentRefs', 0, 'name'],
      message: 'there is no service "catlog", did you mean "catalog"?',
    },
  ])
  expect(plan(stored(service('catalog')), access('a', { service: 'catlog' })).mistakes[0]?.message).toContain(
    'did you mean "catalog"?',
  )
  expect(plan([], service('new'), route('r', 'new', [{}]), access('a', { service: 'new' })).mistakes).toEqual([])
})

// Routes and rules are for services; a derived name as their target is a mistake that names the service.
test('a version is no target', () => {
  const { mistakes } = plan(stored(service('catalog')), route('r', 'catalog-v2', [{}]))
  expect(mistakes[0]?.message).toContain('name "catalog"')
})

// A backend that does not exist (yet) is accepted with a warning: versions come and go.
test('an unresolved backend is a warning', () => {
  const { mistakes, warnings, items } = plan(
    stored(service('catalog')),
    route('r', 'catalog', [{ backendRefs: [{ name: 'catalog-v2' }, { name: 'catalog-v3' }] }]),
  )
  expect(mistakes).toEqual([])
  expect(items).toHaveLength(1)
  expect(warnings).toEqual([
    {
      document: 0,
      path: ['spec', 'rules', 0, 'backendRefs', 1, 'name'],
      message: 'there is no backend "catalog-v3" (yet), did you mean "catalog-v2"?',
    },
  ])
})

// What is said of requests about a TCP service is accepted and said to do nothing like that, wherever it was written.
test('methods, paths and routes of a TCP service are warnings', () => {
  const redis = service('redis', { protocol: 'tcp' })
  const rule = access('get', { service: 'redis' }, { to: [{ methods: ['GET'] }] })
  const { mistakes, warnings } = plan([], redis, rule, route('r', 'redis', [{}]))
  expect(mistakes).toEqual([])
  expect(warnings).toEqual([
    {
      document: 1,
      path: ['spec', 'to'],
      message: '"redis" is protocol: tcp, in which nobody sees methods and paths: it allows nothing',
    },
    {
      document: 2,
      path: ['spec', 'parentRefs', 0, 'name'],
      message: '"redis" is protocol: tcp, for which routes do nothing',
    },
  ])
  const later = plan(stored(service('redis'), rule), redis).warnings
  expect(later).toEqual([
    expect.objectContaining({
      document: 0,
      path: ['spec', 'protocol'],
      message: expect.stringContaining('AccessRule get'),
    }),
  ])
  expect(plan(stored(redis), access('all', { service: 'redis' })).warnings).toEqual([])
})

// Service names and derived names are one set.
test('a service cannot take the name of a version, or of the outside', () => {
  expect(plan(stored(service('catalog')), service('catalog-v2')).mistakes[0]?.message).toContain(
    'version v2 of the service "catalog"',
  )
  expect(plan([], service('egress')).mistakes).toHaveLength(1)
})

// An access rule for a route must name one that belongs to its service, and a rule that is there.
test('the route of an access rule must exist', () => {
  const current = stored(service('catalog'), service('cart'), productsRoute)
  const messageOf = (target: object) => plan(current, access('a', target)).mistakes[0]?.message
  expect(messageOf({ service: 'catalog', route: 'catalog/products' })).toBeUndefined()
  expect(messageOf({ service: 'catalog', route: 'catalog' })).toBeUndefined()
  expect(messageOf({ service: 'catalog', route: 'catalgo' })).toContain('did you mean "catalog"?')
  expect(messageOf({ service: 'catalog', route: 'catalog/product' })).toContain('did you mean "products"?')
  expect(messageOf({ service: 'cart', route: 'catalog' })).toContain('does not belong to')
})

// The receiving side matches routes anew on what it received: where that was rewritten it could not know the route, so
// an access rule on such a route is refused from either side.
test('no access rule on a route that rewrites what it is chosen by', () => {
  const rewriting = (filters: object[]) =>
    route('catalog', 'catalog', [
      {
        name: 'products',
        matches: [{ path: { type: 'PathPrefix', value: '/p' }, headers: [{ name: 'X-Canary', value: '1' }] }],
        filters,
      },
    ])
  const rewritePath = [
    { type: 'URLRewrite', urlRewrite: { path: { type: 'ReplacePrefixMatch', replacePrefixMatch: '/q' } } },
  ]
  const removeHeader = [{ type: 'RequestHeaderModifier', requestHeaderModifier: { remove: ['x-canary'] } }]
  const addOther = [
    { type: 'RequestHeaderModifier', requestHeaderModifier: { set: [{ name: 'x-other', value: '1' }] } },
  ]
  const rule = access('a', { service: 'catalog', route: 'catalog/products' })
  expect(plan(stored(service('catalog')), rewriting(rewritePath), rule).mistakes).toEqual([
    expect.objectContaining({
      document: 1,
      path: ['spec', 'target', 'route'],
      message: expect.stringContaining('rewrites the path'),
    }),
  ])
  expect(plan(stored(service('catalog')), rewriting(removeHeader), rule).mistakes[0]?.message).toContain('"x-canary"')
  expect(plan(stored(service('catalog')), rewriting(addOther), rule).mistakes).toEqual([])
  const applied = plan(stored(service('catalog'), rewriting(addOther), rule), rewriting(rewritePath))
  expect(applied.mistakes).toEqual([
    expect.objectContaining({ document: 0, path: ['spec', 'rules'], message: expect.stringContaining('AccessRule a') }),
  ])
})

// Taking away the rule that an access rule points at is refused, or the access rule would silently guard nothing.
test('a targeted rule cannot go', () => {
  const current = stored(
    service('catalog'),
    productsRoute,
    access('a', { service: 'catalog', route: 'catalog/products' }),
  )
  const { mistakes } = plan(current, route('catalog', 'catalog', [{ name: 'other' }]))
  expect(mistakes[0]?.message).toMatch(/AccessRule a targets catalog\/products, but then .* has no rule "products"/)
})

// Optimistic concurrency is asked for by resourceVersion, and only then.
test('a resourceVersion that is not the stored one is stale', () => {
  const current = stored(service('catalog'))
  const at = (resourceVersion: string) => ({
    apiVersion: 'heddle.dev/v1',
    kind: 'Service',
    metadata: { name: 'catalog', resourceVersion },
    spec: { balancing: 'round-robin' },
  })
  expect(plan(current, at('1')).stale).toEqual([])
  expect(plan(current, at('2')).stale).toEqual([{ kind: 'Service', name: 'catalog' }])
  const same = { apiVersion: 'heddle.dev/v1', kind: 'Service', metadata: { name: 'catalog', resourceVersion: '2' } }
  expect(plan(current, same).stale).toEqual([])
  expect(plan([], at('1')).stale).toHaveLength(1)
})

// A Service that routes, rules or instances refer to is not deleted from under them, and each is named.
test('a service in use cannot be deleted', () => {
  const current = stored(
    service('catalog'),
    service('cart'),
    route('r', 'cart', [{ backendRefs: [{ name: 'catalog-v2' }] }]),
    access('a', { service: 'catalog' }),
  )
  const deletion = (present: [string, string[]][]) =>
    planRestore({
      current,
      names,
      present: new Map(present),
      targets: [{ ref: { kind: 'Service', name: 'catalog' }, after: null }],
    })
  expect(deletion([['catalog', ['catalog-v2-1-abcd']]]).mistakes.map((mistake) => mistake.message)).toEqual([
    'Service catalog is used by HTTPRoute r (as a backend), AccessRule a; delete these first.',
    'Service catalog has instances (catalog-v2-1-abcd); stop them first.',
  ])
  const together = planRestore({
    current,
    names,
    present: new Map(),
    targets: [
      { ref: { kind: 'Service', name: 'catalog' }, after: null },
      { ref: { kind: 'HTTPRoute', name: 'r' }, after: null },
      { ref: { kind: 'AccessRule', name: 'a' }, after: null },
    ],
  })
  expect(together.mistakes).toEqual([])
})

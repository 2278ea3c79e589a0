import type { Resource } from '@heddle/shared'
import { isRoute, resourceSchema, rulesOf } from '@heddle/shared'
import { expect, test } from 'vitest'
import { canonicalForm } from './canonicalForm.ts'
import { planRestore } from './plan.ts'
import { access, grpcRoute, names, plan, route, service, stored } from './sampleDocuments.ts'
import { summarize } from './summary.ts'

const grpc = service('catalog', { protocol: 'grpc' })
const messages = (found: readonly { message: string }[]) => found.map(({ message }) => message)
const namesOf = (resource: Resource | undefined) =>
  resource !== undefined && isRoute(resource) ? rulesOf(resource).map(({ name }) => name) : []

// What `get` prints is what `apply` takes, whatever was left out; nothing that was written is lost.
test('the canonical form of a GRPCRoute is a fixed point, and unchanged is about meaning', () => {
  const written = grpcRoute(
    'calls',
    'catalog',
    [
      {
        matches: [{ method: { service: 'shop.Catalog', method: 'Get' }, headers: [{ name: 'X-A', value: '1' }] }],
        filters: [{ type: 'RequestMirror', requestMirror: { backendRef: { name: 'catalog-v2' }, percent: 100 } }],
        backendRefs: [{ name: 'catalog-v2', port: 50051 }],
      },
      {},
    ],
    { 'heddle.dev/retry-grpc': 'unavailable' },
  )
  const first = plan(stored(grpc), written).items[0]?.after
  expect(first).toMatchObject({
    metadata: { annotations: { 'heddle.dev/retry-grpc': 'unavailable' } },
    spec: {
      parentRefs: [{ group: '', kind: 'Service', name: 'catalog' }],
      rules: [
        {
          name: 'shop-catalog-get',
          matches: [
            {
              method: { type: 'Exact', service: 'shop.Catalog', method: 'Get' },
              headers: [{ type: 'Exact', name: 'X-A', value: '1' }],
            },
          ],
          filters: [
            { requestMirror: { backendRef: { group: '', kind: 'Service', name: 'catalog-v2' }, percent: 100 } },
          ],
          backendRefs: [{ group: '', kind: 'Service', name: 'catalog-v2', port: 50051, weight: 1 }],
        },
        { name: 'all' },
      ],
    },
  })
  expect(canonicalForm(resourceSchema.parse(JSON.parse(JSON.stringify(first))))).toEqual(first)
  const same = grpcRoute(
    'calls',
    'catalog',
    [
      {
        matches: [
          { method: { type: 'Exact', service: 'shop.Catalog', method: 'Get' }, headers: [{ name: 'x-a', value: '1' }] },
        ],
        filters: [{ type: 'RequestMirror', requestMirror: { backendRef: { kind: 'Service', name: 'catalog-v2' } } }],
        backendRefs: [{ name: 'catalog-v2', port: 50051, weight: 1 }],
      },
      { matches: [{}] },
    ],
    { 'heddle.dev/retry-grpc': 'unavailable' },
  )
  const again = plan(stored(grpc, first), same)
  expect([again.mistakes, again.items[0]?.result]).toEqual([[], 'unchanged'])
})

// A method that is empty is any, so the rule is the same one and keeps its name and its numbers.
test('unnamed rules are found again by what they match', () => {
  const of = (method: object) =>
    grpcRoute('calls', 'catalog', [{ matches: [{ method }] }, { matches: [{ method: { method: 'Health' } }] }])
  const first = plan(stored(grpc), of({ service: 'shop.Catalog' })).items[0]?.after
  expect(namesOf(first)).toEqual(['shop-catalog', 'health'])
  expect(plan(stored(grpc, first), of({ service: 'shop.Catalog', method: '' })).items[0]?.result).toBe('unchanged')
  expect(namesOf(plan(stored(grpc, first), of({ service: 'shop.Orders' })).items[0]?.after)[0]).toBe('shop-orders')
})

// GEP-1426: GRPCRoutes come first and HTTPRoutes of the same Service are ignored; whoever applies either is told.
test('both kinds on one service are a warning at whichever is applied', () => {
  const http = route('pages', 'catalog', [{}])
  const calls = grpcRoute('calls', 'catalog', [{}])
  expect(messages(plan(stored(grpc, calls), http).warnings)).toEqual([
    '"catalog" has GRPCRoute "calls", and the Gateway API does not merge the two kinds: this route is ignored there',
  ])
  expect(messages(plan(stored(grpc, http), calls).warnings)).toEqual([
    'HTTPRoute "pages" of "catalog" is ignored from now on: the Gateway API does not merge the two kinds, and a GRPCRoute comes first',
  ])
  expect(plan(stored(grpc), calls).warnings).toEqual([])
})

// A Deny on a route that is ignored denies nothing, which nobody should find out by an accident.
test('an access rule on a route that is ignored is told of, whichever comes second', () => {
  const http = route('pages', 'catalog', [{ name: 'all' }])
  const calls = grpcRoute('calls', 'catalog', [{}])
  const rule = access('a', { service: 'catalog', route: 'pages/all' })
  const whole = access('b', { service: 'catalog' })
  expect(messages(plan(stored(grpc, http, rule, whole), calls).warnings)[0]).toContain(
    'HTTPRoute "pages" of "catalog" is ignored from now on, and so is AccessRule "a", whose target it is:',
  )
  expect(messages(plan(stored(grpc, http, calls), rule, whole).warnings)).toEqual([
    'HTTPRoute "pages" is ignored at "catalog", which has GRPCRoute "calls": this rule holds for no call',
  ])
})

test('a GRPCRoute of a service that is called in HTTP/1.1 is a warning', () => {
  expect(messages(plan(stored(service('catalog')), grpcRoute('calls', 'catalog', [{}])).warnings)).toEqual([
    '"catalog" is protocol: http, so its applications are called in HTTP/1.1, which carries no gRPC; set protocol: grpc',
  ])
})

// Whoever takes the protocol back is told what it does to the route that is there.
test('protocol: http for a service that has a GRPCRoute is a warning', () => {
  const calls = grpcRoute('calls', 'catalog', [{}])
  const { warnings } = plan(stored(grpc, calls), service('catalog'))
  expect(warnings).toMatchObject([{ document: 0, path: ['spec', 'protocol'] }])
  expect(warnings[0]?.message).toContain('GRPCRoute "calls" of "catalog" takes gRPC calls')
  expect(plan(stored(service('catalog'), calls), grpc).warnings).toEqual([])
  // Once is enough where both are written.
  expect(messages(plan(stored(grpc), service('catalog'), calls).warnings)).toHaveLength(1)
})

test('a backend that does not exist answers in gRPC', () => {
  const { warnings } = plan(stored(grpc), grpcRoute('calls', 'catalog', [{ backendRefs: [{ name: 'nowhere' }] }]))
  expect(messages(warnings)).toEqual([
    'there is no backend "nowhere" (yet); its share is answered with UNAVAILABLE until there is',
  ])
})

// A label `<route>/<rule>` says no kind: two routes of one name would be counted as one.
test('one name for routes of both kinds is a mistake, also where a revert would bring it back', () => {
  const [http, calls] = [route('shared', 'catalog', [{}]), grpcRoute('shared', 'catalog', [{}])]
  const { mistakes } = plan(stored(grpc, http), calls)
  expect(mistakes).toMatchObject([{ document: 0, path: ['metadata', 'name'] }])
  expect(mistakes[0]?.message).toContain('there is an HTTPRoute "shared" too')
  const back = planRestore({
    current: stored(grpc, calls),
    names,
    present: new Map(),
    targets: [{ ref: { kind: 'HTTPRoute', name: 'shared' }, after: stored(http)[0]?.resource ?? null }],
  })
  expect(back.mistakes[0]?.message).toContain('there is a GRPCRoute "shared" too')
})

test('an access rule may name a GRPCRoute, which then cannot go away', () => {
  const calls = grpcRoute('calls', 'catalog', [{ name: 'get', matches: [{ method: { method: 'Get' } }] }])
  const rule = (target: string) => access('a', { service: 'catalog', route: target })
  expect(plan(stored(grpc, calls), rule('calls/get')).mistakes).toEqual([])
  expect(messages(plan(stored(grpc, calls), rule('calls/got')).mistakes)).toEqual([
    'the GRPCRoute "calls" has no rule "got", did you mean "get"?',
  ])
  const { mistakes } = planRestore({
    current: stored(grpc, calls, rule('calls/get')),
    names,
    present: new Map(),
    targets: [{ ref: { kind: 'GRPCRoute', name: 'calls' }, after: null }],
  })
  expect(messages(mistakes)).toEqual(['GRPCRoute calls is the target of AccessRule a; delete these first.'])
})

test('what changed is said as for an HTTPRoute', () => {
  const of = (weight: number) =>
    stored(grpcRoute('calls', 'catalog', [{ name: 'all', backendRefs: [{ name: 'catalog-v2', weight }] }]))[0]
      ?.resource ?? null
  expect(summarize([{ before: of(10), after: of(30) }])).toBe('calls/all: catalog-v2 10 → 30')
  expect(summarize([{ before: null, after: of(30) }])).toBe('GRPCRoute calls created')
})

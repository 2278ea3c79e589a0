import { expect, test } from 'vitest'
import { resourceSchema } from './index.ts'

const route = (rule: object, annotations?: Record<string, string>) => ({
  apiVersion: 'gateway.networking.k8s.io/v1',
  kind: 'GRPCRoute',
  metadata: { name: 'calls', ...(annotations && { annotations }) },
  spec: { parentRefs: [{ kind: 'Service', name: 'catalog' }], rules: [rule] },
})
const mistakesOf = (document: unknown) => {
  const parsed = resourceSchema.safeParse(document)
  return parsed.success ? [] : parsed.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`)
}
const method = (match: object) => ({ matches: [{ method: match }] })

// What the Gateway API writes is taken, defaults left out or written out (GRPCRouteRule).
test.each([
  ['a bare rule', {}],
  ['service and method', method({ service: 'shop.v1.Catalog', method: 'GetProduct' })],
  ['a service alone', method({ type: 'Exact', service: 'Catalog' })],
  ['a method alone', method({ method: 'Get_1' })],
  ['an empty method, which is any', method({ service: 'shop.Catalog', method: '' })],
  ['expressions', method({ type: 'RegularExpression', service: 'shop\\.(v1|v2)\\..*', method: 'Get.*' })],
  ['a match without a method', { matches: [{ headers: [{ name: 'x-tenant', value: 'a' }] }] }],
  [
    'an expression over a header',
    { matches: [{ headers: [{ type: 'RegularExpression', name: 'x-v', value: 'v[0-9]' }] }] },
  ],
  [
    'weights',
    { name: 'all', backendRefs: [{ group: '', kind: 'Service', name: 'catalog-v1', port: 50051, weight: 0 }] },
  ],
  [
    'the three filters',
    {
      filters: [
        { type: 'RequestHeaderModifier', requestHeaderModifier: { set: [{ name: 'x-a', value: '1' }] } },
        { type: 'ResponseHeaderModifier', responseHeaderModifier: { remove: ['x-b'] } },
        { type: 'RequestMirror', requestMirror: { backendRef: { name: 'catalog-v2' }, percent: 5 } },
      ],
    },
  ],
])('accepts %s', (_, rule) => {
  expect(mistakesOf(route(rule))).toEqual([])
})

// What a GRPCRoute has not (paths, query parameters, redirects, retries, timeouts) is an unknown field, and a name that no
// call can have is a mistake at its place.
test.each([
  ['neither service nor method', method({ type: 'Exact' }), 'spec.rules.0.matches.0.method: must name a service'],
  ['both empty', method({ service: '', method: '' }), 'spec.rules.0.matches.0.method: must name a service'],
  ['a slash in a service', method({ service: 'shop/Catalog' }), 'method.service: must be the full name of a service'],
  ['a dash in a method', method({ service: 'a', method: 'get-it' }), 'method.method: must be the name of a method'],
  ['a look-ahead', method({ type: 'RegularExpression', method: 'a(?=b)' }), 'RE2 syntax'],
  ['an expression that cannot stand in a group', method({ type: 'RegularExpression', method: '\\Qa' }), 'in a group'],
  [
    'names longer than a path',
    method({ type: 'RegularExpression', service: 'a'.repeat(600), method: 'b'.repeat(600) }),
    'at most 1000 characters together',
  ],
  ['another kind of match', method({ type: 'Prefix', service: 'a' }), 'spec.rules.0.matches.0.method.type'],
  ['a path', { matches: [{ path: { value: '/a' } }] }, 'Unrecognized key: "path"'],
  ['query parameters', { matches: [{ queryParams: [] }] }, 'Unrecognized key: "queryParams"'],
  ['a retry stanza', { retry: { attempts: 2 } }, 'Unrecognized key: "retry"'],
  ['timeouts', { timeouts: { request: '1s' } }, 'Unrecognized key: "timeouts"'],
  ['a redirect', { filters: [{ type: 'RequestRedirect', requestRedirect: {} }] }, 'spec.rules.0.filters.0.type'],
  [
    'a filter twice',
    { filters: [1, 2].map(() => ({ type: 'RequestHeaderModifier', requestHeaderModifier: {} })) },
    'once in a rule',
  ],
  ['a negative weight', { backendRefs: [{ name: 'a', weight: -1 }] }, 'weight: a weight cannot be negative'],
])('refuses %s', (_, rule, expected) => {
  expect(mistakesOf(route(rule)).join('\n')).toContain(expected)
})

test('repeats are asked for in annotations, and a wrong one is a mistake', () => {
  const asked = (statuses: string, attempts: string) =>
    mistakesOf(route({}, { 'heddle.dev/retry-grpc': statuses, 'heddle.dev/retry-attempts': attempts }))
  expect(asked('unavailable, resource-exhausted', '3')).toEqual([])
  expect(asked('503', '3')).toEqual([
    'metadata.annotations.heddle.dev/retry-grpc: names statuses of gRPC such as "unavailable, resource-exhausted"',
  ])
  for (const attempts of ['11', '-1', '1.5', 'two', ''])
    expect(asked('unavailable', attempts)).toEqual([
      'metadata.annotations.heddle.dev/retry-attempts: must be a whole number from "0" to "10", in quotes',
    ])
})

test('names of rules are unique in a route', () => {
  const { spec, ...head } = route({ name: 'a' })
  expect(mistakesOf({ ...head, spec: { ...spec, rules: [{ name: 'a' }, { name: 'a' }] } })[0]).toContain('unique')
})

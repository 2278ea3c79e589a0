import { expect, test } from 'vitest'
import { resourceSchema } from './index.ts'

const route = (rule: object) => ({
  apiVersion: 'gateway.networking.k8s.io/v1',
  kind: 'HTTPRoute',
  metadata: { name: 'catalog' },
  spec: { parentRefs: [{ kind: 'Service', name: 'catalog' }], rules: [rule] },
})
const rule = (spec: object) => ({
  apiVersion: 'heddle.dev/v1',
  kind: 'AccessRule',
  metadata: { name: 'r' },
  spec: { target: { service: 'payments' }, action: 'Allow', from: [{ service: 'checkout' }], ...spec },
})
const mistakesOf = (document: unknown) => {
  const parsed = resourceSchema.safeParse(document)
  return parsed.success ? [] : parsed.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`)
}

// What the Gateway API writes is taken, defaults left out or written out.
test.each([
  ['a bare rule', {}],
  ['a path without type is a prefix', { matches: [{ path: { value: '/a' } }] }],
  ['group "" and port', { backendRefs: [{ group: '', kind: 'Service', name: 'catalog-v1', port: 80, weight: 0 }] }],
  ['retry and timeouts', { retry: { codes: [503], attempts: 2, backoff: '25ms' }, timeouts: { request: '2s' } }],
])('accepts %s', (_, body) => {
  expect(mistakesOf(route(body))).toEqual([])
})

// Any byte that HTTP carries in a field may be written; what is compared with a decoded query may be any text.
test('accepts header values of bytes, and query values of any text', () => {
  const set = [{ name: 'x-a', value: 'a\tb ~\x80\xff' }]
  const filters = [{ type: 'RequestHeaderModifier', requestHeaderModifier: { set } }]
  const matches = [{ queryParams: [{ name: 'q', value: '✓' }] }]
  expect(mistakesOf(route({ filters, matches }))).toEqual([])
})

// Every refusal leads to the field and says what is right.
test.each([
  [
    'a negative weight',
    { backendRefs: [{ name: 'a', weight: -1 }] },
    'spec.rules.0.backendRefs.0.weight: a weight cannot be negative',
  ],
  [
    'a fractional weight',
    { backendRefs: [{ name: 'a', weight: 1.5 }] },
    'spec.rules.0.backendRefs.0.weight: weights are whole numbers',
  ],
  ['a backreference', { matches: [{ path: { type: 'RegularExpression', value: '(a)\\1' } }] }, 'RE2 syntax'],
  [
    'a look-ahead',
    { matches: [{ headers: [{ type: 'RegularExpression', name: 'x', value: 'a(?=b)' }] }] },
    'RE2 syntax',
  ],
  ['a bad duration', { timeouts: { request: '1.5s' } }, 'spec.rules.0.timeouts.request: must be a duration'],
  ['an unknown field', { timeout: '1s' }, 'spec.rules.0'],
  [
    'line breaks in a header',
    { filters: [{ type: 'RequestHeaderModifier', requestHeaderModifier: { set: [{ name: 'a', value: 'b\r\nc' }] } }] },
    'line breaks',
  ],
  [
    'a header value beyond Latin-1',
    { filters: [{ type: 'ResponseHeaderModifier', responseHeaderModifier: { add: [{ name: 'x-a', value: '✓' }] } }] },
    'spec.rules.0.filters.0.responseHeaderModifier.add.0.value: must be characters that a header can carry',
  ],
  ...['Expect', 'host', 'Content-Length', 'Transfer-Encoding', 'connection'].flatMap(
    (name): [string, object, string][] =>
      [{ set: [{ name, value: 'x' }] }, { add: [{ name, value: 'x' }] }, { remove: [name] }].map((edit) => [
        `${Object.keys(edit)} of ${name}`,
        { filters: [{ type: 'RequestHeaderModifier', requestHeaderModifier: edit }] },
        `${name} is the proxy's own to write`,
      ]),
  ),
  ['localhost as a backend', { backendRefs: [{ name: 'localhost' }] }, 'never a service'],
  ['another kind of backend', { backendRefs: [{ kind: 'Gateway', name: 'a' }] }, 'only backends of kind Service'],
])('refuses %s', (_, body, expected) => {
  expect(mistakesOf(route(body)).join('\n')).toContain(expected)
})

test('refuses an empty list of callers and a made-up one', () => {
  expect(mistakesOf(rule({ from: [] })).join()).toContain('name at least one caller')
  expect(mistakesOf(rule({ from: [{ any: 'body' }] })).join()).toContain('{ any: authenticated }')
})

test('refuses a namespace other than default', () => {
  expect(mistakesOf({ ...rule({}), metadata: { name: 'r', namespace: 'prod' } }).join()).toContain('only the namespace')
})

test('statuses of gRPC that are repeated are named, or the mistake is', () => {
  const withStatuses = (text: string) => {
    const whole = route({ retry: {} })
    return mistakesOf({ ...whole, metadata: { name: 'catalog', annotations: { 'heddle.dev/retry-grpc': text } } })
  }
  expect(withStatuses('unavailable, resource-exhausted')).toEqual([])
  expect(withStatuses('503')).toEqual([
    'metadata.annotations.heddle.dev/retry-grpc: names statuses of gRPC such as "unavailable, resource-exhausted"',
  ])
})

import { resourceSchema } from '@heddle/shared'
import { expect, test } from 'vitest'
import { summarize } from './summary.ts'

const route = (v1: number, v2: number | undefined, extra: object = {}) =>
  resourceSchema.parse({
    apiVersion: 'gateway.networking.k8s.io/v1',
    kind: 'HTTPRoute',
    metadata: { name: 'catalog' },
    spec: {
      parentRefs: [{ kind: 'Service', name: 'catalog' }],
      rules: [
        {
          name: 'products',
          backendRefs: [
            { name: 'catalog-v1', weight: v1 },
            ...(v2 === undefined ? [] : [{ name: 'catalog-v2', weight: v2 }]),
          ],
          ...extra,
        },
      ],
    },
  })
const settings = (requestsPerSecond?: number) =>
  resourceSchema.parse({
    apiVersion: 'heddle.dev/v1',
    kind: 'Service',
    metadata: { name: 'catalog' },
    ...(requestsPerSecond && { spec: { limits: { requestsPerSecond } } }),
  })

// The list of changes says in words what an operator did, so that nobody has to read two YAML documents.
test('changes in words', () => {
  expect(summarize([{ before: route(90, 10), after: route(70, 30) }])).toBe(
    'catalog/products: catalog-v1 90 → 70, catalog-v2 10 → 30',
  )
  expect(summarize([{ before: route(90, undefined), after: route(90, 10) }])).toBe(
    'catalog/products: catalog-v2 none → 10',
  )
  expect(summarize([{ before: route(1, 1), after: route(1, 1, { timeouts: { request: '2s' } }) }])).toBe(
    'catalog/products: timeouts.request none → 2s',
  )
  expect(summarize([{ before: settings(), after: settings(500) }])).toBe(
    'Service catalog: limits.requestsPerSecond none → 500',
  )
  expect(
    summarize([
      { before: null, after: settings() },
      { before: route(1, 1), after: null },
    ]),
  ).toBe('Service catalog created; HTTPRoute catalog deleted')
})

// A first apply of a whole mesh stays one line, which says how much of what there is now.
test('many that come or go are counted by kind', () => {
  const named = (name: string) => resourceSchema.parse({ ...settings(), metadata: { name } })
  const made = (...names: string[]) => names.map((name) => ({ before: null, after: named(name) }))
  expect(summarize([...made('a', 'b'), { before: null, after: route(1, 1) }])).toBe(
    '2 Services created (a, b); HTTPRoute catalog created',
  )
  expect(summarize(made('a', 'b', 'c', 'd'))).toBe('4 Services created (a, b, c, d)')
  expect(summarize([...made('a', 'b', 'c', 'd', 'e'), { before: route(1, 1), after: null }])).toBe(
    '5 Services created (a, b, c and 2 more); HTTPRoute catalog deleted',
  )
})

// A change of very many resources stays one line.
test('long changes are cut', () => {
  const many = Array.from({ length: 50 }, () => ({ before: settings(), after: settings(500) }))
  expect(summarize(many)).toMatch(/; and 45 more$/)
})

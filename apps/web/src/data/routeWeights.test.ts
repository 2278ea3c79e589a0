import { httpRouteSchema } from '@heddle/shared/resources/httpRoute'
import { expect, test } from 'vitest'
import { withSplit } from './routeWeights.ts'

const route = httpRouteSchema.parse({
  apiVersion: 'gateway.networking.k8s.io/v1',
  kind: 'HTTPRoute',
  metadata: { name: 'catalog' },
  spec: {
    parentRefs: [{ kind: 'Service', name: 'catalog' }],
    rules: [
      { name: 'products', backendRefs: [{ name: 'catalog-v1', weight: 90 }, { name: 'catalog-v2' }] },
      { backendRefs: [{ name: 'catalog-v1' }] },
      { name: 'moved', filters: [] },
    ],
  },
})
const weightsOf = (changed: typeof route | null) =>
  changed?.spec.rules.map(({ backendRefs }) => backendRefs?.map(({ weight }) => weight))

// One rule changes, by its name or, where it has none, by its place; the others and the given route stay as they are.
test('weights are changed in one rule', () => {
  const both = new Map([
    ['catalog-v1', 999],
    ['catalog-v2', 1],
  ])
  expect(weightsOf(withSplit(route, 'products', both))).toEqual([[999, 1], [undefined], undefined])
  expect(weightsOf(withSplit(route, 'rule-1', new Map([['catalog-v1', 5]])))).toEqual([[90, undefined], [5], undefined])
  expect(withSplit(route, 'rule-0', both)).toBe(null)
  expect(weightsOf(route)).toEqual([[90, undefined], [undefined], undefined])
})

// Backends come and go with the names that the split has; one that stays keeps what else it says.
test('backends are added behind the others and taken out', () => {
  const split = new Map([
    ['catalog-v3', 20],
    ['catalog-v1', 80],
  ])
  const [rule] = withSplit(route, 'products', split)?.spec.rules ?? []
  expect(rule?.backendRefs).toEqual([
    { name: 'catalog-v1', weight: 80 },
    { kind: 'Service', name: 'catalog-v3', weight: 20 },
  ])
})

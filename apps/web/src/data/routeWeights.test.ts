import { httpRouteSchema } from '@heddle/shared/resources/httpRoute'
import { expect, test } from 'vitest'
import { withWeights } from './routeWeights.ts'

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
  expect(weightsOf(withWeights(route, 'products', [999, 1]))).toEqual([[999, 1], [undefined], undefined])
  expect(weightsOf(withWeights(route, 'products', [70]))).toEqual([[70, 1], [undefined], undefined])
  expect(weightsOf(withWeights(route, 'rule-1', [5]))).toEqual([[90, undefined], [5], undefined])
  expect(withWeights(route, 'rule-0', [5])).toBe(null)
  expect(withWeights(route, 'moved', [5])?.spec.rules[2]).not.toHaveProperty('backendRefs')
  expect(weightsOf(route)).toEqual([[90, undefined], [undefined], undefined])
})

import { expect, test } from 'vitest'
import { type RuleAt, risingVersion } from './rising.ts'

const route = (...weights: [string, number | undefined][]) => ({
  spec: {
    rules: [
      { backendRefs: [{ name: 'elsewhere' }] },
      { backendRefs: weights.map(([name, weight]) => ({ name, ...(weight !== undefined && { weight }) })) },
    ],
  },
})
const change = (before: unknown, after: unknown) => ({
  items: [{ ref: { kind: 'HTTPRoute' as const, name: 'catalog' }, before, after }],
})
const rule: RuleAt = {
  route: 'catalog',
  index: 1,
  backends: new Map([
    ['catalog-v1', { service: 'catalog', version: 'v1' }],
    ['catalog-v2', { service: 'catalog', version: 'v2' }],
    ['catalog', { service: 'catalog', version: null }],
  ]),
}

// The strip after a change follows the backend that got more, before a single call of it was counted.
test('the version that a change favours is known by its weights', () => {
  const was = route(['catalog-v1', 90], ['catalog-v2', 10])
  expect(risingVersion(change(was, route(['catalog-v1', 70], ['catalog-v2', 30])), rule)).toBe('v2')
  expect(risingVersion(change(was, route(['catalog-v1', 100], ['catalog-v2', 0])), rule)).toBe('v1')
  expect(risingVersion(change(was, route(['catalog-v1', undefined], ['catalog-v2', undefined])), rule)).toBe('v2')
  // Added, or made with the route.
  expect(risingVersion(change(route(['catalog-v1', 1]), was), rule)).toBe('v2')
  expect(risingVersion(change(null, was), rule)).toBe('v1')
})

test('a change without a favourite has none', () => {
  const was = route(['catalog-v1', 9], ['catalog-v2', 1])
  expect(risingVersion(change(was, route(['catalog-v1', 90], ['catalog-v2', 10])), rule)).toBeNull()
  expect(risingVersion(change(was, null), rule)).toBeNull()
  expect(risingVersion(change(was, { spec: 'nonsense' }), rule)).toBeNull()
  // Every version of the service at once.
  expect(risingVersion(change(was, route(['catalog', 1])), rule)).toBeNull()
  expect(risingVersion(change(was, route(['catalog-v2', 1])), { ...rule, route: 'another' })).toBeNull()
})

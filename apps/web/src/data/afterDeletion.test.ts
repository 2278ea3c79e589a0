import { expect, test } from 'vitest'
import { afterDeletion, afterLastDeletion } from './afterDeletion.ts'

const rule = (label: string, match: string) => ({
  label,
  match,
  pathType: 'PathPrefix' as const,
  kind: 'HTTPRoute' as const,
})
const exact = rule('catalog/exact', 'GET = /products/1')
const beta = rule('catalog/beta', '/products where header x-beta is 1')
const products = rule('catalog/products', '/products')
const rest = rule('catalog/rest', 'any method /')

// Only what comes later can take the requests, and what takes everything ends the search.
test('who takes the requests of a deleted rule', () => {
  const rules = [exact, beta, products, rest]
  expect(afterDeletion(rules, 'catalog/products')).toBe('Its requests then take the route for any method /.')
  expect(afterDeletion(rules, 'catalog/beta')).toBe(
    'Its requests then take the first that matches of /products, any method /.',
  )
  expect(afterDeletion(rules, 'catalog/rest')).toBe(
    'Its requests are then answered 404 (no_route): no later route can take them.',
  )
  // An exact "/" reads alike and takes only itself.
  const home = { ...rest, pathType: 'Exact' as const }
  expect(afterDeletion([exact, home], 'catalog/exact')).toContain('404 (no_route) where none does')
  expect(afterDeletion([exact, products], 'catalog/exact')).toBe(
    'Its requests then take the first that matches of /products, and are answered 404 (no_route) where none does.',
  )
})

test('a rule with several matches is not its own heir', () => {
  expect(afterDeletion([products, rule(products.label, '/p'), rest], products.label)).toBe(
    'Its requests then take the route for any method /.',
  )
})

// Of the two kinds of routes only one holds, so that the last GRPCRoute leaves the HTTPRoutes that it kept from holding.
test('who takes the requests of the last rule', () => {
  expect(afterLastDeletion('catalog', [])).toBe('catalog then has no routes: every call goes to any ready instance.')
  expect(afterLastDeletion('catalog', ['a', 'b'])).toContain('HTTPRoute a, b, which does nothing now, holds')
})

test('calls of gRPC are told of as calls, and refused in terms of gRPC', () => {
  const [get, list] = ['catalog.Catalog/Get', 'catalog.Catalog/List'].map((match) => ({
    ...rule(`calls/${match}`, match),
    pathType: 'Exact' as const,
    kind: 'GRPCRoute' as const,
  }))
  if (get === undefined || list === undefined) throw new Error('two rules')
  expect(afterDeletion([get, list], list.label)).toBe(
    'Its calls are then answered UNIMPLEMENTED (no_route): no later route can take them.',
  )
})

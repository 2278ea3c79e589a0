import { expect, test } from 'vitest'
import { fuzzyScore, matchedParts, rank } from './fuzzy.ts'

const ranked = (query: string, names: string[]) => rank(query, names, (name) => name, 10)

// What is typed in full comes before what begins so, that before a word inside, that before letters in order.
test('the closest comes first', () => {
  expect(ranked('cart', ['restart-cartels', 'shop-cart', 'cart-events', 'cart', 'discarted', 'c-a-r-t'])).toEqual([
    'cart',
    'cart-events',
    'shop-cart',
    'restart-cartels',
    'discarted',
    'c-a-r-t',
  ])
})

// Every word must be found, in any order; letters scattered over a long text are no match.
test('all words count', () => {
  expect(fuzzyScore('roll cat', 'Take catalog-v2 back (roll back)')).not.toBeNull()
  expect(fuzzyScore('cat money', 'catalog shop')).toBeNull()
  expect(fuzzyScore('cte', 'considerable thoughts everywhere')).toBeNull()
  expect(fuzzyScore('pymnts', 'payments')).not.toBeNull()
})

// The answer is bounded, and nothing typed keeps the order given.
test('what comes back is bounded', () => {
  const many = Array.from({ length: 1_000 }, (_, i) => `service-${i}`)
  expect(rank('', many, (name) => name, 3)).toEqual(['service-0', 'service-1', 'service-2'])
})

// Parts in bold never overlap, so that a name is written once.
test('matched parts', () => {
  expect(matchedParts('cat catal log', 'catalog')).toEqual([[0, 7]])
  expect(matchedParts('x', 'catalog')).toEqual([])
})

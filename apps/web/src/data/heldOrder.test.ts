import { expect, test } from 'vitest'
import { heldOrder } from './heldOrder.ts'

// A square stays where it is while the same services call each other.
test('names that change places stay', () => {
  const before = ['cart', 'catalog', 'payments']
  expect(heldOrder(before, ['catalog', 'payments', 'cart'])).toBe(before)
})

test('a new name comes last, and one that is gone leaves no gap', () => {
  expect(heldOrder(['cart', 'catalog', 'payments'], ['reviews', 'payments', 'cart'])).toEqual([
    'cart',
    'payments',
    'reviews',
  ])
})

// Another filter is another question, whose most active come first.
test('other names have their own order', () => {
  const now = ['reviews', 'shipping', 'cart']
  expect(heldOrder(['cart', 'catalog', 'payments'], now)).toBe(now)
  expect(heldOrder([], now)).toBe(now)
})

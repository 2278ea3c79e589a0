import { expect, test } from 'vitest'
import { didYouMean, editDistance, nearest } from './didYouMean.ts'

// Swapped neighbours are one slip of the fingers, not two.
test('a swap of two letters counts once', () => {
  expect(editDistance('catlaog', 'catalog')).toBe(1)
  expect(editDistance('catlog', 'catalog')).toBe(1)
  expect(editDistance('', 'abc')).toBe(3)
})

// Advice names the word that was meant, also when only the case differs, and keeps quiet when nothing is near.
test('the nearest word is found, and none where all are far', () => {
  expect(nearest('catlog', ['cart', 'catalog', 'checkout'])).toBe('catalog')
  expect(nearest('httproute', ['Service', 'HTTPRoute'])).toBe('HTTPRoute')
  expect(nearest('payments', ['cart', 'catalog'])).toBeUndefined()
  expect(didYouMean('stauts', ['stat', 'status'])).toBe('did you mean "status"?')
})

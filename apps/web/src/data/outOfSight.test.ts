import { expect, test } from 'vitest'
import { mayStay } from './outOfSight.ts'

const last = { shape: 'a,b', to: 1_000 }
const wanted = { shape: 'a,b', to: 6_000, isInSight: false }

// Nothing that somebody sees is of an earlier reading, and nothing is missing or too many anywhere.
test('only numbers that nobody sees may be of before', () => {
  expect(mayStay(last, wanted)).toBe(true)
  expect(mayStay(last, { ...wanted, isInSight: true })).toBe(false)
  expect(mayStay(last, { ...wanted, shape: 'a,b,c' })).toBe(false)
  expect(mayStay(null, wanted)).toBe(false)
})

// Whoever searches the page, or has it read aloud, finds nothing older.
test('half a minute on it is drawn all the same', () => {
  expect(mayStay(last, { ...wanted, to: 30_999 })).toBe(true)
  expect(mayStay(last, { ...wanted, to: 31_000 })).toBe(false)
})

test('numbers of an earlier range are drawn', () => {
  expect(mayStay(last, { ...wanted, to: 999 })).toBe(false)
})

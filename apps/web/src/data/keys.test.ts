import { expect, test } from 'vitest'
import { actOf } from './keys.ts'

// "g" and then a letter goes somewhere; the letter alone never does.
test('two keys go to a page', () => {
  expect(actOf('s', 'g')).toEqual({ act: 'go', href: '/services' })
  expect(actOf('s', null)).toBeNull()
  expect(actOf('x', 'g')).toBeNull()
})

// A "k" after "g" is no step through the list.
test('single keys', () => {
  expect(actOf('j', null)).toEqual({ act: 'row', by: 1 })
  expect(actOf('k', 'g')).toBeNull()
  expect(actOf('?', null)).toEqual({ act: 'keys' })
})

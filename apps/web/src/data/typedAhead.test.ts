import { expect, test } from 'vitest'
import { typedAhead } from './typedAhead.ts'

test('keys before a field is there write what they would have written', () => {
  const type = (...keys: string[]) => keys.reduce(typedAhead, '')
  expect(type('p', 'a', 'y')).toBe('pay')
  expect(type('p', 'Shift', 'Ü', 'Backspace', 'Enter', ' ')).toBe('p ')
  expect(type('Backspace', '😀', 'Backspace')).toBe('')
})

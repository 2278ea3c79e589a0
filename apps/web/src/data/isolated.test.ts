import { expect, test } from 'vitest'
import { isolated } from './isolated.ts'

// A name that turns the direction of writing turns nothing but itself.
test('a name is isolated and cannot end its isolation', () => {
  expect(isolated('ana')).toBe('\u2068ana\u2069')
  expect(isolated('evil\u202etxt.exe\u2069')).toBe('\u2068eviltxt.exe\u2069')
})

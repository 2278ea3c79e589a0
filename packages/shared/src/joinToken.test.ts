import { expect, test } from 'vitest'
import { formatJoinToken, hashSecret, newId, newSecret, parseJoinToken } from './joinToken.ts'

test('a token round-trips, with white space around it', () => {
  const token = { id: newId(), secret: newSecret(), rootSha256: newSecret() }
  expect(parseJoinToken(` ${formatJoinToken(token)}\n`)).toEqual(token)
})

test.each(['', 'heddle', 'heddle.a.b.c', `heddle.${'a'.repeat(12)}.${'b'.repeat(43)}`])('%j is no token', (text) => {
  expect(parseJoinToken(text)).toBeUndefined()
})

test('a stored hash does not contain the secret', () => {
  expect(hashSecret('abc')).toMatch(/^[0-9a-f]{64}$/)
})

import { expect, test } from 'vitest'
import { tokenState } from './tokenState.ts'

const now = Date.UTC(2026, 10, 18, 14)
const later = new Date(now + 3_600_000).toISOString()

// A token says whether it still opens something and, where it does not, why.
test('tokens that open nothing say why', () => {
  expect(tokenState({ revoked: true, expiresAt: later }, now).word).toBe('Revoked')
  expect(tokenState({ revoked: false, expiresAt: new Date(now).toISOString() }, now).word).toBe('Expired')
  expect(tokenState({ revoked: false, expiresAt: later, uses: 2, used: 2 }, now)).toEqual({
    isGood: false,
    word: 'Used up',
  })
  const good = tokenState({ revoked: false, expiresAt: later, uses: 3, used: 1 }, now)
  expect(good.isGood).toBe(true)
  expect(good.word).toMatch(/^Good for 2\smore uses, until 15:00\sUTC$/)
  expect(tokenState({ revoked: false, expiresAt: null }, now).word).toBe('Good until it is revoked')
})

import { expect, test } from 'vitest'
import { isSame } from './isSame.ts'

// A row is drawn again only for other numbers: a new object that says the same is the same.
test('what says the same is the same', () => {
  const row = { service: 'cart', versions: [{ version: 'v1', share: null }], requests: 3 }
  expect(isSame(row, structuredClone(row))).toBe(true)
  expect(isSame(row, { ...row, requests: 4 })).toBe(false)
  expect(isSame(row, { ...row, versions: [{ version: 'v1', share: 0 }] })).toBe(false)
  expect(isSame(null, null)).toBe(true)
  expect(isSame(null, row)).toBe(false)
})

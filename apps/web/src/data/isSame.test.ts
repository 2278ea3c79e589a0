import { expect, test } from 'vitest'
import { isSame, keepSame } from './isSame.ts'

const row = { service: 'cart', versions: [{ version: 'v1', share: null }], requests: 3 }

// A row is drawn again only for other numbers: a new object that says the same is the same.
test('what says the same is the same', () => {
  expect(isSame(row, structuredClone(row))).toBe(true)
  expect(isSame(row, { ...row, requests: 4 })).toBe(false)
  expect(isSame(row, { ...row, versions: [{ version: 'v1', share: 0 }] })).toBe(false)
  expect(isSame(row, { ...row, owner: undefined })).toBe(false)
  expect(isSame([1, 2], [1])).toBe(false)
  expect(isSame([], {})).toBe(false)
  expect(isSame(null, null)).toBe(true)
  expect(isSame(null, row)).toBe(false)
  expect(isSame(new Date(1), new Date(2))).toBe(false)
})

// Whoever compares a row by what it is, not by what it says, sees that it has not changed.
test('a newer answer keeps the rows that it repeats', () => {
  const before = { range: { from: 0 }, rows: [row, { ...row, service: 'books' }], series: { values: [1, 2] } }
  const newer = structuredClone(before)
  newer.range.from = 10
  newer.rows[1] = { service: 'books', versions: [], requests: 5 }
  const kept = keepSame(before, newer) as typeof before
  expect(kept).toEqual(newer)
  expect(kept.rows[0]).toBe(row)
  expect(kept.series).toBe(before.series)
  expect(kept.rows).not.toBe(before.rows)
  expect(keepSame(before, structuredClone(before))).toBe(before)
  expect(keepSame(undefined, newer)).toBe(newer)
  // Neither answer is changed.
  expect(before.range.from).toBe(0)
  expect(newer.rows[0]).not.toBe(row)
})

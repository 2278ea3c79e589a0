import type { Change } from '@heddle/shared/api/index'
import { expect, test } from 'vitest'
import { byDay, matchesChange, targetOf } from './changeList.ts'

const change = (revision: number, at: number, actor = 'ana'): Change =>
  Object.freeze<Change>({
    revision,
    at,
    actor,
    kind: 'apply',
    summary: 'catalog/products: catalog-v1 90 → 70',
    reverts: null,
    revertable: true,
    items: [{ ref: { kind: 'HTTPRoute', name: 'catalog' }, before: null, after: null }],
  })

// Days are UTC, and keep the order given.
test('by day', () => {
  const noon = Date.UTC(2026, 10, 18, 12)
  const days = byDay(Object.freeze([change(3, noon), change(2, noon - 3_600_000), change(1, noon - 86_400_000)]))
  expect(days.map((day) => day.changes.map((c) => c.revision))).toEqual([[3, 2], [1]])
})

// Every word must hold; people are named with who:.
test('filtering', () => {
  expect(matchesChange(change(3, 0), 'who:ana catalog')).toBe(true)
  expect(matchesChange(change(3, 0), 'who:li')).toBe(false)
  expect(matchesChange(change(3, 0), 'httproute')).toBe(true)
  expect(targetOf(change(3, 0))).toBe('catalog')
})

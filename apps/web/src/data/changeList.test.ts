import type { Change } from '@heddle/shared/api/index'
import { expect, test } from 'vitest'
import { byDay, folded, targetOf } from './changeList.ts'

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

// Days are those of the zone, and keep the order given.
test('by day', () => {
  const noon = Date.UTC(2026, 10, 18, 12)
  const days = byDay(Object.freeze([change(3, noon), change(2, noon - 3_600_000), change(1, noon - 86_400_000)]), 'utc')
  expect(days.map((day) => day.changes.map((c) => c.revision))).toEqual([[3, 2], [1]])
})

test('what a change touched', () => {
  expect(targetOf(change(3, 0))).toBe('catalog')
})

// What a machine made in a row is one line; what people did stands alone, and nothing is lost or moved.
test('join tokens are folded', () => {
  const token = (revision: number, actor: string): Change => ({
    ...change(revision, 0, actor),
    kind: 'token',
    summary: `Join token t${revision} for catalog created, good once`,
  })
  const list = [token(9, 'heddle up'), token(8, 'heddle up'), token(7, 'heddle up'), change(6, 0), token(5, 'ana')]
  const entries = folded(list)
  expect(entries.map((entry) => (entry.kind === 'change' ? entry.change.revision : entry.changes.length))).toEqual([
    3, 6, 5,
  ])
  expect(folded([token(2, 'ana'), token(1, 'ben')]).map(({ kind }) => kind)).toEqual(['change', 'change'])
})

import { expect, test } from 'vitest'
import { randomTraceparent, randomUuid } from './randomIds.ts'

// Thousands, so that octets are drawn anew several times between them.
test('ids have their form, and none comes twice', () => {
  const uuids = Array.from({ length: 3_000 }, randomUuid)
  for (const id of uuids) expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/)
  expect(new Set(uuids).size).toBe(uuids.length)
  const parents = Array.from({ length: 3_000 }, randomTraceparent)
  for (const id of parents) expect(id).toMatch(/^00-[0-9a-f]{32}-[0-9a-f]{16}-01$/)
  expect(new Set(parents.map((id) => id.slice(3, 35))).size).toBe(parents.length)
  expect(new Set(parents.map((id) => id.slice(36, 52))).size).toBe(parents.length)
})

// Each digit takes all of its values: a draw that is cut short, or reused, would show as one that never comes.
test('every digit is drawn', () => {
  const uuids = Array.from({ length: 3_000 }, randomUuid)
  for (let at = 0; at < 36; at++) {
    const seen = new Set(uuids.map((id) => id[at]))
    expect(seen.size).toBe([8, 13, 14, 18, 23].includes(at) ? 1 : at === 19 ? 4 : 16)
  }
})

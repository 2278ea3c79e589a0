import { expect, test } from 'vitest'
import { randomHex, randomUuid } from './randomIds.ts'

// Thousands, so that the octets are drawn anew several times between them.
test('ids have their form, and none comes twice', () => {
  const uuids = Array.from({ length: 3_000 }, randomUuid)
  for (const id of uuids) expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/)
  expect(new Set(uuids).size).toBe(uuids.length)
  const spans = Array.from({ length: 3_000 }, () => randomHex(8))
  for (const id of spans) expect(id).toMatch(/^[0-9a-f]{16}$/)
  expect(new Set(spans).size).toBe(spans.length)
})

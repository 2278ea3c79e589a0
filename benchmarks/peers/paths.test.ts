import { expect, test } from 'vitest'
import { bodyOf, SIZES } from './paths.ts'

test('a body is JSON of exactly its size', () => {
  for (const bytes of Object.values(SIZES)) {
    expect(Buffer.byteLength(bodyOf(bytes))).toBe(bytes)
    expect(JSON.parse(bodyOf(bytes))).toHaveProperty('items')
  }
})

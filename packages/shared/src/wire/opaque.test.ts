import { expect, test } from 'vitest'
import { decodeOpaqueAnswer, encodeOpaqueAnswer, type OpaqueAnswer } from './opaque.ts'

// What is on the wire between proxies of two builds never changes its meaning.
test.each<[OpaqueAnswer, number]>([
  ['accepted', 0],
  ['denied', 1],
  ['rate_limited', 2],
  ['misdirected', 3],
  ['tls_failed', 4],
  ['app_unreachable', 5],
  ['overloaded', 6],
  ['destination_unknown', 7],
  ['protocol_mismatch', 8],
])('%s is the octet %i', (answer, octet) => {
  expect([...encodeOpaqueAnswer(answer)]).toEqual([octet])
  expect(decodeOpaqueAnswer(octet)).toBe(answer)
})

// A refusal of a newer build is none that we know, and never taken for an acceptance.
test('every other octet is unknown', () => {
  for (let octet = 9; octet < 256; octet++) expect(decodeOpaqueAnswer(octet)).toBeUndefined()
})

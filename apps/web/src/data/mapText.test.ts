import { expect, test } from 'vitest'
import { goldenTexts, mapTitle } from './mapText.ts'
import { NBSP } from './numbers.ts'

// An edge in trouble may be slow as well as failing: the title says what is true of both. A card may be in trouble between
// edges that are not, by one of its versions: all is not well then.
test('the title counts what is in trouble', () => {
  const title = (edges: number, troubled: number, troubledCards = 0) =>
    mapTitle({ all: { services: 9, carded: { services: 7, troubled: troubledCards }, edges, troubled } })
  expect(title(0, 0)).toBe('No calls in this range')
  expect(title(1, 0)).toBe('The one edge meets its objective')
  expect(title(7, 0)).toBe(`All 7${NBSP}edges meet their objectives`)
  expect(title(7, 1)).toBe(`1 of 7${NBSP}edges misses its objective`)
  expect(title(7, 3)).toBe(`3 of 7${NBSP}edges miss their objectives`)
  expect(title(9, 0, 1)).toBe(`1 of 7${NBSP}services needs attention; all 9${NBSP}edges meet their objectives`)
  expect(title(9, 1, 2)).toBe(`2 of 7${NBSP}services need attention; 1 of 9${NBSP}edges misses its objective`)
})

// TCP is told in connections and bytes: it has no requests, and how long it took to be taken is not what one looks for.
test('numbers of an edge', () => {
  const latencyMs = { p50: 1, p95: 2, p99: 42 }
  const golden = { requests: 42, failures: 0, requestsPerSecond: 0.42, successRate: 100, latencyMs }
  const success = `100.00${NBSP}%`
  expect(goldenTexts({ golden, bytesPerSecond: null })).toEqual([success, `0.42${NBSP}rps`, `p99${NBSP}42.0${NBSP}ms`])
  expect(goldenTexts({ golden, bytesPerSecond: { to: 500, from: 2_000 } })).toEqual([
    success,
    `0.42${NBSP}conn/s`,
    `500${NBSP}B/s in, 2.00${NBSP}kB/s out`,
  ])
})

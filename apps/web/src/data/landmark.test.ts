import { expect, test } from 'vitest'
import type { HealthState } from '../server/schemas/numbers.ts'
import { landmarkOf } from './landmark.ts'

function card(id: string, state: HealthState, requestsPerSecond: number) {
  const latencyMs = { p50: 1, p95: 2, p99: 3 }
  return {
    id,
    health: { state, reason: null, cause: null, since: null },
    golden: { requests: 1, failures: 0, requestsPerSecond, successRate: 100, latencyMs },
  }
}

// Trouble first, then traffic; of equals always the same.
test('a map begins where there is most to see', () => {
  const well = [card('quiet', 'healthy', 1), card('busy', 'healthy', 9), card('alike', 'healthy', 9)]
  expect(landmarkOf(well, null)).toBe('alike')
  const slow = [...well, card('slow', 'degraded', 2), card('slower', 'degraded', 5)]
  expect(landmarkOf(slow, null)).toBe('slower')
  expect(landmarkOf([...slow, card('down', 'failing', 0)], null)).toBe('down')
  expect(landmarkOf([], null)).toBeNull()
})

// New numbers do not move the view; it is chosen anew only when its card has gone.
test('the card stays the same while it is there', () => {
  const nodes = [card('a', 'healthy', 1), card('b', 'failing', 9)]
  expect(landmarkOf(nodes, 'a')).toBe('a')
  expect(landmarkOf(nodes, 'gone')).toBe('b')
})

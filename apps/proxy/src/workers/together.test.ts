import { expect, test } from 'vitest'
import { latestEjections, sumOfUsage } from './together.ts'

// Each worker judges endpoints for itself: the control plane hears of all, each once, until the last lets it back in.
test('an instance that several leave alone is told once, with the latest end', () => {
  const lists = [
    [
      { instance: 'a', untilMs: 3 },
      { instance: 'b', untilMs: 1 },
    ],
    [],
    [{ instance: 'a', untilMs: 5 }],
  ]
  expect(latestEjections(lists)).toEqual([
    { instance: 'a', untilMs: 5 },
    { instance: 'b', untilMs: 1 },
  ])
})

test('what processes take adds up, and what one cannot tell is not told', () => {
  const one = { cpuSeconds: 1, residentBytes: 10, heapUsedBytes: 5, openFds: 3 }
  expect(sumOfUsage(one, [one, one])).toEqual({ cpuSeconds: 3, residentBytes: 30, heapUsedBytes: 15, openFds: 9 })
  expect(sumOfUsage(one, [{ ...one, openFds: null }, one]).openFds).toBeNull()
})

import { expect, test } from 'vitest'
import { mapThreadUnit, weave } from './mapThreads.ts'

// No side has more threads than its eye holds, and traffic that is there at all has one.
test('threads stand for volume', () => {
  const edges = [
    { source: 'a', target: 'b', requestsPerSecond: 900 },
    { source: 'a', target: 'c', requestsPerSecond: 0.01 },
  ]
  const unit = mapThreadUnit(edges)
  const positions = new Map(['a', 'b', 'c'].map((id, i) => [id, { x: i * 300, y: 0 }]))
  const { strands, eyes } = weave(edges, { positions, bends: new Map() }, unit)
  expect(unit).toBe(50)
  expect(strands.get('a b')?.count).toBe(18)
  expect(strands.get('a c')?.count).toBe(1)
  expect(eyes.get('a>')?.half).toBeLessThanOrEqual(28)
})

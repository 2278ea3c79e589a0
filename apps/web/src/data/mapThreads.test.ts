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

// A tick moves a few volumes by so much that a thread comes or goes: the others are not drawn for that.
test('what lies as it lay is the same', () => {
  const layout = {
    positions: new Map(['a', 'b', 'c', 'd'].map((id, i) => [id, { x: i * 300, y: i * 50 }])),
    bends: new Map(),
  }
  const volumes = (toB: number) => [
    { source: 'a', target: 'b', requestsPerSecond: toB },
    { source: 'c', target: 'd', requestsPerSecond: 30 },
  ]
  const before = weave(volumes(20), layout, 10)
  const alike = weave(volumes(21), layout, 10, before)
  expect(alike.strands.get('a b')).toBe(before.strands.get('a b'))
  const moved = weave(volumes(50), layout, 10, before)
  expect(moved.strands.get('a b')).not.toEqual(before.strands.get('a b'))
  expect(moved.strands.get('c d')).toBe(before.strands.get('c d'))
  expect(moved).toEqual(weave(volumes(50), layout, 10))
})

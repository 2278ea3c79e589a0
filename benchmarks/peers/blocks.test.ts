import { expect, test } from 'vitest'
import { orderOfBlocks } from './blocks.ts'

test('two arms take turns as ABBA, then BAAB', () => {
  expect(orderOfBlocks(['a', 'b'], 3)).toEqual([
    ['a', 'b', 'b', 'a'],
    ['b', 'a', 'a', 'b'],
    ['a', 'b', 'b', 'a'],
  ])
})

// Otherwise a machine that gets slower within a block would count against the last one.
test('within a block every arm has the same mean position', () => {
  for (const block of orderOfBlocks(['a', 'b', 'c', 'd', 'e'], 7)) {
    const positions = Map.groupBy(block.keys(), (i) => block[i])
    for (const [, at] of positions) expect(at.reduce((sum, i) => sum + i, 0) / at.length).toBe(4.5)
    expect(positions.size).toBe(5)
  }
})

test('without arms there is nothing to do', () => {
  expect(orderOfBlocks([], 2)).toEqual([[], []])
})

import { seededRandom } from '@heddle/testkit/random'
import { expect, test } from 'vitest'
import { median, medianInterval, noiseFloorOf, pairedRatio, quantileOfSorted, verdictOf } from './statistics.ts'

test('medians and quantiles', () => {
  expect(median([3, 1, 2])).toBe(2)
  expect(median([4, 1, 3, 2])).toBe(2.5)
  expect(median([])).toBeNaN()
  expect(quantileOfSorted([1, 2, 3, 4], 0.5)).toBe(2)
  expect(quantileOfSorted([1, 2, 3, 4], 0.99)).toBe(4)
  expect(quantileOfSorted([], 0.5)).toBeNaN()
})

// The chances are those of tossing a coin: of 6 values all are on one side of the median in 2 of 64 cases.
test('few values give their whole range, and say how little that is worth', () => {
  expect(medianInterval([3, 1, 2])).toEqual({ low: 1, high: 3, coverage: 0.75 })
  expect(medianInterval([5])).toEqual({ low: 5, high: 5, coverage: 0 })
  expect(medianInterval([1, 2, 3, 4, 5, 6])).toEqual({ low: 1, high: 6, coverage: 0.96875 })
  expect(medianInterval([]).coverage).toBe(0)
})

// For 20 values tables of the sign test give the 6th and the 15th, with 95.86 %.
test('many values give the narrowest interval that is sure enough', () => {
  const { low, high, coverage } = medianInterval(Array.from({ length: 20 }, (_, i) => i + 1))
  expect([low, high]).toEqual([6, 15])
  expect(coverage).toBeCloseTo(0.9586, 4)
})

// What the interval promises, tried: whatever the distribution, it holds the true median at least so often.
test('the interval holds the true median as often as it says', () => {
  const random = seededRandom(7)
  for (const n of [6, 9, 20]) {
    let held = 0
    for (let i = 0; i < 4_000; i++) {
      const values = Array.from({ length: n }, () => -Math.log(1 - random()))
      const { low, high } = medianInterval(values)
      if (low <= Math.LN2 && Math.LN2 <= high) held++
    }
    expect(held / 4_000).toBeGreaterThan(0.94)
  }
})

// A machine that gets slower from block to block, as one does that gets warm, moves no ratio.
test('drift between blocks does not reach the ratio', () => {
  const blocks = [1, 1.5, 2, 4, 8, 16].map((slow) => ({ ours: [slow, slow], theirs: [2 * slow, 2 * slow] }))
  const { median: middle, low, high, blocks: n } = pairedRatio(blocks)
  expect(middle).toBeCloseTo(0.5)
  expect(low).toBeCloseTo(0.5)
  expect(high).toBeCloseTo(0.5)
  expect(n).toBe(6)
})

// Drift within a block goes up for one side as it goes down for the other.
test('ours, theirs, theirs, ours under steady drift is even', () => {
  const { median: middle } = pairedRatio([{ ours: [1, 1.331], theirs: [1.1, 1.21] }])
  expect(middle).toBeCloseTo(1)
})

test('the noise floor is the farther end of what an arm shows against itself', () => {
  expect(noiseFloorOf({ median: 1, low: 0.98, high: 1.01, coverage: 1, blocks: 6 })).toBeCloseTo(0.0204)
  expect(noiseFloorOf({ median: 1, low: 0.99, high: 1.05, coverage: 1, blocks: 6 })).toBeCloseTo(0.05)
})

test('an interval across the target decides nothing', () => {
  expect(verdictOf({ low: 0.6, high: 0.8, coverage: 0.97 }, 0.8)).toBe('met')
  expect(verdictOf({ low: 0.7, high: 0.9, coverage: 0.97 }, 0.8)).toBe('too close to tell')
  expect(verdictOf({ low: 0.81, high: 0.9, coverage: 0.97 }, 0.8)).toBe('MISSED')
})

import { expect, test } from 'vitest'
import { bundle, threadCount, threadUnit } from './neighbours.ts'

// The unit is the smallest that keeps a side at 80 threads, the same for both sides.
test('one unit for both sides', () => {
  expect(
    threadUnit([
      [47.7, 11.7, 7.65],
      [58.3, 41.2],
    ]),
  ).toBe(2)
  expect(threadUnit([[3], [1]])).toBe(0.1)
  expect(threadUnit([[], []])).toBe(0.1)
})

// Traffic is never invisible, and silence has no thread.
test('thread counts', () => {
  expect([0, 0.01, 1, 2.4].map((rps) => threadCount(rps, 1))).toEqual([0, 1, 1, 2])
})

// All threads run through the eye, in order and without overlap.
test('threads meet in the eye', () => {
  const { strands, eye } = bundle(Object.freeze([4, 1, 2]), [0, 34, 68], 34, 200)
  for (const [i, strand] of strands.entries()) {
    expect(strand.innerY).toBeGreaterThanOrEqual(eye.top)
    expect(strand.innerY).toBeLessThanOrEqual(eye.top + eye.height)
    expect(strand.outerY).toBeGreaterThanOrEqual(i * 34)
    if (i > 0) expect(strand.innerY).toBeGreaterThan(strands[i - 1]?.innerY ?? 0)
  }
})

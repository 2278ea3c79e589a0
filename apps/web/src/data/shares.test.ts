import { expect, test } from 'vitest'
import { apportion, isSameSplit, moveShare, shareLimits, sharesOf, sharesText, threadsOf } from './shares.ts'

/** Mulberry32: the same sequence for the same seed. */
function seeded(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let t = state
    t = Math.imul(t ^ (t >>> 15), t | 1)
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61)
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296
  }
}
const sum = (values: readonly number[]) => values.reduce((a, b) => a + b, 0)

// Relative weights of any size become whole percents that add to 100, none off by a whole percent.
test('shares of arbitrary weights', () => {
  const random = seeded(7)
  for (let round = 0; round < 2_000; round++) {
    const weights = Array.from({ length: 1 + Math.floor(random() * 6) }, () => Math.floor(random() * 1_000_000))
    if (sum(weights) === 0) continue
    const shares = sharesOf(weights)
    expect(sum(shares)).toBe(100)
    for (const [i, share] of shares.entries())
      expect(Math.abs(share - (100 * (weights[i] ?? 0)) / sum(weights))).toBeLessThan(1)
  }
  expect(sharesOf([1, 1, 1])).toEqual([34, 33, 33])
  expect(sharesOf([0, 0])).toEqual([0, 0])
  expect(sharesOf([9, 1])).toEqual([90, 10])
})

// Whatever is moved wherever, with any locks: the total stays 100, shares stay whole and 0–100, locked ones stay put,
// the moved one lands where it was sent (or at its limit), and the others keep their proportions to within one percent.
test('moving one backend keeps every promise', () => {
  const random = seeded(42)
  for (let round = 0; round < 20_000; round++) {
    const count = 2 + Math.floor(random() * 5)
    const from = Object.freeze(
      apportion(
        100,
        Array.from({ length: count }, () => (random() < 0.2 ? 0 : random())),
      ),
    )
    const locked = Object.freeze(Array.from({ length: count }, () => random() < 0.3))
    const index = Math.floor(random() * count)
    const to = Math.floor(random() * 140) - 20
    const result = moveShare({ from, locked, index, to })

    expect(sum(result)).toBe(100)
    for (const share of result) {
      expect(Number.isInteger(share)).toBe(true)
      expect(share).toBeGreaterThanOrEqual(0)
      expect(share).toBeLessThanOrEqual(100)
    }
    for (const [i, isLocked] of locked.entries()) if (isLocked) expect(result[i]).toBe(from[i])
    if (locked[index]) {
      expect(result).toEqual(from)
      continue
    }
    const [least, most] = shareLimits(from, locked, index)
    expect(result[index]).toBe(Math.min(most, Math.max(least, to)))

    const others = from.map((_, i) => i).filter((i) => i !== index && !locked[i])
    const before = sum(others.map((i) => from[i] ?? 0))
    const after = sum(others.map((i) => result[i] ?? 0))
    if (before > 0)
      for (const i of others) expect(Math.abs((result[i] ?? 0) - ((from[i] ?? 0) * after) / before)).toBeLessThan(1)
  }
})

// Walking away and back along one slider returns to where it began: rounding never accumulates.
test('a move is judged from where the hand began', () => {
  const from = [50, 30, 20]
  const locked = [false, false, false]
  for (let to = 0; to <= 100; to++) moveShare({ from, locked, index: 0, to })
  expect(moveShare({ from, locked, index: 0, to: 50 })).toEqual(from)
})

// With the only other backend locked, a share cannot leave its place.
test('nothing moves when nothing may give', () => {
  expect(moveShare({ from: [90, 10], locked: [true, false], index: 1, to: 40 })).toEqual([90, 10])
  expect(shareLimits([90, 10], [true, false], 1)).toEqual([10, 10])
})

// Each backend has exactly its share of threads in both rows, and only the difference moves.
test('threads show exactly what moves', () => {
  const random = seeded(3)
  const split = () => apportion(100, [random(), random(), random(), random()])
  for (let round = 0; round < 500; round++) {
    const now = Object.freeze(split())
    const proposed = Object.freeze(split())
    const threads = threadsOf(now, proposed)
    for (const backend of [0, 1, 2, 3]) {
      expect(threads.now.filter((b) => b === backend).length).toBe(now[backend])
      expect(threads.proposed.filter((b) => b === backend).length).toBe(proposed[backend])
    }
    expect(threads.moved).toBe(sum(now.map((share, i) => Math.max(0, share - (proposed[i] ?? 0)))))
  }
  expect(threadsOf([90, 10], [70, 30]).moved).toBe(20)
})

// A share that rounds to nothing still reads as something, and is not the same split as nothing.
test('a canary below one percent', () => {
  expect(sharesText([999, 1])).toBe('>99 / <1')
  expect(sharesText([100, 0])).toBe('100 / 0')
  expect(sharesText([7, 3])).toBe('70 / 30')
  expect(isSameSplit([100, 0], [999, 1])).toBe(false)
  expect(isSameSplit([90, 10], [9, 1])).toBe(true)
  expect(isSameSplit([34, 33, 33], [1, 1, 1])).toBe(false)
})

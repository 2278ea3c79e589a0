import { expect, test } from 'vitest'
import { chanceOfAtLeast, chanceOfDifference, compareRates } from './chance.ts'

// Fisher's own tea, and a table whose sum is known by hand: 2·(C(10,0)·C(10,5))/C(20,5).
test('the exact test gives what the textbook does', () => {
  expect(chanceOfDifference({ hits: 3, n: 4 }, { hits: 1, n: 4 })).toBeCloseTo(0.4857, 4)
  expect(chanceOfDifference({ hits: 0, n: 10 }, { hits: 5, n: 10 })).toBeCloseTo(0.03251, 5)
  expect(chanceOfDifference({ hits: 0, n: 50 }, { hits: 0, n: 70 })).toBe(1)
})

// Where one takes over from the other, the exact test and the approximation say the same.
test('many hits are judged as few are', () => {
  const exact = chanceOfDifference({ hits: 9_800, n: 50_000 }, { hits: 10_100, n: 50_000 })
  const normal = chanceOfDifference({ hits: 29_700, n: 150_000 }, { hits: 30_220, n: 150_000 })
  expect(exact).toBeGreaterThan(0.01)
  expect(exact).toBeLessThan(0.03)
  expect(normal).toBeGreaterThan(0.01)
  expect(normal).toBeLessThan(0.03)
})

// A few calls are no evidence, and a small difference between many is none either.
test('a verdict needs calls and a difference', () => {
  expect(compareRates({ hits: 9, n: 48_600 }, { hits: 103, n: 5_431 })).toBe('beyond_chance')
  expect(compareRates({ hits: 9, n: 48_600 }, { hits: 19, n: 19 })).toBe('too_few')
  expect(compareRates({ hits: 9, n: 1_000 }, { hits: 2, n: 100 })).toBe('chance')
})

// One minus 0.995^100 for at least one of a hundred; nothing where fewer fail than expected.
test('the chance of so many failures', () => {
  expect(chanceOfAtLeast({ hits: 1, n: 100 }, 0.005)).toBeCloseTo(1 - 0.995 ** 100, 10)
  expect(chanceOfAtLeast({ hits: 5, n: 5 }, 0.5)).toBeCloseTo(0.5 ** 5, 12)
  expect(chanceOfAtLeast({ hits: 13, n: 1_000 }, 0.005)).toBeCloseTo(0.00196, 4)
  expect(chanceOfAtLeast({ hits: 1, n: 1_000 }, 0.005)).toBe(1)
  expect(chanceOfAtLeast({ hits: 1, n: 10 }, 0)).toBe(0)
})

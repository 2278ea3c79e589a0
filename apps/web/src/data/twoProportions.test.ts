import { expect, test } from 'vitest'
import { chanceOfWorse } from './twoProportions.ts'

const of = (failures: number, requests: number) => ({ failures, requests })

// Fisher's lady tasting tea (3 of 4 right, and 4 of 4), whose tails are counted by hand: 17/70 and 1/70.
test('small tables are counted exactly', () => {
  expect(chanceOfWorse(of(3, 4), of(1, 4))).toBeCloseTo(17 / 70, 12)
  expect(chanceOfWorse(of(4, 4), of(0, 4))).toBeCloseTo(1 / 70, 12)
})

// What does not fail more often is not worse, and where there is nothing to compare nothing is claimed.
test('no worse is never suspected', () => {
  expect(chanceOfWorse(of(1, 100), of(1, 100))).toBe(1)
  expect(chanceOfWorse(of(0, 100), of(5, 100))).toBe(1)
  expect(chanceOfWorse(of(0, 0), of(5, 100))).toBe(1)
  expect(chanceOfWorse(of(5, 100), of(0, 0))).toBe(1)
  expect(chanceOfWorse(of(0, 50_000), of(0, 5_000))).toBe(1)
})

// One failure of a hundred beside none of a thousand is chance often enough; forty are not.
test('the more failures, the less it is chance', () => {
  expect(chanceOfWorse(of(1, 100), of(0, 1_000))).toBeCloseTo(100 / 1_100, 10)
  expect(chanceOfWorse(of(40, 1_000), of(2, 9_000))).toBeLessThan(1e-20)
  expect(chanceOfWorse(of(103, 5_431), of(9, 48_627))).toBeLessThan(1e-30)
})

// A busy mesh has millions of calls in its window: it is still a probability.
test('large numbers stay finite', () => {
  const chance = chanceOfWorse(of(200_300, 40_000_000), of(1_000_000, 200_000_000))
  expect(chance).toBeGreaterThan(0)
  expect(chance).toBeLessThan(0.5)
})

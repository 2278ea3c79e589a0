import { seededRandom } from '@heddle/testkit/random'
import { expect, test } from 'vitest'
import { RetryBudget } from './budget.ts'

const DEFAULT = { percent: 20, minPerSecond: 10, windowMs: 10_000 }

function takeAll(budget: RetryBudget, nowMs: number): number {
  let taken = 0
  while (taken < 100_000 && budget.takeRetry(nowMs)) taken++
  return taken
}

// 20 % of the window's requests and ten for each of its seconds.
test('repeats are a share of the requests and a little more', () => {
  const budget = new RetryBudget(DEFAULT, 0)
  for (let i = 0; i < 1_000; i++) budget.countRequest(5)
  expect(takeAll(budget, 5)).toBe(200 + 100)
  expect(takeAll(budget, 9_000)).toBe(0)
})

test('what the window has left behind counts no more', () => {
  const budget = new RetryBudget(DEFAULT, 0)
  for (let i = 0; i < 1_000; i++) budget.countRequest(0)
  expect(takeAll(budget, 0)).toBe(300)
  expect(takeAll(budget, 10_000)).toBe(100)
  expect(takeAll(budget, 1e9)).toBe(100)
})

test('repeats come back into the budget as they leave the window', () => {
  const budget = new RetryBudget({ ...DEFAULT, minPerSecond: 1 }, 0)
  for (let i = 0; i < 6; i++) expect(budget.takeRetry(0)).toBe(true)
  expect(takeAll(budget, 5_000)).toBe(4)
  expect(takeAll(budget, 9_999)).toBe(0)
  expect(takeAll(budget, 10_000)).toBe(6)
  expect(takeAll(budget, 15_000)).toBe(4)
})

test('without any floor there is no repeat without requests', () => {
  const budget = new RetryBudget({ ...DEFAULT, minPerSecond: 0 }, 0)
  for (let i = 0; i < 4; i++) budget.countRequest(0)
  expect(takeAll(budget, 0)).toBe(0)
  budget.countRequest(0)
  expect(takeAll(budget, 0)).toBe(1)
})

test('a new share holds at once, a new window begins anew', () => {
  const budget = new RetryBudget(DEFAULT, 0)
  for (let i = 0; i < 1_000; i++) budget.countRequest(0)
  budget.configure({ ...DEFAULT, percent: 50 }, 0)
  expect(takeAll(budget, 0)).toBe(600)
  budget.configure({ ...DEFAULT, windowMs: 1_000 }, 0)
  expect(takeAll(budget, 0)).toBe(10)
})

// In any window the repeats stay within the budget of the requests of that window and the slot before it.
test('random traffic never gets more than the budget', () => {
  for (let seed = 0; seed < 20; seed++) {
    const random = seededRandom(seed)
    const budget = new RetryBudget({ percent: 20, minPerSecond: 1, windowMs: 10_000 }, 0)
    const requests: number[] = []
    const retries: number[] = []
    for (let nowMs = 0; nowMs < 60_000; nowMs += random() * 40) {
      const isQuiet = Math.floor(nowMs / 7_000) % 3 === 1
      if (!isQuiet || random() < 0.05) {
        budget.countRequest(nowMs)
        requests.push(nowMs)
      }
      if (budget.takeRetry(nowMs)) retries.push(nowMs)
      const within = (times: number[], spanMs: number) => times.filter((at) => at > nowMs - spanMs).length
      expect(within(retries, 9_000)).toBeLessThanOrEqual(within(requests, 10_000) * 0.2 + 10)
    }
    expect(retries.length).toBeGreaterThan(100)
  }
})

import { expect, test } from 'vitest'
import { RateLimiter } from './rateLimit.ts'

function passed(limiter: RateLimiter, caller: string | null, nowMs: number, tries: number): number {
  return Array.from({ length: tries }, () => limiter.take(caller, nowMs)).filter((verdict) => verdict === null).length
}

test('without limits everything passes, and nothing is remembered', () => {
  const limiter = new RateLimiter({ requestsPerSecond: null, perCaller: null }, 1)
  expect(passed(limiter, 'web', 0, 10_000)).toBe(10_000)
  expect(limiter.size).toBe(0)
})

// One second's worth at once, and from then on the rate.
test('the total is limited', () => {
  const limiter = new RateLimiter({ requestsPerSecond: 100, perCaller: null }, 1)
  expect(passed(limiter, 'web', 0, 500)).toBe(100)
  expect(limiter.take('cart', 0)).toBe('total')
  expect(passed(limiter, 'web', 100, 500)).toBe(10)
  let during = 0
  for (let nowMs = 100; nowMs < 10_100; nowMs += 1) during += passed(limiter, 'web', nowMs, 1)
  expect(during).toBeGreaterThanOrEqual(999)
  expect(during).toBeLessThanOrEqual(1_001)
})

test('a loud caller does not take from a quiet one', () => {
  const limiter = new RateLimiter({ requestsPerSecond: 100, perCaller: 10 }, 1)
  expect(passed(limiter, 'loud', 0, 500)).toBe(10)
  expect(limiter.take('loud', 0)).toBe('caller')
  expect(passed(limiter, 'quiet', 0, 5)).toBe(5)
  expect(passed(limiter, null, 0, 500)).toBe(10)
  expect(limiter.take('public', 0)).toBe(null)
})

// A refused request takes from neither bucket.
test('who is refused by one limit is not charged by the other', () => {
  const limiter = new RateLimiter({ requestsPerSecond: 10, perCaller: 5 }, 1)
  expect(passed(limiter, 'a', 0, 100)).toBe(5)
  expect(passed(limiter, 'b', 0, 100)).toBe(5)
  expect(passed(limiter, 'c', 0, 100)).toBe(0)
  expect(passed(limiter, 'c', 500, 100)).toBe(5)
})

test('workers share the limit of the instance', () => {
  const limiters = [1, 2, 3, 4].map(() => new RateLimiter({ requestsPerSecond: 2, perCaller: null }, 1 / 4))
  let during = 0
  for (let nowMs = 0; nowMs < 20_000; nowMs += 10)
    for (const limiter of limiters) during += passed(limiter, 'web', nowMs, 1)
  expect(during).toBeGreaterThanOrEqual(40)
  expect(during).toBeLessThanOrEqual(44)
})

test('a limit that is changed holds at once', () => {
  const limiter = new RateLimiter({ requestsPerSecond: 100, perCaller: 50 }, 1)
  limiter.take('web', 0)
  limiter.configure({ requestsPerSecond: 10, perCaller: null }, 1)
  expect(limiter.size).toBe(0)
  expect(passed(limiter, 'web', 1_000, 100)).toBe(10)
  limiter.configure({ requestsPerSecond: null, perCaller: null }, 1)
  expect(passed(limiter, 'web', 1_000, 100)).toBe(100)
})

// However many callers come, the memory is bounded, known callers keep their buckets, and strangers stay limited.
test('the number of callers is bounded', () => {
  const limiter = new RateLimiter({ requestsPerSecond: null, perCaller: 1 }, 1)
  expect(passed(limiter, 'known', 0, 5)).toBe(1)
  let strangers = 0
  for (let i = 0; i < 50_000; i++) strangers += passed(limiter, `stranger-${i}`, 0, 1)
  expect(limiter.size).toBe(1_000)
  expect(strangers).toBe(1_000)
  expect(passed(limiter, 'known', 0, 5)).toBe(0)
  expect(passed(limiter, 'known', 500, 5)).toBe(0)
  expect(passed(limiter, 'new', 5_000, 5)).toBe(1)
  expect(limiter.size).toBe(1)
})

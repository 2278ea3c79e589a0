import { expect, test } from 'vitest'
import { FailureLimit, limitKey, TokenBucket } from './rateLimit.ts'

// A bucket gives its burst at once and then what time brings, never more.
test('a bucket refills with time', () => {
  const bucket = new TokenBucket(10, 20, 0)
  expect(bucket.take(20, 0)).toBe(true)
  expect(bucket.take(1, 0)).toBe(false)
  expect(bucket.waitMs(1)).toBe(100)
  expect(bucket.take(1, 100)).toBe(true)
  expect(bucket.take(21, 1_000_000)).toBe(false)
})

// An address that fails too often waits; others do not, and the memory for them is bounded.
test('failures are limited by address', () => {
  const limit = new FailureLimit(2, 2)
  limit.failed('a', 0)
  expect(limit.waitMs('a', 0)).toBe(0)
  limit.failed('a', 0)
  expect(limit.waitMs('a', 0)).toBe(30_000)
  expect(limit.waitMs('b', 0)).toBe(0)
  expect(limit.waitMs('a', 30_000)).toBe(0)
  limit.failed('a', 30_000)
  limit.failed('b', 30_000)
  limit.failed('c', 30_000)
  expect(limit.waitMs('a', 30_000)).toBe(0)
})

// A machine with IPv6 has as many addresses as it likes, all of one /64.
test('addresses of one machine are one key', () => {
  const keys = [
    '2001:db8:0:1::1',
    '2001:db8::1:ffff:0:0:2',
    '2001:0db8:0000:0001:1:2:3:4',
    '2001:db8:0:2::1',
    '::1',
    'fe80::1%eth0',
  ]
  expect(keys.map(limitKey)).toEqual([
    '2001:db8:0:1::/64',
    '2001:db8:0:1::/64',
    '2001:db8:0:1::/64',
    '2001:db8:0:2::/64',
    '0:0:0:0::/64',
    'fe80:0:0:0::/64',
  ])
  expect(limitKey('10.0.0.1')).toBe('10.0.0.1')
})

import { expect, test } from 'vitest'
import { attemptDeadline, requestDeadline } from './deadline.ts'

// HTTPRouteTimeouts: none by default, and "0s" means none.
test('a request has a deadline only where the route sets one', () => {
  expect(requestDeadline(1_000, 500)).toBe(1_500)
  expect(requestDeadline(1_000, null)).toBe(null)
  expect(requestDeadline(1_000, 0)).toBe(null)
})

test.each([
  [null, null, null],
  [0, null, null],
  [200, null, 1_200],
  [200, 1_500, 1_200],
  [200, 1_100, 1_100],
  [200, 1_200, 1_200],
  [null, 1_100, 1_100],
  [200, 900, 900],
])('an attempt of %j ms within a request until %j', (ownMs, requestMs, expected) => {
  expect(attemptDeadline(1_000, ownMs, requestMs)).toBe(expected)
})

import { expect, test } from 'vitest'
import { CallPatterns, callPattern, isIdLike, OTHER } from './callPatterns.ts'

// Ids of one thing become `*`; names of kinds stay, so that rules can be written from patterns.
test.each([
  ['/products', '/products'],
  ['/products/', '/products/'],
  ['/', '/'],
  ['/products/42', '/products/*'],
  ['/users/8f14e45f-ceea-467f-a0e6-0d7c2e8f1a22/orders/7', '/users/*/orders/*'],
  ['/users/8F14E45FCEEA467FA0E60D7C2E8F1A22', '/users/*'],
  ['/blobs/d41d8cd98f00b204e9800998ecf8427e', '/blobs/*'],
  ['/orders/01ARZ3NDEKTSV4RRFFQ69G5FAV', '/orders/*'],
  ['/orders/ORD-2026-000123', '/orders/*'],
  ['/tokens/eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9', '/tokens/*'],
  ['/api/v2/products', '/api/v2/products'],
  ['/oauth2/token', '/oauth2/token'],
  ['/cafe/feed/decade', '/cafe/feed/decade'],
  ['/static/app-3.js', '/static/app-3.js'],
  ['/@scope%2Fpackage/-/x', '/@scope%2Fpackage/-/x'],
])('%s is %s', (path, pattern) => {
  expect(callPattern(path)).toBe(pattern)
})

// Nothing that a caller sends makes a pattern grow without bound.
test('bounds what a pattern can be', () => {
  expect(callPattern(`/${'a'.repeat(65)}`)).toBe('/*')
  expect(callPattern('/a'.repeat(17))).toBe(OTHER)
  expect(callPattern(`/${Array.from({ length: 10 }, () => 'b'.repeat(60)).join('/')}`)).toBe(OTHER)
  expect(isIdLike('')).toBe(false)
})

// A `*` stands for ids that every server reads alike: none of them hides the way to another path from a preview.
test.each([
  '/orders/12345%2F..%2F..%2Fadmin',
  '/orders/1234567;x',
  '/orders/12345678%5Cadmin',
  '/orders/1234%252e%252e5',
])('folds the whole of %s', (path) => {
  expect(callPattern(path)).toBe(OTHER)
})

// A flood of different calls is counted in full, in a bounded number of rows.
test('counts every call in a bounded number of rows', () => {
  const patterns = new CallPatterns()
  for (let n = 0; n < 5_000; n++)
    patterns.count(`caller-${n % 50}`, `M${n}`, `/path-x${String.fromCharCode(97 + (n % 26))}`, 'default')
  const rows = patterns.drain()
  expect(rows.length).toBeLessThanOrEqual(2_001)
  expect(rows.reduce((sum, { calls }) => sum + calls, 0)).toBe(5_000)
  expect(patterns.drain()).toEqual([])
})

import { callPattern } from '@heddle/proxy/telemetry/callPatterns'
import { expect, test } from 'vitest'
import { mostCalledOf } from './mostCalled.ts'

const pattern = (source: string, method: string, path: string, calls: number) => ({ source, method, path, calls })

// The tester is asked what the caller asks most, and its question is counted as one of those calls.
test('what a caller asks most', () => {
  const patterns = [
    pattern('cart', 'GET', '/', 900),
    pattern('storefront', 'GET', '/products', 40),
    pattern('storefront', 'GET', '/products/*', 30),
    pattern('storefront', 'GET', '/products/*', 20),
  ]
  const most = mostCalledOf(patterns, 'storefront')
  expect(most).toEqual({ method: 'GET', path: '/products/1', calls: 50 })
  expect(callPattern(most?.path ?? '')).toBe('/products/*')
})

test('what is no request is no question', () => {
  const folded = [
    pattern('cart', 'TCP', '-', 9),
    pattern('cart', 'other', 'other', 8),
    pattern('cart', 'GET', 'other', 7),
  ]
  expect(mostCalledOf(folded, 'cart')).toBeNull()
})

import { expect, test } from 'vitest'
import { coresOf, pinned } from './machine.ts'

// The proxies' core is nobody else's.
test('the proxies have the last core, everyone else the others', () => {
  expect(coresOf(1)).toBeNull()
  expect(coresOf(2)).toEqual({ proxies: '1', rest: '0' })
  expect(coresOf(8)).toEqual({ proxies: '7', rest: '0-6' })
})

test('where there is nothing to choose, nothing is pinned', () => {
  expect(pinned('1', ['nginx', '-v'])).toEqual(['taskset', '-c', '1', 'nginx', '-v'])
  expect(pinned(undefined, ['nginx', '-v'])).toEqual(['nginx', '-v'])
})

import { expect, test } from 'vitest'
import { redialDelayMs } from './controlLink.ts'
import { isLookDue } from './controlStream.ts'

// A control plane that comes back streams to the console within about a second, however long it was away.
test('no try is later than a second, and the first ones come sooner', () => {
  expect([0, 1, 2, 3, 50].map((failures) => redialDelayMs(failures, 1))).toEqual([250, 500, 1_000, 1_000, 1_000])
  expect(redialDelayMs(50, 0)).toBe(0)
})

// After half a minute the database names it no more: that it is there again is read as soon as it is.
test('control planes are looked for each second while one is missing, and every five without', () => {
  expect(isLookDue(false, 0)).toBe(true)
  expect(isLookDue(true, 4_900)).toBe(false)
  expect(isLookDue(true, 5_000)).toBe(true)
})

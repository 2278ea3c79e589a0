import { expect, test } from 'vitest'
import { Backoff } from './backoff.ts'

// A part that dies at once is not started in a loop; one that had been well for long comes back fast.
test('the delay doubles up to half a minute and is forgotten after a healthy life', () => {
  const backoff = new Backoff(() => 1)
  const delays = Array.from({ length: 9 }, () => backoff.next(0))
  expect(delays).toEqual([250, 500, 1_000, 2_000, 4_000, 8_000, 16_000, 30_000, 30_000])
  expect(backoff.next(60_000)).toBe(250)
  expect(backoff.next(59_999)).toBe(500)
})

// Many that died together (of one cause) do not come back in step.
test('the jitter takes up to half of the delay', () => {
  expect(new Backoff(() => 0).next(0)).toBe(125)
})

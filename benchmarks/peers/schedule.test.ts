import { expect, test } from 'vitest'
import { dueAtMs, dueBy } from './schedule.ts'

test('a request is due exactly from its own time on', () => {
  for (const i of [0, 1, 17, 999]) {
    expect(dueBy(dueAtMs(i, 1_000), 1_000, 1_000)).toBe(i + 1)
    expect(dueBy(dueAtMs(i, 1_000) - 0.01, 1_000, 1_000)).toBe(i)
  }
})

test('there is an end to them, and nothing before the start', () => {
  expect(dueBy(60_000, 5_000, 5_000)).toBe(5_000)
  expect(dueBy(-1, 5_000, 5_000)).toBe(0)
})

import { expect, test } from 'vitest'
import { callsSince, sharesByStep, sharesByVersion } from './versionShares.ts'

const CHANGED_AT = 24_000
const row = (at: number, version: string, requests: number) => ({ at, version, requests })
const ROWS = [
  row(10_000, 'v1', 90),
  row(10_000, 'v2', 10),
  row(20_000, 'v1', 70),
  row(20_000, 'v2', 30),
  row(30_000, 'v1', 25),
  row(30_000, 'v2', 25),
]

test('shares of calls by version', () => {
  expect([...sharesByVersion(ROWS.slice(0, 2))]).toEqual([
    ['v1', 90],
    ['v2', 10],
  ])
  expect(sharesByVersion([]).size).toBe(0)
  expect(sharesByVersion([row(0, 'v1', 0)]).size).toBe(0)
})

// What was before the change must not water down its effect once there are calls that came wholly after it.
test('a change is told by the buckets after it', () => {
  expect(sharesByVersion(callsSince(ROWS, CHANGED_AT)).get('v2')).toBe(50)
})

// Within seconds of the change only its own bucket has calls: its share is on its way, and better than none.
test('until there are enough calls the bucket of the change counts too', () => {
  const early = [...ROWS.slice(0, 4), row(30_000, 'v2', 1)]
  expect(callsSince(early, CHANGED_AT).map(({ at }) => at)).toEqual([20_000, 20_000, 30_000])
  expect(callsSince(ROWS.slice(0, 2), CHANGED_AT)).toEqual([])
})

test('shares of calls by step, with a gap where nobody called', () => {
  const steps = sharesByStep(ROWS, { from: 0, to: 40_000, stepMs: 10_000 })
  expect(steps.map((shares) => shares.get('v2'))).toEqual([undefined, 10, 30, 50])
  expect(sharesByStep(ROWS, { from: 10_000, to: 20_000, stepMs: 10_000 })).toHaveLength(1)
})

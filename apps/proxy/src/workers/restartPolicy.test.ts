import { expect, test } from 'vitest'
import { afterEnd } from './restartPolicy.ts'

const WELL_MS = 60_000

/** Delays after ends that come at once, until the proxy gives up. */
function delays(random: number): number[] {
  const given: number[] = []
  for (let inARow = 0; ; ) {
    const { inARow: now, delayMs } = afterEnd(inARow, 0, random)
    if (delayMs === null) return given
    given.push(delayMs)
    inARow = now
  }
}

// A worker that cannot live is tried five times more, ever later, and then the proxy ends instead of limping for ever.
test('gives up after six ends in a row', () => {
  expect(delays(1)).toEqual([250, 500, 1_000, 2_000, 4_000])
  expect(delays(0)).toEqual([125, 250, 500, 1_000, 2_000])
})

// One that lived for a minute was well: however often that happens, it is started again, and soon.
test('forgets the ends before a minute of life', () => {
  let inARow = 0
  for (let i = 0; i < 5; i++) inARow = afterEnd(inARow, WELL_MS - 1, 0).inARow
  expect(afterEnd(inARow, WELL_MS - 1, 0).delayMs).toBeNull()
  expect(afterEnd(inARow, WELL_MS, 1)).toEqual({ inARow: 1, delayMs: 250 })
})

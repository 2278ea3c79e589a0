import { expect, test } from 'vitest'
import { type RangeState, zoomedIn, zoomedOut } from './zoom.ts'

const NOW = 1_700_000_000_000
const live: RangeState = Object.freeze({ range: '6h', from: null, to: null, back: null })
const after = (state: RangeState, change: ReturnType<typeof zoomedOut>): RangeState => ({
  ...state,
  ...change,
  range: change?.range ?? '1h',
})

// Two zooms and two steps back end where one began: live, with the same preset.
test('back is where one came from', () => {
  const once = after(live, zoomedIn(live, NOW - 3_000_000, NOW - 1_000_000, NOW))
  const twice = after(once, zoomedIn(once, NOW - 2_000_000, NOW - 1_500_000, NOW))
  expect([twice.from, twice.to]).toEqual([NOW - 2_000_000, NOW - 1_500_000])
  const back = after(twice, zoomedOut(twice, NOW))
  expect([back.from, back.to]).toEqual([once.from, once.to])
  expect(zoomedOut(back, NOW)).toEqual({ range: '6h', from: null, to: null, back: null })
})

// A drag of a few pixels is a minute, and never one that has not been yet.
test('never shorter than a minute, never in the future', () => {
  const short = zoomedIn(live, NOW - 600_000, NOW - 599_000, NOW)
  expect((short.to ?? 0) - (short.from ?? 0)).toBe(60_000)
  expect(zoomedIn(live, NOW - 10_000, NOW, NOW)).toMatchObject({ from: NOW - 60_000, to: NOW })
})

// Without a memory a frozen range opens around itself; a live one cannot.
test('out of a range that nobody zoomed into', () => {
  const frozen = { ...live, from: NOW - 400_000, to: NOW - 200_000 }
  expect(zoomedOut(frozen, NOW)).toEqual({ range: null, from: NOW - 500_000, to: NOW - 100_000, back: null })
  expect(zoomedOut({ ...frozen, to: NOW }, NOW)).toMatchObject({ to: NOW })
  expect(zoomedOut(live, NOW)).toBe(null)
  expect(zoomedOut({ ...frozen, back: 'javascript:~<b>' }, NOW)).toMatchObject({ from: NOW - 500_000 })
})

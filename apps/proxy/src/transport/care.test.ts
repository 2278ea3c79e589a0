import { expect, test } from 'vitest'
import { ERROR } from '../http2/fault.ts'
import { type Care, type Condition, measureFor } from './care.ts'

const CARE: Care = { idleMs: 60_000, ping: { afterMs: 20_000, withinMs: 10_000 } }
const WELL: Condition = {
  beganAtMs: 0,
  isSettled: true,
  heardAtMs: 100_000,
  pingedAtMs: null,
  blockedAtMs: null,
  busyAtMs: 100_000,
  openStreams: 1,
  leavingAtMs: null,
}

test('nothing is done about a connection in use', () => {
  expect(measureFor(WELL, CARE, 120_000)).toBe('none')
})

test('a peer that never answers our SETTINGS is given up, whatever else it says', () => {
  const unsettled = { ...WELL, isSettled: false, beganAtMs: 100_000 }
  expect(measureFor(unsettled, CARE, 110_000)).toBe('none')
  expect(measureFor(unsettled, CARE, 110_001)).toMatchObject({ code: ERROR.SETTINGS_TIMEOUT })
})

test('a silent peer is asked for a sign, and given up without one', () => {
  expect(measureFor(WELL, CARE, 120_001)).toBe('ping')
  const pinged = { ...WELL, pingedAtMs: 120_001 }
  expect(measureFor(pinged, CARE, 130_001)).toBe('none')
  expect(measureFor(pinged, CARE, 130_002)).toMatchObject({ detail: 'the peer gives no sign' })
  expect(measureFor(WELL, { ...CARE, ping: null }, 10_000_000)).toBe('none')
})

test('whoever ends idle connections asks for no sign on one', () => {
  const idle = { ...WELL, openStreams: 0 }
  expect(measureFor(idle, CARE, 120_001)).toBe('none')
  expect(measureFor(idle, { ...CARE, idleMs: 0 }, 120_001)).toBe('ping')
})

test('an idle connection leaves, one that is kept for ever does not, and one with a stream does not', () => {
  const idle = { ...WELL, openStreams: 0, heardAtMs: 160_001 }
  expect(measureFor(idle, CARE, 160_000)).toBe('none')
  expect(measureFor(idle, CARE, 160_001)).toBe('leave')
  expect(measureFor({ ...idle, openStreams: 1 }, CARE, 160_001)).toBe('none')
  expect(measureFor(idle, { ...CARE, idleMs: 0 }, 160_001)).toBe('none')
})

test('the last GOAWAY is said though the peer does not answer the first, once its streams have ended', () => {
  const leaving = { ...WELL, leavingAtMs: 100_000 }
  expect(measureFor(leaving, CARE, 102_001)).toBe('none')
  expect(measureFor({ ...leaving, openStreams: 0 }, CARE, 102_000)).toBe('none')
  expect(measureFor({ ...leaving, openStreams: 0 }, CARE, 102_001)).toBe('leave')
})

test('a peer that reads nothing is given up', () => {
  const blocked = { ...WELL, blockedAtMs: 0, heardAtMs: 300_000 }
  expect(measureFor(blocked, CARE, 300_000)).toBe('none')
  expect(measureFor(blocked, CARE, 300_001)).toMatchObject({ detail: 'the peer reads nothing' })
})

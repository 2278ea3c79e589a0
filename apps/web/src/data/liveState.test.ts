import { expect, test } from 'vitest'
import type { Tick } from '../server/schemas/session.ts'
import { clockOffset, liveState, STALE_AFTER_MS } from './liveState.ts'

const now = Date.UTC(2026, 10, 18, 14, 32, 4)
const tick: Tick = Object.freeze({
  now,
  revision: 7,
  dataAt: now - 6_000,
  shownTo: 0,
  control: 'connected',
  databaseAnswers: true,
  reason: null,
  partial: false,
  spreads: [],
  proxiesWanting: 0,
  proxiesGeneration: 1,
})
const open = { status: 'open', tick, tickAt: now } as const

// The badge states the age of the newest numbers.
test('live shows the age of the data', () => {
  expect(liveState(open, now)).toMatchObject({ kind: 'live', detail: '6 s', banner: null })
})

// Three missed reports turn live into stale, with the moment at which the numbers stop.
test('old data is stale', () => {
  const late = { ...open, tick: { ...tick, dataAt: now - STALE_AFTER_MS - 1 } }
  expect(liveState(late, now)).toMatchObject({ kind: 'stale', banner: { strong: 'Numbers stop at 14:31:18 UTC.' } })
})

// With the control plane away the first sentence is whether traffic is affected.
test('an absent control plane does not affect traffic', () => {
  const away = liveState({ ...open, tick: { ...tick, control: 'away', reason: 'connection refused' } }, now)
  expect(away.kind).toBe('no_control')
  expect(away.banner?.strong).toContain('Traffic is not affected')
})

// While nothing can be changed the page says so before somebody tries, and that it is not the traffic that stands.
test('an absent database does not affect traffic', () => {
  const away = liveState({ ...open, tick: { ...tick, databaseAnswers: false } }, now)
  expect([away.kind, away.word]).toEqual(['no_database', 'no database'])
  expect(away.banner).toMatchObject({
    strong: expect.stringContaining('Traffic is not affected'),
    rest: expect.stringContaining('nothing can be changed'),
  })
})

// An outage that outlasts what the console remembers of its callers ends the stream too: the page goes on to name the
// database, and says of when its numbers are.
test('a stream that ended for want of the database blames the database', () => {
  const away = liveState({ status: 'no_database', tick, tickAt: now - 70_000 }, now)
  expect(away.kind).toBe('no_database')
  expect(away.banner?.rest).toContain('what you see is from 14:30:54 UTC')
  expect(liveState({ status: 'no_database', tick: null, tickAt: null }, now).kind).toBe('no_database')
})

// The browser's own lost stream is told apart from everything behind it.
test('a lost stream wins over what it last said', () => {
  expect(liveState({ status: 'reconnecting', tick, tickAt: now - 9_000 }, now)).toMatchObject({
    kind: 'reconnecting',
    detail: 'for 9 s',
  })
})

// A browser whose clock is a minute off shows the same ages: they are told by the clock that the data's end is from.
test('the browser clock does not matter', () => {
  for (const wrong of [60_000, -60_000]) {
    const offset = clockOffset(null, now, now + wrong) ?? 0
    expect(liveState(open, now + wrong + offset)).toMatchObject({ kind: 'live', detail: '6 s' })
  }
})

// A late tick does not move the clock, a set one does; a server that tells no time leaves it as it is.
test('the offset of the clocks', () => {
  expect(clockOffset(null, undefined, now)).toBeNull()
  expect(clockOffset(-100, now, now + 900)).toBe(-100)
  expect(clockOffset(-900, now, now + 100)).toBe(-100)
  expect(clockOffset(0, now, now + 3_600_000)).toBe(-3_600_000)
  expect(clockOffset(40, undefined, now)).toBe(40)
})

// A mesh without any traffic is not stale.
test('an idle mesh is live', () => {
  expect(liveState({ ...open, tick: { ...tick, dataAt: null } }, now)).toMatchObject({ kind: 'live', banner: null })
})

// A stream that ends with the session says what helps.
test('an ended session', () => {
  const ended = liveState({ status: 'signed_out', tick, tickAt: now }, now + 1_000)
  expect(ended).toMatchObject({ kind: 'signed_out', banner: { strong: 'Your session has ended: sign in again.' } })
})

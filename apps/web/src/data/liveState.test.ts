import { expect, test } from 'vitest'
import type { Tick } from '../server/schemas/session.ts'
import { liveState, STALE_AFTER_MS } from './liveState.ts'

const now = Date.UTC(2026, 10, 18, 14, 32, 4)
const tick: Tick = Object.freeze({
  revision: 7,
  dataAt: now - 6_000,
  control: 'connected',
  reason: null,
  partial: false,
  spreads: [],
  proxiesWanting: 0,
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

// The browser's own lost stream is told apart from everything behind it.
test('a lost stream wins over what it last said', () => {
  expect(liveState({ status: 'reconnecting', tick, tickAt: now - 9_000 }, now)).toMatchObject({
    kind: 'reconnecting',
    detail: 'for 9 s',
  })
})

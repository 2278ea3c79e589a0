import { expect, test } from 'vitest'
import type { Tick } from '../../server/schemas/session.ts'
import { forgetLive, liveNow, onNewsOrSecond, tellLive } from './live.ts'

const tick: Tick = {
  now: Date.now(),
  revision: 7,
  dataAt: null,
  shownTo: 0,
  control: 'connected',
  databaseAnswers: true,
  reason: null,
  partial: false,
  spreads: [],
  proxiesWanting: 0,
  proxiesGeneration: 1,
}

// A tick and a change of the stream's state come apart, and neither takes the other back.
test('what is not told anew stays', () => {
  tellLive({ status: 'open' })
  tellLive({ tick, tickAt: tick.now })
  expect(liveNow().word).toBe('live')
  tellLive({ status: 'signed_out' })
  expect(liveNow().word).toBe('signed out')
  tellLive({ status: 'open' })
  expect(liveNow().word).toBe('live')
})

// Whoever signs in next is not shown what the session before was told.
test('another session begins with nothing', () => {
  tellLive({ status: 'open', tick, tickAt: tick.now })
  forgetLive()
  expect(liveNow().kind).toBe('connecting')
})

// Who has gone is told nothing: a page that was left is not written to.
test('listening ends', () => {
  let told = 0
  const end = onNewsOrSecond(() => {
    told++
  })
  tellLive({ status: 'open' })
  end()
  tellLive({ status: 'connecting' })
  expect(told).toBe(1)
})

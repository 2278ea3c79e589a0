import { expect, test } from 'vitest'
import type { ListedProxy } from '../server/schemas/proxies.ts'
import { certificatesLeft, delayPlace, LIFE_BARS, lastDelays } from './proxyPanels.ts'

const HOUR_MS = 3_600_000
const NOW = 1_800_000_000_000
const proxy = (instance: string, rest: Partial<ListedProxy> = {}): ListedProxy => ({
  ...{ instance, service: 'catalog', version: 'v1', connected: true, connectedSince: NOW, ready: true },
  ...{ readyReason: null, revision: 7, wantedRevision: 7, ackDelayMs: 12, nack: null, address: null },
  ...{ certificateIssuedAt: NOW, certificateExpiresAt: NOW + 24 * HOUR_MS, build: '0.1.0' },
  ...{ outbound: 4140, inbound: 4143, admin: 4191 },
  ...rest,
})

// Each power of ten is as wide as the next; what is quicker or slower than the axis stands at its end.
test('the axis of delays', () => {
  expect([0, 0.2, 1, 10, 100, 10_000, 60_000].map(delayPlace)).toEqual([0, 0, 0, 0.25, 0.5, 1, 1])
})

// A delay of a connection that is gone says nothing about now.
test('the last delays', () => {
  const { places, slowest } = lastDelays([
    proxy('slow', { ackDelayMs: 900 }),
    proxy('away', { ackDelayMs: 5_000, connected: false }),
    proxy('new', { ackDelayMs: null }),
    proxy('quick', { ackDelayMs: 10 }),
    proxy('as quick', { ackDelayMs: 10.01 }),
  ])
  expect(places).toEqual([0.25, 0.739])
  expect(slowest).toEqual({ instance: 'slow', ms: 900 })
  expect(lastDelays([])).toEqual({ places: [], slowest: null })
})

// Every certificate is in one bar, also one that ended and one that was just issued; the first to end is named.
test('what is left of certificates', () => {
  const left = certificatesLeft(
    [
      proxy('fresh'),
      proxy('half', { certificateIssuedAt: NOW - 12 * HOUR_MS, certificateExpiresAt: NOW + 12 * HOUR_MS }),
      proxy('ended', { certificateIssuedAt: NOW - 25 * HOUR_MS, certificateExpiresAt: NOW - HOUR_MS }),
      proxy('unknown', { certificateIssuedAt: null, certificateExpiresAt: null }),
    ],
    NOW,
  )
  expect(left?.bars.flatMap((count, bar) => (count === 0 ? [] : [[bar, count]]))).toEqual([
    [0, 1],
    [12, 1],
    [LIFE_BARS - 1, 1],
  ])
  expect(left).toMatchObject({ lifeMs: 24 * HOUR_MS, first: { instance: 'ended', expiresAt: NOW - HOUR_MS } })
  expect(certificatesLeft([], NOW)).toBeNull()
})

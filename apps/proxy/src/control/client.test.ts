import { CLOSE_REVOKED } from '@heddle/shared/wire/messages'
import { FakeClock } from '@heddle/testkit/fakeClock'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { rememberingLog } from '../../test/silentLog.ts'
import { reconnectDelayMs } from './backoff.ts'
import { ControlClient } from './client.ts'
import type { LinkOptions } from './link.ts'

beforeEach(() => {
  vi.useFakeTimers()
})
afterEach(() => {
  vi.useRealTimers()
})

/** A client whose links are opened and lost by hand. */
function newClient(urls: string[], random = 0.5) {
  const clock = new FakeClock()
  const dialled: LinkOptions[] = []
  const log = rememberingLog()
  const client = new ControlClient({
    urls,
    material: () => ({ generation: 1, key: '', chain: '', roots: [], trustDomain: '', notAfter: 0 }),
    clock,
    random: () => random,
    log,
    onOpen: () => {},
    onText: () => {},
    onLost: () => {},
    open: (options) => {
      dialled.push(options)
      return { send: () => true, bufferedBytes: 0, close: () => {}, terminate: () => {} }
    },
  })
  client.start()
  return { client, clock, dialled, log, urls: () => dialled.map(({ url }) => url) }
}

// Waits grow to 5 s with full jitter: any moment up to the bound is as likely, so that proxies spread.
test('waits with full jitter, 5 s at most', () => {
  expect([0, 1, 2, 10, 1_000].map((round) => reconnectDelayMs(round, 0.9999))).toEqual([
    expect.closeTo(250, -1),
    expect.closeTo(500, -1),
    expect.closeTo(1_000, -1),
    expect.closeTo(5_000, -1),
    expect.closeTo(5_000, -1),
  ])
  expect(reconnectDelayMs(5, 0)).toBe(0)
})

// The whole list is tried without waiting; the wait comes after a round in vain.
test('tries the others at once, then waits', () => {
  const { dialled, urls } = newClient(['https://a', 'https://b'])
  dialled[0]?.onClosed('away', 1006)
  vi.advanceTimersByTime(0)
  expect(urls()).toEqual(['https://a', 'https://b'])
  dialled[1]?.onClosed('away', 1006)
  vi.advanceTimersByTime(249)
  expect(dialled).toHaveLength(2)
  vi.advanceTimersByTime(1)
  expect(urls()[2]).toBe('https://a')
})

// A control plane that is away for hours costs one line in the log, not one for each try.
test('logs a change, not each try', () => {
  const { dialled, log } = newClient(['https://a'])
  for (let n = 0; n < 50; n++) {
    dialled.at(-1)?.onClosed('connect ECONNREFUSED', 1006)
    vi.advanceTimersByTime(5_000)
  }
  expect(dialled.length).toBe(51)
  expect(log.lines.filter(({ level }) => level === 'warn')).toHaveLength(1)
})

// A revoked identity is told so once and does not come back.
test('does not come back once it was revoked', () => {
  const { client, dialled } = newClient(['https://a'])
  dialled[0]?.onOpen('10.0.0.7')
  expect(client.isConnected).toBe(true)
  dialled[0]?.onClosed('revoked', CLOSE_REVOKED)
  vi.advanceTimersByTime(3_600_000)
  expect(dialled).toHaveLength(1)
  expect(client.isRevoked).toBe(true)
})

// After a link that held, the first try comes soon, however long the outage before it was.
test('begins anew after a good connection', () => {
  const { clock, dialled } = newClient(['https://a'])
  for (let n = 0; n < 10; n++) {
    dialled.at(-1)?.onClosed('away', 1006)
    vi.advanceTimersByTime(5_000)
  }
  const before = dialled.length
  dialled.at(-1)?.onOpen('')
  clock.advance(60_000)
  dialled.at(-1)?.onClosed('gone', 1006)
  vi.advanceTimersByTime(125)
  expect(dialled).toHaveLength(before + 1)
})

// Control planes that the mesh tells of are tried first, and those that were configured remain.
test('keeps the configured control planes', () => {
  const { client, dialled, urls } = newClient(['https://a'])
  client.setUrls(['https://b', 'https://c'])
  for (let n = 0; n < 3; n++) {
    dialled.at(-1)?.onClosed('away', 1006)
    vi.advanceTimersByTime(5_000)
  }
  expect(new Set(urls())).toEqual(new Set(['https://a', 'https://b', 'https://c']))
})

// A renewed certificate is used at once: the link ends and the next is dialled without waiting and without a warning.
test('dials again at once with a renewed certificate', () => {
  const { client, dialled, log } = newClient(['https://a', 'https://b'], 0.999)
  dialled[0]?.onOpen('')
  client.redial('certificate renewed')
  dialled[0]?.onClosed('certificate renewed', 1000)
  expect(dialled.map(({ url }) => url)).toEqual(['https://a', 'https://a'])
  expect(log.lines.filter(({ level }) => level === 'warn')).toEqual([])
})

import { expect, test } from 'vitest'
import type { ListedProxy } from '../server/schemas/proxies.ts'
import { certificateLeft, commonBuild, isCertificateLate, isKept, proxyWord } from './proxyState.ts'

const HOUR = 3_600_000
const proxy = (given: Partial<ListedProxy> = {}): ListedProxy => ({
  instance: 'catalog-v1-1-abcd',
  service: 'catalog',
  version: 'v1',
  connected: true,
  connectedSince: 0,
  ready: true,
  readyReason: null,
  revision: 4,
  wantedRevision: 4,
  ackDelayMs: 12,
  nack: null,
  certificateIssuedAt: 0,
  certificateExpiresAt: 24 * HOUR,
  address: '127.0.0.1:4143',
  outbound: 4140,
  inbound: 4143,
  admin: 4191,
  build: '0.5.0',
  ...given,
})

// The worst that is true of a proxy is what it is called.
test('a proxy in a word', () => {
  expect(proxyWord(proxy())).toBe('Current')
  expect(proxyWord(proxy({ revision: 3 }))).toBe('Behind')
  expect(proxyWord(proxy({ connected: null }))).toBe('Not known')
  expect(proxyWord(proxy({ ready: false, revision: 3 }))).toBe('Not ready')
  // A client takes no calls: there is nothing to be ready for.
  expect(proxyWord(proxy({ ready: false, inbound: null }))).toBe('Current')
  expect(proxyWord(proxy({ connected: false, ready: false }))).toBe('Not connected')
  expect(proxyWord(proxy({ connected: false, nack: { revision: 4, reason: 'no' } }))).toBe('Refused')
})

// A certificate that should have been renewed long ago is told apart from one that merely ages.
test('late certificates', () => {
  expect(certificateLeft(proxy(), 12 * HOUR)).toBe(0.5)
  expect(isCertificateLate(proxy(), 12 * HOUR)).toBe(false)
  expect(isCertificateLate(proxy(), 20 * HOUR)).toBe(true)
  expect(isCertificateLate(proxy({ certificateExpiresAt: null }), 20 * HOUR)).toBe(false)
})

test('filters keep what is wrong', () => {
  const all = [proxy(), proxy(), proxy({ build: '0.4.1' }), proxy({ connected: false })]
  const at = { now: HOUR, build: commonBuild(all) }
  expect(at.build).toBe('0.5.0')
  expect(all.filter((one) => isKept(one, 'build', at))).toEqual([all[2]])
  expect(all.filter((one) => isKept(one, 'away', at))).toEqual([all[3]])
  expect(all.filter((one) => isKept(one, 'all', at))).toHaveLength(4)
})

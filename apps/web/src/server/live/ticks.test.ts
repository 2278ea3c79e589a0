import type { Instance } from '@heddle/db'
import type { ProxyState } from '@heddle/shared/wire/console'
import { expect, test } from 'vitest'
import { isLongGone } from '../services/facts.ts'
import { countWanting } from './ticks.ts'

const NOW = 1_700_000_000_000
const MINUTE_MS = 60_000
const instance = (name: string, given: Partial<Instance> = {}): Instance => ({
  instance: name,
  service: 'cart',
  version: 'v1',
  hostId: 'host',
  bootId: 'boot',
  inbound: null,
  outbound: 1,
  admin: 2,
  ready: true,
  readyReason: null,
  build: '0.1.0',
  controlId: 'control-1',
  firstSeenAt: NOW - 60 * MINUTE_MS,
  leaseUntil: NOW + 10_000,
  lapsedAt: null,
  withdrawnAt: null,
  offered: false,
  ...given,
})
const proxy = (name: string, connected: boolean): ProxyState => ({
  instance: name,
  service: 'cart',
  version: 'v1',
  connected,
  connectedSince: connected ? NOW : null,
  ready: true,
  readyReason: null,
  revision: 1,
  wantedRevision: 1,
  ackDelayMs: null,
  nack: null,
  ejections: [],
  build: '0.1.0',
})

// The badge says what the page lists: a command that has ended is not missing, one that went without a word is.
test('proxies that have left are not wanting', () => {
  const instances = [instance('ended', { withdrawnAt: NOW - 1_000 }), instance('killed'), instance('here')]
  const proxies = [proxy('ended', false), proxy('killed', false), proxy('here', true), proxy('removed', false)]
  expect(countWanting(proxies, instances, NOW)).toBe(1)
  // One that is leaving is still connected, and ready no more.
  expect(countWanting([{ ...proxy('ended', true), ready: false }], instances, NOW)).toBe(0)
  const client = instance('client', { inbound: null })
  expect(countWanting([{ ...proxy('client', true), ready: false }], [client], NOW)).toBe(0)
  // A new one that is not ready is seen before the registry was read again.
  expect(countWanting([{ ...proxy('new', true), ready: false }], instances, NOW)).toBe(1)
})

// Killed and never started again: it matters for ten minutes, also where it was the last endpoint of its service, which
// the registry keeps.
test('an instance that is gone for long is told from one that is away', () => {
  expect(isLongGone(instance('x'), NOW)).toBe(false)
  expect(isLongGone(instance('x', { leaseUntil: NOW - 10 * MINUTE_MS }), NOW)).toBe(false)
  expect(isLongGone(instance('x', { leaseUntil: NOW - 11 * MINUTE_MS }), NOW)).toBe(true)
})

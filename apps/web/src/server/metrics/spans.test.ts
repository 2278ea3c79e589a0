import type { RouteRow } from '@heddle/shared/wire/metrics'
import { expect, test } from 'vitest'
import { instanceOf } from '../../../test/instanceFixture.ts'
import { outcomes } from '../../../test/metricsFixture.ts'
import { spansOf, youngServices } from './spans.ts'

const MINUTE = 60_000
const NOW = Date.UTC(2026, 10, 30, 12)
const range = { from: NOW - 60 * MINUTE, to: NOW, stepMs: 60_000 }

const instance = (service: string, version: string, ageMs: number) => instanceOf(service, version, NOW, ageMs)
const called = (destination: string, version: string, ageMs: number): RouteRow & { at: number } => ({
  ...{ at: NOW - ageMs, side: 'outbound', destination, version, route: 'default' },
  ...outcomes({ requests: 10, ok: 10 }),
})

const instances = [
  instance('catalog', 'v1', 120 * MINUTE),
  instance('catalog', 'v2', 5 * MINUTE),
  instance('reviews', 'v1', 3 * MINUTE),
  instance('cart', 'v1', MINUTE),
]
const since = NOW - 200 * MINUTE

// Three minutes of calls are not spread over an hour; a version is as young as itself, its service as old as its oldest.
test('a young service is divided by its age, and so is a young version', () => {
  const calls = [called('reviews', 'v1', 2 * MINUTE), called('catalog', 'v2', 2 * MINUTE)]
  const spans = spansOf({ range, since, instances }, calls)
  expect(spans.of('reviews')).toBe(3 * MINUTE)
  expect(spans.of('catalog')).toBe(60 * MINUTE)
  expect(spans.ofVersions('catalog', new Set(['v2']))).toBe(5 * MINUTE)
  expect(spans.ofVersions('catalog', new Set(['v1', 'v2']))).toBe(60 * MINUTE)
  expect(spans.of('unknown')).toBe(60 * MINUTE)
})

// The registry forgets instances, the metrics do not.
test('who was called before is not young', () => {
  expect(spansOf({ range, since, instances }, [called('cart', 'v1', 20 * MINUTE)]).of('cart')).toBe(60 * MINUTE)
})

// What is as old as the mesh needs no reading: the mesh's own age is divided by anyway.
test('calls are read of services that joined later than the first data', () => {
  expect(youngServices({ range, since, instances })).toEqual(['catalog', 'reviews', 'cart'])
  expect(youngServices({ range, since: NOW - 4 * MINUTE, instances })).toEqual(['reviews', 'cart'])
  expect(youngServices({ range, since: null, instances })).toEqual([])
  expect(spansOf({ range, since: NOW - 4 * MINUTE, instances }, []).of('catalog')).toBe(4 * MINUTE)
})

import type { Instance } from '@heddle/db'
import type { RouteRow } from '@heddle/shared/wire/metrics'
import { expect, test } from 'vitest'
import { instanceOf } from '../../../test/instanceFixture.ts'
import { outcomes } from '../../../test/metricsFixture.ts'
import { versionsOf } from './versions.ts'

const MINUTE = 60_000
const NOW = Date.UTC(2026, 10, 30, 12)
const range = { from: NOW - 60 * MINUTE, to: NOW, stepMs: 10_000 }
const recentRange = { from: NOW - 15 * MINUTE, to: NOW, stepMs: 10_000 }
const objective = { successRate: 99.5, latencyP99Ms: null }

const instance = (version: string, ageMs: number) => instanceOf('catalog', version, NOW, ageMs)
const calls = (version: string, requests: number, ageMs: number): RouteRow & { at: number } => ({
  at: NOW - ageMs,
  side: 'outbound',
  destination: 'catalog',
  version,
  route: 'default',
  ...outcomes({ requests, ok: requests }),
})
const read = (
  instances: Instance[],
  rows: (RouteRow & { at: number })[],
  remembered = instances,
  since: number | null = null,
) =>
  versionsOf(
    { rows, recent: rows.filter(({ at }) => at >= recentRange.from), instances, objective },
    { range, recentRange, remembered, since },
  )

// Three minutes of an equal split after an hour of v1 alone: v2 has half of the calls, not a fortieth, and gets its 10
// requests per second in three minutes, not in an hour.
test('a version that joined within the range', () => {
  const rows = [calls('v1', 36_000, 40 * MINUTE), calls('v1', 1_800, 2 * MINUTE), calls('v2', 1_800, 2 * MINUTE)]
  const { versions, sharesSince } = read([instance('v1', 120 * MINUTE), instance('v2', 3 * MINUTE)], rows)
  expect(sharesSince).toBe(NOW - 3 * MINUTE)
  expect(versions).toMatchObject([
    { version: 'v1', share: 50, joinedAt: null, requestsPerSecond: 37_800 / 3_600 },
    { version: 'v2', share: 50, joinedAt: NOW - 3 * MINUTE, requestsPerSecond: 10 },
  ])
})

// One that has been there for half of the range is compared over the last 15 minutes, all of which it saw.
test('shares of an older one are those of the last 15 minutes', () => {
  const rows = [calls('v1', 9_000, 40 * MINUTE), calls('v1', 300, 5 * MINUTE), calls('v2', 100, 5 * MINUTE)]
  const { versions, sharesSince } = read([instance('v1', 120 * MINUTE), instance('v2', 30 * MINUTE)], rows)
  expect(sharesSince).toBe(recentRange.from)
  expect(versions.map(({ share }) => share)).toEqual([75, 25])
})

// An instance that is new in the place of one that went makes no young version.
test('a restart makes nothing young', () => {
  const rows = [calls('v1', 9_000, 40 * MINUTE)]
  const gone = instance('v1', 120 * MINUTE)
  const { versions, sharesSince } = read([instance('v1', MINUTE)], rows, [instance('v1', MINUTE), gone])
  expect(sharesSince).toBe(null)
  expect(versions).toMatchObject([{ share: 100, joinedAt: null, requestsPerSecond: 2.5 }])
})

// The registry forgets an instance three days after it went; what was called before is no young version all the same.
test('calls from before belie the registry', () => {
  const rows = [calls('v1', 9_000, 40 * MINUTE), calls('v1', 300, 30_000)]
  expect(read([instance('v1', MINUTE)], rows)).toMatchObject({ sharesSince: null, versions: [{ joinedAt: null }] })
  // It is there, and was not called since: nothing to tell.
  const before = [calls('v1', 300, 5 * MINUTE)]
  expect(read([instance('v1', MINUTE)], before)).toMatchObject({ sharesSince: null, versions: [{ joinedAt: null }] })
})

// In a mesh of forty minutes an hour's shares are of all of them, not of the last fifteen: nobody came later.
test('versions that joined with the mesh are not younger than anything', () => {
  const rows = [calls('v1', 900, 38 * MINUTE), calls('v1', 100, 5 * MINUTE), calls('v2', 1_000, 5 * MINUTE)]
  const { versions, sharesSince } = read(
    [instance('v1', 40 * MINUTE), instance('v2', 40 * MINUTE - 20_000)],
    rows,
    undefined,
    NOW - 40 * MINUTE,
  )
  expect(sharesSince).toBe(null)
  expect(versions).toMatchObject([
    { share: 50, joinedAt: null },
    { share: 50, joinedAt: null },
  ])
})

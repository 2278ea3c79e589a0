// Metrics from the streams and metrics from Postgres are the same numbers: wherever the cut falls, and with either away.
import { ensureService, openDatabase } from '@heddle/db'
import { createTestDatabase, type TestDatabase } from '@heddle/db/testing'
import { systemClock } from '@heddle/shared/clock'
import type { LiveBucket } from '@heddle/shared/wire/console'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { LiveWindow } from '../src/server/metrics/liveWindow.ts'
import { resolveRange } from '../src/server/metrics/range.ts'
import { createMetricsReader, type LiveSource, type Patience } from '../src/server/metrics/reader.ts'
import { sumOf } from '../src/server/metrics/totals.ts'
import { type Call, commitCalls, outcomes, rowsOf } from './metricsFixture.ts'

const MINUTE_MS = 60_000
const patient: Patience = { read: (work) => work() }
const start = Math.floor(Date.now() / 10_000) * 10_000
/** Ages in minutes at which something happened, and how much. */
const HISTORY = [
  [70, 1_000],
  [31, 200],
  [16, 40],
  [14, 8],
  [6, 5],
  [1, 3],
] as const

let database: TestDatabase
const buckets: LiveBucket[] = []

beforeAll(async () => {
  database = await createTestDatabase()
  await database.db.transaction((tx) => ensureService(tx, { service: 'catalog', version: 'v1', actor: 'a test' }))
  for (const [age, requests] of HISTORY) {
    const at = start - age * MINUTE_MS
    const call: Call = {
      source: 'storefront',
      destination: 'catalog',
      version: 'v1',
      route: 'default',
      outcomes: outcomes({ requests, ok: requests, latencyMs: age }),
    }
    await commitCalls(database.db, at + 5_000, [call])
    if (age <= 15) buckets.push({ at, ...rowsOf([call]), rules: [] })
  }
})
afterAll(() => database[Symbol.asyncDispose]())

function source(isComplete: boolean, held: readonly LiveBucket[]): LiveSource {
  const window = new LiveWindow()
  window.setState('control-1', start, held)
  return { window, isComplete: () => isComplete, partialReason: () => (isComplete ? null : 'away') }
}
const outbound = { side: 'outbound' as const, destinations: ['catalog'] }

test.each([
  ['the last minutes from the stream', source(true, buckets)],
  ['a stream that began a short while ago', source(true, buckets.slice(-2))],
  ['a stream that holds nothing yet', source(true, [])],
  ['a stream that is not complete', source(false, buckets)],
])('totals and series are the same with %s', async (_, live) => {
  const reader = createMetricsReader(database.db, live, systemClock, patient)
  for (const lastMs of [5, 10, 20, 40, 80, 8 * 60, 20 * 24 * 60].map((minutes) => minutes * MINUTE_MS)) {
    const range = resolveRange({ lastMs }, start + 10_000)
    const expected = HISTORY.filter(([age]) => start - age * MINUTE_MS >= range.from).reduce((sum, [, n]) => sum + n, 0)
    const series = await reader.routes(range, outbound)
    const total = await reader.routes(range, outbound, { total: true })
    expect([lastMs, sumOf(series.rows).requests]).toEqual([lastMs, expected])
    expect([lastMs, sumOf(total.rows).requests]).toEqual([lastMs, expected])
    expect(sumOf(total.rows).latencyMs(0.99)).toBe(sumOf(series.rows).latencyMs(0.99))
    const edges = await reader.edges(range, outbound)
    expect(sumOf(edges.rows).requests).toBe(expected)
    expect(series.data.partial).toBe(!live.isComplete())
    // Before the first call of all nobody can say that there was none.
    const first = start - Math.max(...HISTORY.map(([age]) => age)) * MINUTE_MS
    expect(series.knownFrom).toBeGreaterThanOrEqual(range.from)
    if (range.from < first) expect(first - series.knownFrom).toBeLessThan(3_600_000)
  }
})

// With the database away the streams still tell of the last minutes, and the page says so.
test('without the database the live part is shown as partial', async () => {
  await using away = await openDatabase({ url: 'postgresql://nobody:x@127.0.0.1:1/nothing', applicationName: 'test' })
  const reader = createMetricsReader(away, source(true, buckets), systemClock, patient)
  const range = resolveRange({ lastMs: 60 * MINUTE_MS }, start + 10_000)
  const { rows, knownFrom, data } = await reader.routes(range, outbound)
  expect(sumOf(rows).requests).toBe(5 + 3)
  // What is older is not known now: a chart shows it as a gap, not as silence.
  expect(knownFrom).toBe(source(true, buckets).window.coveredFrom())
  expect(data).toMatchObject({
    partial: true,
    reason: 'The database does not answer: only the last minutes are shown.',
  })
  const none = createMetricsReader(away, { ...source(true, []), window: new LiveWindow() }, systemClock, patient)
  await expect(none.routes(range, outbound)).rejects.toThrow()
})

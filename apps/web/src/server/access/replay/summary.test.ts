import type { RecordedPattern } from '@heddle/db'
import { compileAccess } from '@heddle/proxy/access/compile'
import { compileRoutes } from '@heddle/proxy/route/compile'
import type { WireAccessRule } from '@heddle/shared/wire/config'
import { expect, test } from 'vitest'
import { summarise } from './summary.ts'

const HOUR_MS = 3_600_000
const FROM = 480_000 * HOUR_MS
const window = { from: FROM, to: FROM + 24 * HOUR_MS }
const hour = (place: number, calls: number) => ({ at: FROM + place * HOUR_MS, calls })

/** Denies what takes the route that is found by a header. */
const NO_BETA: WireAccessRule = {
  ...{ name: 'no-beta', route: 'payments/beta', action: 'Deny', mode: 'enforce' },
  ...{ from: [{ any: 'authenticated' }], to: [] },
}
const ROUTES = compileRoutes([
  {
    ...{ name: 'payments', createdAt: 0 },
    rules: [
      {
        label: 'payments/beta',
        matches: [
          {
            path: { type: 'PathPrefix', value: '/' },
            method: null,
            headers: [{ type: 'Exact', name: 'x-beta', value: '1' }],
            queryParams: [],
          },
        ],
        ...{ filters: [], mirrors: [], backends: [], timeouts: { requestMs: null, backendRequestMs: null } },
        ...{ retry: null },
      },
    ],
  },
])
const recorded = (route: string, hours: RecordedPattern['hours']): RecordedPattern => ({
  ...{ source: 'checkout', method: 'GET', path: '/refunds', route, hours },
  calls: hours.reduce((sum, { calls }) => sum + calls, 0),
})

const summaryOf = (patterns: RecordedPattern[], routesMovedAt: number | null) =>
  summarise(
    [
      {
        service: 'payments',
        patterns,
        change: { before: compileAccess([], 'allow'), after: compileAccess([NO_BETA], 'allow'), routes: ROUTES },
        routesMovedAt,
      },
    ],
    window,
  )

// What was recorded after the routes moved has the labels of the routes as they are now: only the hours before, and that
// in which they moved, cannot be told.
test('hours before and after the routes moved are judged apart', () => {
  const beta = recorded('payments/beta', [hour(1, 5), hour(2, 7), hour(3, 11)])
  const other = recorded('default', [hour(1, 100), hour(3, 200)])
  const movedAt = FROM + 2 * HOUR_MS + 60_000
  expect(summaryOf([beta, other], movedAt)).toMatchObject({
    denied: { calls: 11, rows: [{ route: 'payments/beta', calls: 11, lastHour: hour(3, 0).at }] },
    unknown: { calls: 5 + 7 + 100 },
    unchanged: 200,
  })
  expect(summaryOf([beta, other], null)).toMatchObject({ denied: { calls: 23 }, unknown: { calls: 0 }, unchanged: 300 })
  expect(summaryOf([beta], FROM + 20 * HOUR_MS)).toMatchObject({ denied: { calls: 0 }, unknown: { calls: 23 } })
})

// A pattern is one row while all of its hours come to the same.
test('what is the same in all hours stays one row', () => {
  const beta = recorded('payments/beta', [hour(1, 5), hour(3, 11)])
  const early = summaryOf([beta], FROM - HOUR_MS)
  expect(early.denied.rows).toHaveLength(1)
  expect(early.denied.rows[0]?.hours.slice(0, 4)).toEqual([0, 5, 0, 11])
})

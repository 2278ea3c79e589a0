import { MESH_ERROR_CODES } from '@heddle/shared/errors'
import { Histogram } from '@heddle/shared/histogram'
import { metricsPayloadSchema } from '@heddle/shared/wire/metrics'
import { FakeClock } from '@heddle/testkit/fakeClock'
import { seededRandom } from '@heddle/testkit/random'
import { expect, test } from 'vitest'
import { finishedRequest } from '../../test/finishedRequest.ts'
import { rememberingLog } from '../../test/silentLog.ts'
import type { OutcomeClass } from '../interfaces.ts'
import { AccessLog } from './accessLog.ts'
import { Recorder } from './recorder.ts'
import { IDLE_MS, MOST_SERIES } from './series.ts'

function newRecorder(log = rememberingLog()) {
  const clock = new FakeClock()
  const accessLog = new AccessLog(log, seededRandom(1))
  return { clock, log, accessLog, recorder: new Recorder(clock, log, accessLog) }
}

const valid = (contents: ReturnType<Recorder['drain']>) =>
  contents.map((part) => metricsPayloadSchema.parse({ bootId: 'b', sequence: 1, droppedReports: 0, ...part }))

// Each request counts once in `requests` and once in exactly one outcome, in the row of its route and of its edge.
test('counts every outcome once', () => {
  const { recorder } = newRecorder()
  const outcomes: [OutcomeClass, (typeof MESH_ERROR_CODES)[number] | null][] = [
    ['ok', null],
    ['clientError', null],
    ['serverError', null],
    ['denied', 'denied'],
    ['limited', 'rate_limited'],
    ['cancelled', null],
    ...MESH_ERROR_CODES.map((code): [OutcomeClass, typeof code] => ['meshError', code]),
  ]
  for (const [outcome, meshError] of outcomes) recorder.finished(finishedRequest({ outcome, meshError }))
  recorder.finished(finishedRequest({ retriesMade: 2, recovered: true, retrySkipped: 'budget_exhausted' }))
  const [report] = valid(recorder.drain())
  const row = report?.routes[0]
  expect(report?.routes).toHaveLength(1)
  expect(row).toMatchObject({
    side: 'outbound',
    destination: 'catalog',
    version: 'v1',
    route: 'default',
    requests: outcomes.length + 1,
    ok: 2,
    clientError: 1,
    serverError: 1,
    denied: 1,
    limited: 1,
    cancelled: 1,
    meshErrors: Object.fromEntries(MESH_ERROR_CODES.map((code) => [code, 1])),
    recovered: 1,
    retriesMade: 2,
    retriesSkipped: { budget_exhausted: 1 },
    bytesIn: 10 * (outcomes.length + 1),
    bytesOut: 100 * (outcomes.length + 1),
  })
  // The cancelled one has no latency.
  expect(new Histogram().add(row?.latency ?? { index: [], count: [] }).total).toBe(outcomes.length)
  expect(report?.edges).toMatchObject([{ source: 'storefront', destination: 'catalog', requests: outcomes.length + 1 }])
})

// The server's side has one row per route over all callers, and one per caller over all routes; their sums agree.
test('adds callers into routes and routes into edges', () => {
  const { recorder } = newRecorder()
  for (const source of ['cart', 'checkout']) {
    for (const route of ['r/a', 'r/b', 'r/b']) recorder.finished(finishedRequest({ side: 'inbound', source, route }))
  }
  const [report] = valid(recorder.drain())
  expect(report?.routes.map(({ route, requests }) => [route, requests])).toEqual([
    ['r/a', 2],
    ['r/b', 4],
  ])
  expect(report?.edges.map(({ source, requests }) => [source, requests])).toEqual([
    ['cart', 3],
    ['checkout', 3],
  ])
  expect(report?.patterns.map(({ source, route, path, calls }) => [source, route, path, calls])).toEqual([
    ['cart', 'r/a', '/products', 1],
    ['cart', 'r/b', '/products', 2],
    ['checkout', 'r/a', '/products', 1],
    ['checkout', 'r/b', '/products', 2],
  ])
})

// A report holds what was counted since the one before, and there is none where nothing was.
test('reports deltas', () => {
  const { recorder, clock } = newRecorder()
  recorder.finished(finishedRequest())
  clock.advance(5_000)
  expect(recorder.drain()).toMatchObject([{ intervalMs: 5_000, routes: [{ requests: 1 }] }])
  clock.advance(5_000)
  expect(recorder.drain()).toEqual([])
  recorder.ruleHit('deny-all', 'cart', 'denied')
  recorder.ruleHit('deny-all', 'cart', 'denied')
  expect(recorder.drain()).toMatchObject([
    { rules: [{ rule: 'deny-all', source: 'cart', verdict: 'denied', hits: 2 }] },
  ])
  expect(recorder.drain()).toEqual([])
})

// A series without traffic leaves after ten minutes; one with traffic stays.
test('forgets idle series', () => {
  const { recorder, clock } = newRecorder()
  recorder.finished(finishedRequest({ route: 'idle' }))
  recorder.finished(finishedRequest({ route: 'busy' }))
  recorder.drain()
  clock.advance(IDLE_MS)
  recorder.finished(finishedRequest({ route: 'busy' }))
  recorder.drain()
  clock.advance(1)
  recorder.drain()
  expect([...recorder.series].map(({ labels }) => labels.route)).toEqual(['busy'])
})

// However many routes, hosts and callers there are, the series are bounded and no request is lost.
test('bounds its series and loses no request', () => {
  const { recorder } = newRecorder()
  const requests = 3 * MOST_SERIES
  for (let n = 0; n < requests; n++) {
    recorder.finished(finishedRequest({ side: 'inbound', source: `s${n}`, destination: `d${n}`, route: `r${n}` }))
  }
  expect(recorder.series.size).toBeLessThanOrEqual(2 * MOST_SERIES + 2)
  const reports = valid(recorder.drain())
  const sum = (rows: { requests: number }[]) => rows.reduce((total, row) => total + row.requests, 0)
  expect(reports.reduce((total, { routes }) => total + sum(routes), 0)).toBe(requests)
  expect(reports.reduce((total, { edges }) => total + sum(edges), 0)).toBe(requests)
  const calls = reports.flatMap(({ patterns }) => patterns).reduce((total, row) => total + row.calls, 0)
  expect(calls).toBe(requests)
})

// A label that the wire would refuse is made one that it takes: a report that is always refused would block all others.
test('keeps labels within what the wire takes', () => {
  const { recorder } = newRecorder()
  for (let n = 0; n < 2; n++)
    recorder.finished(finishedRequest({ version: '', destination: 'x'.repeat(10_000), route: 'a b' }))
  expect(valid(recorder.drain())[0]?.routes).toMatchObject([
    { version: '-', destination: 'other', route: 'other', requests: 2 },
  ])
})

// The access log is off by default, and a sample of it is a sample.
test('logs the sampled share of requests, without their query', () => {
  const { recorder, log, accessLog } = newRecorder()
  recorder.finished(finishedRequest())
  expect(log.lines).toEqual([])
  accessLog.sample = 0.25
  for (let n = 0; n < 4_000; n++) recorder.finished(finishedRequest())
  expect(log.lines.length).toBeGreaterThan(900)
  expect(log.lines.length).toBeLessThan(1_100)
  expect(log.lines[0]).toMatchObject({ message: 'access', fields: { path: '/products', status: 200 } })
})

// An event that comes in thousands is counted in full and logged a few times.
test('does not let events flood the log', () => {
  const { recorder, log } = newRecorder()
  for (let n = 0; n < 1_000; n++) recorder.event('peer_refused', { reason: 'expired' })
  expect(recorder.events.get('peer_refused')).toBe(1_000)
  expect(log.lines.length).toBeLessThan(50)
})

// What a connection carries is reported while it is open, without a request; at its end only the rest is added.
test('bytes of an open connection count once', () => {
  const { recorder } = newRecorder()
  const labels = finishedRequest()
  recorder.connectionsOpen(labels, 1)
  recorder.moved(labels, 100, 1_000)
  const [first] = valid(recorder.drain())
  expect(first?.routes).toMatchObject([{ requests: 0, ok: 0, bytesIn: 100, bytesOut: 1_000 }])
  expect(first?.edges).toMatchObject([{ requests: 0, bytesIn: 100, bytesOut: 1_000 }])
  recorder.connectionsOpen(labels, -1)
  recorder.finished(finishedRequest({ bytesIn: 130, bytesOut: 1_001, toldBefore: { bytesIn: 100, bytesOut: 1_000 } }))
  const [second] = valid(recorder.drain())
  expect(second?.routes).toMatchObject([{ requests: 1, ok: 1, bytesIn: 30, bytesOut: 1 }])
  expect(recorder.open.rows()).toEqual([])
})

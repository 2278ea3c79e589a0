import { FakeClock } from '@heddle/testkit/fakeClock'
import { seededRandom } from '@heddle/testkit/random'
import { expect, test } from 'vitest'
import { finishedRequest } from '../../test/finishedRequest.ts'
import { silentLog } from '../../test/silentLog.ts'
import { AccessLog } from './accessLog.ts'
import { type Counted, countedSchema, NO_GAUGES } from './counted.ts'
import { Recorder } from './recorder.ts'

const newRecorder = (): Recorder => new Recorder(new FakeClock(), silentLog, new AccessLog(silentLog, Math.random))

/** As it comes out of the pipe. */
const sent = (counted: Counted): Counted => countedSchema.parse(JSON.parse(JSON.stringify(counted)))

/** Anything that a request path may tell. */
function tellAnything(to: readonly Recorder[], random: () => number): void {
  const pick = <T>(of: readonly [T, ...T[]]): T => of[Math.floor(random() * of.length)] ?? of[0]
  const request = finishedRequest({
    side: pick(['outbound', 'inbound']),
    source: pick(['cart', 'web']),
    route: pick(['default', 'shop/rest']),
    outcome: pick(['ok', 'serverError', 'cancelled', 'limited']),
    latencyMs: Math.floor(random() * 200),
    retriesMade: Math.floor(random() * 3),
    retrySkipped: pick([null, 'deadline']),
    path: pick(['/products', '/products/17']),
  })
  for (const recorder of to) {
    recorder.finished(request)
    recorder.ruleHit('deny-all', request.source, 'denied')
    recorder.event('peer_refused', {})
    recorder.moved(request, 3, 5)
  }
}

// Whatever requests are counted in which process, and whenever it is taken from there: the totals and the reports are those
// of one process that has seen them all.
test('what workers count adds up to what one process would have counted', () => {
  const random = seededRandom(7)
  const [alone, primary, ...workers] = [newRecorder(), newRecorder(), newRecorder(), newRecorder(), newRecorder()]
  for (let i = 0; i < 500; i++) {
    const worker = workers[Math.floor(random() * workers.length)]
    if (worker === undefined || alone === undefined || primary === undefined) throw new Error('no recorder')
    tellAnything([alone, worker], random)
    if (random() < 0.1) primary.merge(sent(worker.take()), NO_GAUGES)
  }
  for (const worker of workers) primary?.merge(sent(worker.take()), NO_GAUGES)
  const all = (recorder: Recorder | undefined) => ({
    events: recorder?.events,
    rules: Array.from(recorder?.rules ?? [], ({ row, total }) => [row, total]).sort(),
    reports: recorder?.drain().map(({ routes, edges, rules, patterns }) => ({
      routes: routes.map((row) => JSON.stringify(row)).sort(),
      edges: edges.map((row) => JSON.stringify(row)).sort(),
      rules: rules.map((row) => JSON.stringify(row)).sort(),
      patterns: patterns.map((row) => JSON.stringify(row)).sort(),
    })),
  })
  expect(all(primary)).toEqual(all(alone))
})

// Taken once is gone: a process that took twice would count twice.
test('nothing is taken a second time', () => {
  const worker = newRecorder()
  tellAnything([worker], seededRandom(1))
  expect(worker.take().series).toHaveLength(1)
  expect(worker.take()).toMatchObject({ series: [], rules: [], patterns: [], events: {} })
})

// Gauges are not added but replaced: what a worker had in flight goes with its next word, or with its end.
test('gauges are those of the workers as they are now', () => {
  const [primary, worker] = [newRecorder(), newRecorder()]
  worker.inFlight('inbound', 1)
  worker.connectionsOpen(finishedRequest(), 1)
  const first = sent(worker.take())
  primary.merge(first, NO_GAUGES)
  worker.inFlight('inbound', 1)
  worker.connectionsOpen(finishedRequest(), -1)
  const second = sent(worker.take())
  primary.merge(second, first.gauges)
  expect(primary.inFlightNow).toEqual({ outbound: 0, inbound: 2 })
  expect(primary.open.rows()).toEqual([])
  primary.replaceGauges(second.gauges, NO_GAUGES)
  expect(primary.inFlightNow).toEqual({ outbound: 0, inbound: 0 })
})

import type { WireRule } from '@heddle/shared/wire/config'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { destinationDocument, SETTINGS } from '../../test/documents.ts'
import { TestTelemetry } from '../../test/testMesh.ts'
import { Balancer } from '../balance/balancer.ts'
import { type BodyReader, type Outcome, type OutgoingRequest, sendingOf } from '../forward/upstream.ts'
import { RetryBudget } from '../resilience/budget.ts'
import { compileRoutes } from '../route/compile.ts'
import { matchRoute } from '../route/match.ts'
import { createSplit } from '../route/split.ts'
import type { DestinationState, Endpoint } from './destinations.ts'
import { type MirrorParts, mirrorRequest } from './mirror.ts'

beforeEach(() => {
  vi.useFakeTimers()
})
afterEach(() => {
  vi.useRealTimers()
})

const RULE: WireRule = {
  label: 'route/rule',
  matches: [{ path: { type: 'PathPrefix', value: '/' }, method: null, headers: [], queryParams: [] }],
  filters: [],
  mirrors: [{ backend: { name: 'shadow', service: 'shadow', version: null, weight: 1 }, share: 1 }],
  backends: [],
  timeouts: { requestMs: null, backendRequestMs: null },
  retry: null,
}
const REQUEST: OutgoingRequest = {
  method: 'GET',
  target: '/',
  authority: 'catalog',
  headers: [],
  body: null,
  contentLength: null,
  upgrade: null,
}
const ENDPOINT: Endpoint = {
  instance: 'shadow-1',
  version: 'v1',
  service: 'shadow',
  address: '127.0.0.1',
  port: 1,
  place: '127.0.0.1:1',
}

/** A route with a mirror whose copies get `outcome`; `aborted` counts those that were broken off. */
function mirrored(outcome: () => Promise<Outcome>) {
  const routes = compileRoutes([{ name: 'route', createdAt: 0, rules: [RULE] }])
  const route = matchRoute(routes, { method: 'GET', path: '/', query: '', headers: [] })
  if (route === null) throw new Error('the rule matches everything')
  const balancer = new Balancer<Endpoint>(SETTINGS)
  balancer.replace([{ key: 'a', endpoint: ENDPOINT }], 0)
  const clock = { now: () => Date.now(), monotonic: () => Date.now() }
  const destination: DestinationState = {
    document: destinationDocument('catalog'),
    routes,
    budget: new RetryBudget(SETTINGS.retryBudget, 0),
    copies: { underWay: 0 },
    split: () => createSplit(0),
    backend: () => ({ service: 'shadow', balancer }),
  }
  const telemetry = new TestTelemetry()
  const seen = { sent: 0, aborted: 0 }
  const parts: MirrorParts = {
    upstreams: {
      endedAtMs: null,
      at: () => ({
        send: () => {
          seen.sent++
          return sendingOf(outcome(), () => void seen.aborted++)
        },
      }),
    },
    telemetry,
    clock,
    random: () => 0.5,
  }
  return {
    seen,
    telemetry,
    balancer,
    copies: destination.copies,
    mirror: (times: number) => {
      for (let i = 0; i < times; i++) mirrorRequest(route, destination, REQUEST, null, parts)
    },
  }
}

// A mirror that hangs costs a handful of copies, and what was not sent is counted.
test('copies under way have a bound', () => {
  const { seen, telemetry, mirror } = mirrored(() => new Promise(() => {}))
  mirror(60)
  expect(seen.sent).toBe(32)
  expect(telemetry.events.map(({ name }) => name)).toEqual(Array(28).fill('mirror_dropped'))
})

// The time of a copy goes to the end of its answer: one that drips is broken off, and its place is free again.
test('an answer to a copy that does not end is broken off', async () => {
  let broken = 0
  let reader: BodyReader | undefined
  const body = { read: (given: BodyReader) => (reader = given), resume: () => {}, abort: () => broken++ }
  const { mirror, copies } = mirrored(async () => ({
    kind: 'answered',
    status: 200,
    statusText: '',
    headers: [],
    body,
  }))
  mirror(1)
  for (let second = 0; second < 29; second++) {
    await vi.advanceTimersByTimeAsync(1_000)
    reader?.data(Buffer.from('.'))
  }
  expect([broken, copies.underWay]).toEqual([0, 1])
  await vi.advanceTimersByTimeAsync(1_000)
  expect([broken, copies.underWay]).toEqual([1, 0])
})

// An endpoint that is due for its probe gets a real request, whose result counts; never a copy.
test('a copy is no probe', () => {
  const { seen, mirror, balancer } = mirrored(() => new Promise(() => {}))
  for (let i = 0; i < 7; i++) {
    const attempt = balancer.pick(Date.now(), () => 0.5, [])
    if (typeof attempt === 'string') throw new Error(attempt)
    balancer.settle(attempt, 'connect_failed', Date.now(), () => 0.5)
    balancer.release(attempt, Date.now())
  }
  vi.advanceTimersByTime(10_000)
  mirror(1)
  expect(seen.sent).toBe(0)
  expect(balancer.pick(Date.now(), () => 0.5, [])).toMatchObject({ isProbe: true })
})

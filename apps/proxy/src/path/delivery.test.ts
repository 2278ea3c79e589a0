// What one attempt leaves behind for the next, and for a call that goes on without it.
import { PassThrough } from 'node:stream'
import type { WireRule } from '@heddle/shared/wire/config'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { destinationDocument, SETTINGS } from '../../test/documents.ts'
import { silentLog } from '../../test/silentLog.ts'
import { TestTelemetry } from '../../test/testMesh.ts'
import { Balancer } from '../balance/balancer.ts'
import { type Outcome, sendingOf } from '../forward/upstream.ts'
import { type Exchange, NOWHERE } from '../listen/exchange.ts'
import { RetryBudget } from '../resilience/budget.ts'
import { compileRoutes } from '../route/compile.ts'
import { matchRoute } from '../route/match.ts'
import { createSplit } from '../route/split.ts'
import { Call } from './call.ts'
import { Delivery } from './delivery.ts'
import type { DestinationState, Endpoint } from './destinations.ts'

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
  mirrors: [],
  backends: [],
  timeouts: { requestMs: null, backendRequestMs: 100 },
  retry: null,
}
const GONE: Outcome = {
  kind: 'failed',
  code: 'protocol_error',
  end: 'no_answer',
  wasConnected: true,
  cause: new Error('broken off'),
}
const CLOCK = { now: () => Date.now(), monotonic: () => Date.now() }

/** A call under way; `attempts` are what was sent of it, whose outcomes come by a promise, as a pool's do. */
function deliver(change: Partial<WireRule>, upgrade: string | null = null) {
  const telemetry = new TestTelemetry()
  const seen = { answers: [] as number[], refusals: [] as string[], aborted: 0 }
  const exchange: Exchange = {
    head: {
      method: 'GET',
      target: {
        malformed: null,
        form: 'origin',
        authority: 'catalog',
        port: null,
        path: '/',
        query: '',
        pathAndQuery: '/',
      },
      headers: [],
      contentLength: null,
      upgrade,
    },
    origin: { kind: 'app' },
    receivedAtMs: Date.now(),
    body: null,
    get hasAnswered() {
      return seen.answers.length > 0
    },
    onGone: () => {},
    invite: () => {},
    inform: () => {},
    answer: (status) => {
      seen.answers.push(status)
      return NOWHERE
    },
    refuse: (code) => void seen.refusals.push(code),
    switchProtocols: () => {
      seen.answers.push(101)
      return new PassThrough()
    },
    abort: () => void seen.aborted++,
  }
  const routes = compileRoutes([{ name: 'route', createdAt: 0, rules: [{ ...RULE, ...change }] }])
  const route = matchRoute(routes, { method: 'GET', path: '/', query: '', headers: [] })
  const balancer = new Balancer<Endpoint>(SETTINGS)
  balancer.replace(
    ['a', 'b'].map((key) => ({
      key,
      endpoint: { instance: key, version: 'v1', service: 'catalog', address: '127.0.0.1', port: 1, place: key },
    })),
    0,
  )
  const destination: DestinationState = {
    document: destinationDocument('catalog'),
    routes,
    budget: new RetryBudget(SETTINGS.retryBudget, 0),
    copies: { underWay: 0 },
    split: () => createSplit(0),
    backend: () => ({ service: 'catalog', balancer }),
  }
  const attempts: PromiseWithResolvers<Outcome>[] = []
  const call = new Call(exchange, 'outbound', 'shop', { telemetry, clock: CLOCK })
  const request = {
    method: 'GET',
    target: '/',
    authority: 'catalog',
    headers: [],
    body: null,
    contentLength: null,
    upgrade,
  }
  const parcel = { destination, backend: destination.backend('', null), route, request, body: null, deadlineMs: null }
  new Delivery(call, parcel, {
    upstreams: {
      endedAtMs: null,
      at: () => ({
        send: () => {
          const attempt = Promise.withResolvers<Outcome>()
          attempts.push(attempt)
          return sendingOf(attempt.promise, () => attempt.resolve(GONE))
        },
      }),
    },
    telemetry,
    clock: CLOCK,
    random: () => 0.5,
    log: silentLog,
    defect: (_exchange, error) => {
      throw error
    },
  }).begin()
  return { attempts, call, seen, telemetry }
}

// The time of an attempt is that of its answer; a WebSocket has had its answer, and lasts as long as its two ends want.
test('a protocol that was switched to outlives the time of its attempt', async () => {
  const { attempts, call, seen } = deliver({}, 'websocket')
  attempts[0]?.resolve({ kind: 'switched', headers: [], stream: new PassThrough() })
  await vi.advanceTimersByTimeAsync(1_000)
  expect([seen.answers, seen.aborted, call.isOver]).toEqual([[101], 0, false])
})

// What is broken off because its time is up says so a moment later: by then the next attempt may be under way, and this is
// not its outcome.
test('an attempt whose time was up settles nothing of the next one', async () => {
  const { attempts, seen, telemetry } = deliver({
    retry: { codes: [], attempts: 1, backoffMs: 0, nonIdempotent: false },
  })
  await vi.advanceTimersByTimeAsync(110)
  expect([attempts.length, seen.refusals]).toEqual([2, []])
  const body = { read: () => {}, resume: () => {}, abort: () => {} }
  attempts[1]?.resolve({ kind: 'answered', status: 200, statusText: '', headers: [], body })
  await vi.advanceTimersByTimeAsync(1)
  expect([seen.answers, seen.refusals]).toEqual([[200], []])
  expect(telemetry.events.filter(({ name }) => name === 'connection_failed')).toEqual([])
})

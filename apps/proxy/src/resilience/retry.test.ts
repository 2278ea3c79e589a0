import type { WireRule } from '@heddle/shared/wire/config'
import { seededRandom } from '@heddle/testkit/random'
import { expect, test } from 'vitest'
import { retryBackoffMs } from './backoff.ts'
import { RetryBudget } from './budget.ts'
import { type AttemptEnd, decideRetry, type RetryQuestion } from './retry.ts'

const POLICY: WireRule['retry'] = { codes: [503], attempts: 2, backoffMs: 100, nonIdempotent: false }
const LISTED: AttemptEnd = { kind: 'answered', status: 503, grpcStatus: null }
const QUESTION: RetryQuestion = {
  end: LISTED,
  method: 'GET',
  body: 'none',
  policy: POLICY,
  retriesMade: 0,
  safeRetryMade: false,
  deadlineMs: null,
}
const RICH = { percent: 20, minPerSecond: 10, windowMs: 10_000 }
const EMPTY = { percent: 0, minPerSecond: 0, windowMs: 10_000 }

function decide(given: Partial<RetryQuestion>, budget = new RetryBudget(RICH, 0)): string {
  const decision = decideRetry({ ...QUESTION, ...given }, budget, 1_000, () => 0)
  return decision.retry ? `${decision.because} after ${decision.afterMs}` : `no: ${decision.reason}`
}

const ends = (kind: 'not_sent' | 'stale_connection' | 'no_answer' | 'timed_out'): AttemptEnd => ({ kind })
const answered = (status: number): AttemptEnd => ({ kind: 'answered', status, grpcStatus: null })

// Without being asked, once: what cannot have been processed, or may be processed twice.
test.each<[string, Partial<RetryQuestion>, string]>([
  ['nothing was sent', { end: ends('not_sent'), policy: null }, 'safe after 0'],
  ['nothing of a POST was sent', { end: ends('not_sent'), method: 'POST', body: 'kept', policy: null }, 'safe after 0'],
  ['an idle connection died under a GET', { end: ends('stale_connection'), policy: null }, 'safe after 0'],
  ['the same under a DELETE', { end: ends('stale_connection'), method: 'DELETE', policy: null }, 'safe after 0'],
  ['the same under a POST', { end: ends('stale_connection'), method: 'POST', policy: null }, 'no: not_retryable'],
  ['under a POST without body', { end: ends('stale_connection'), method: 'POST', policy: null }, 'no: not_retryable'],
  [
    'under a PUT with a body',
    { end: ends('stale_connection'), method: 'PUT', body: 'kept', policy: null },
    'no: not_retryable',
  ],
  ['a new connection died', { end: ends('no_answer'), policy: null }, 'no: not_retryable'],
  [
    'a second time not sent',
    { end: ends('not_sent'), policy: null, retriesMade: 1, safeRetryMade: true },
    'no: attempts_exhausted',
  ],
  [
    'a second time died',
    { end: ends('stale_connection'), policy: null, retriesMade: 1, safeRetryMade: true },
    'no: not_retryable',
  ],
  ['a 503', { end: answered(503), policy: null }, 'no: not_retryable'],
  ['timed out', { end: ends('timed_out'), policy: null }, 'no: not_retryable'],
])('by itself: %s', (_, given, expected) => {
  expect(decide(given)).toBe(expected)
})

// Beyond that only where the route asks, for the statuses that it lists, for idempotent methods.
test.each<[string, Partial<RetryQuestion>, string]>([
  ['a listed status', {}, 'route after 100'],
  ['a second one', { retriesMade: 1 }, 'route after 200'],
  ['one too many', { retriesMade: 2 }, 'no: attempts_exhausted'],
  ['an unlisted 500', { end: answered(500) }, 'no: not_retryable'],
  ['a listed 429', { end: answered(429), policy: { ...POLICY, codes: [429] } }, 'route after 100'],
  ['PUT with a kept body', { method: 'PUT', body: 'kept' }, 'route after 100'],
  ['PUT with a body too large to keep', { method: 'PUT', body: 'lost' }, 'no: body_too_large'],
  ['POST', { method: 'POST', body: 'kept' }, 'no: not_retryable'],
  ['PATCH', { method: 'PATCH' }, 'no: not_retryable'],
  ['get', { method: 'get' }, 'no: not_retryable'],
  ['an unknown method', { method: 'BREW' }, 'no: not_retryable'],
  [
    'POST with the annotation',
    { method: 'POST', body: 'kept', policy: { ...POLICY, nonIdempotent: true } },
    'route after 100',
  ],
  [
    'POST that was not sent, again',
    { end: ends('not_sent'), method: 'POST', safeRetryMade: true, retriesMade: 1 },
    'route after 200',
  ],
  ['a reset', { end: ends('no_answer') }, 'route after 100'],
  ['a reset of a POST', { end: ends('no_answer'), method: 'POST' }, 'no: not_retryable'],
  ['an attempt timed out', { end: ends('timed_out') }, 'route after 100'],
  ['no attempts', { policy: { ...POLICY, attempts: 0 } }, 'no: attempts_exhausted'],
  ['the deadline comes before the wait is over', { deadlineMs: 1_099 }, 'no: deadline'],
  ['the deadline comes with its end', { deadlineMs: 1_100 }, 'no: deadline'],
  ['the deadline comes later', { deadlineMs: 1_101 }, 'route after 100'],
])('by the route: %s', (_, given, expected) => {
  expect(decide(given)).toBe(expected)
})

// A reason is counted only where a retry would have been called for.
test.each([200, 204, 304, 400, 404, 429, 499])('a %d calls for nothing', (status) => {
  expect(decide({ end: answered(status) })).toBe('no: null')
  expect(decide({ end: answered(status), policy: null })).toBe('no: null')
})

// The budget holds for safe retries too, is asked last, and is only charged for what is done.
test('an empty budget forbids every retry', () => {
  const budget = new RetryBudget(EMPTY, 0)
  expect(decide({}, budget)).toBe('no: budget_exhausted')
  expect(decide({ end: ends('not_sent'), policy: null }, budget)).toBe('no: budget_exhausted')
  expect(decide({ method: 'POST' }, budget)).toBe('no: not_retryable')
})

test('what is refused for another reason costs nothing', () => {
  const budget = new RetryBudget({ percent: 0, minPerSecond: 1, windowMs: 1_000 }, 0)
  for (let i = 0; i < 10; i++) {
    decide({ method: 'POST' }, budget)
    decide({ deadlineMs: 1 }, budget)
    decide({ method: 'PUT', body: 'lost' }, budget)
  }
  expect(decide({}, budget)).toBe('route after 100')
  expect(decide({}, budget)).toBe('no: budget_exhausted')
})

test('the wait doubles, has the base as its least and up to half more', () => {
  const random = seededRandom(1)
  for (const [retry, factor] of [1, 2, 4, 8, 10, 10].entries())
    for (let i = 0; i < 100; i++) {
      const waitMs = retryBackoffMs(25, retry + 1, random)
      expect(waitMs).toBeGreaterThanOrEqual(25 * factor)
      expect(waitMs).toBeLessThanOrEqual(37.5 * factor)
    }
  expect(retryBackoffMs(0, 5, random)).toBe(0)
})

// gRPC answers 200 whatever happened, and all of it is POST: the route's list of its statuses is what counts.
test.each<[string, number, WireRule['retry'], string]>([
  ['listed', 14, { ...POLICY, grpcCodes: [14] }, 'route after 100'],
  ['a failure that is not listed', 13, { ...POLICY, grpcCodes: [14] }, 'no: not_retryable'],
  ['a failure without a policy', 14, null, 'no: not_retryable'],
  ['listed, though no failure', 8, { ...POLICY, grpcCodes: [8] }, 'route after 100'],
  ['no failure', 5, POLICY, 'no: null'],
])('a status of gRPC: %s', (_, grpcStatus, policy, expected) => {
  const end: AttemptEnd = { kind: 'answered', status: 200, grpcStatus }
  expect(decide({ end, method: 'POST', body: 'kept', policy })).toBe(expected)
})

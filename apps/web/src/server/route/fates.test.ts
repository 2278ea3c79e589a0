import { expect, test } from 'vitest'
import { Totals } from '../metrics/totals.ts'
import { fatesOf } from './fates.ts'

const budget = { percent: 20, minPerSecond: 10, windowMs: 10_000 }
const retry = { codes: [502, 503], attempts: 2, backoffMs: 25, nonIdempotent: false }
const totals = () =>
  new Totals().add({
    requests: 1_000,
    ok: 980,
    clientError: 5,
    serverError: 7,
    meshErrors: {},
    denied: 3,
    limited: 0,
    cancelled: 5,
    recovered: 10,
    retriesMade: 16,
    retriesSkipped: { not_retryable: 4, attempts_exhausted: 3 },
    bytesIn: 0,
    bytesOut: 0,
    latency: { index: [], count: [] },
  })
const plain = (text: string | undefined) => text?.replaceAll(' ', ' ')

// Every call has one fate, in the order in which a call comes to them; those that did not happen are listed too.
test('fates add up to the calls', () => {
  const fates = fatesOf(totals(), { retry, timeouts: { requestMs: 2_000, backendRequestMs: null } }, budget)
  expect(fates.map(({ fate, calls }) => [fate, calls])).toEqual([
    ['first_try', 983],
    ['after_retry', 10],
    ['not_retryable', 4],
    ['body_too_large', 0],
    ['budget_exhausted', 0],
    ['attempts_exhausted', 3],
    ['deadline', 0],
  ])
  expect(fates.reduce((sum, { calls }) => sum + calls, 0)).toBe(1_000)
  expect(fates[1]?.share).toBeCloseTo(1, 9)
})

// The words are those of this route's configuration, not of retries in general.
test('what a fate means is said by the configuration', () => {
  const meaning = (of: Parameters<typeof fatesOf>[1], fate: string) =>
    plain(fatesOf(totals(), of, budget).find((row) => row.fate === fate)?.meaning)
  const asked = { retry, timeouts: { requestMs: 2_000, backendRequestMs: null } }
  expect(meaning(asked, 'first_try')).toBe(
    'ended without a failure that called for another try; of these 3 denied, 5 given up by the caller',
  )
  expect(meaning(asked, 'after_retry')).toBe('502, 503 or no answer was tried again, and that worked')
  expect(meaning(asked, 'not_retryable')).toMatch(/^a status other than 502, 503 .*such as POST$/)
  expect(meaning(asked, 'attempts_exhausted')).toBe('all of 2 retries made, the last one failed too')
  expect(meaning(asked, 'deadline')).toBe('the timeout of 2 s left no time for another try')
  expect(meaning(asked, 'budget_exhausted')).toBe('the budget of 20 % of the calls + 10/s over 10 s was used up')
  const none = { retry: null, timeouts: { requestMs: null, backendRequestMs: null } }
  expect(meaning(none, 'not_retryable')).toBe('this route asks for no retries, so only what was never sent is repeated')
  expect(meaning(null, 'deadline')).toMatch(/sets no timeout/)
})

test('without a call there are no shares', () => {
  expect(fatesOf(new Totals(), null, budget).map(({ share }) => share)).toEqual(new Array(7).fill(null))
})

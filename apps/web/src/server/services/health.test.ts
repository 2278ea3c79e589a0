import { bucketOf } from '@heddle/shared/histogram'
import { NO_OUTCOMES } from '@heddle/testkit/outcomes'
import { expect, test } from 'vitest'
import { Totals } from '../metrics/totals.ts'
import { causeOf, HEALTHY, judge, judgeService, sentenceOf, troubleSince } from './health.ts'

const objective = { successRate: 99.5, latencyP99Ms: 500 }
const totals = (requests: number, serverError: number, latencyMs = 10) =>
  new Totals().add({
    ...NO_OUTCOMES,
    requests,
    ok: requests - serverError,
    serverError,
    latency: { index: [bucketOf(latencyMs)], count: [requests] },
  })
const plain = (text: string | null) => text?.replaceAll('\u00a0', ' ')
const instances = { ready: 1, all: 1, silent: 0 }

// A reason has both sides of the comparison, and the rate is floored, so that it never reads as met.
test('numbers against the objective', () => {
  expect(judge(totals(1_000, 5), objective)).toEqual(HEALTHY)
  expect(plain(judge(totals(10_000, 51), objective).reason)).toBe('success 99.49 % < 99.5 %')
  expect(judge(totals(1_000, 6), objective).state).toBe('degraded')
  expect(judge(totals(1_000, 13), objective).state).toBe('failing')
  expect(plain(judge(totals(100, 0, 800), objective).reason)).toMatch(/^p99 \d+ ms > 500 ms$/)
  expect(judge(totals(100, 0, 1_200), objective).state).toBe('failing')
})

// One failure of three calls is no alarm, and silence is neither well nor ill.
test('too little to judge', () => {
  expect(judge(totals(3, 1), objective)).toEqual(HEALTHY)
  // A service was Failing on two of seven calls of its first second.
  expect(judge(totals(7, 2), objective)).toEqual(HEALTHY)
  expect(plain(sentenceOf(HEALTHY, totals(7, 2), 0))).toBe('Too few calls to judge: 2 of 7 failed in the last 15 min.')
  // Of fifty calls the slowest is not a percentile.
  expect(judge(totals(50, 0, 5_000), objective)).toEqual(HEALTHY)
  expect(judge(undefined, objective).state).toBe('idle')
  expect(judge(new Totals(), objective).state).toBe('idle')
})

// A quiet service whose calls fail is in trouble all the same, and two of a hundred are not yet a disaster.
test('few calls are judged where chance does not explain them', () => {
  expect(judge(totals(15, 15), objective).state).toBe('failing')
  expect(judge(totals(99, 5), objective).state).toBe('failing')
  expect(judge(totals(100, 2), objective).state).toBe('degraded')
  const lax = { ...objective, successRate: 90 }
  expect(judge(totals(30, 5), lax)).toEqual(HEALTHY)
  expect(judge(totals(30, 12), lax).state).toBe('failing')
})

test('a service is judged by its numbers, then its versions, then its proxies', () => {
  const well = { totals: totals(1_000, 0), objective, versions: [], instances }
  expect(judgeService(well)).toEqual(HEALTHY)
  const canary = judgeService({ ...well, versions: [{ version: 'v2', health: judge(totals(100, 50), objective) }] })
  expect([canary.state, plain(canary.reason)]).toEqual(['degraded', 'v2 success 50.00 % < 99.5 %'])
  expect(judgeService({ ...well, instances: { ready: 1, all: 2, silent: 1 } })).toMatchObject({
    state: 'unknown',
    reason: '1 of 2 proxies do not report',
  })
  expect(judgeService({ ...well, instances: { ready: 0, all: 2, silent: 0 } })).toMatchObject({
    state: 'failing',
    reason: '0 of 2 instances ready',
  })
  const gone = { ready: 0, all: 0, silent: 0 }
  expect(judgeService({ ...well, instances: gone })).toMatchObject({ state: 'failing', reason: 'no instance is left' })
  expect(judgeService({ ...well, instances: null })).toEqual(HEALTHY)
  // Its routes lead to other services: that it has no instance is no fault then, and true all the same.
  const elsewhere = { ...gone, leadsElsewhere: true }
  expect(judgeService({ ...well, instances: elsewhere })).toEqual(HEALTHY)
  expect(judgeService({ ...well, totals: undefined, instances: elsewhere }).reason).toBe('no instances')
  const absent = judgeService({ ...well, totals: undefined, instances: gone })
  expect(absent).toMatchObject({ state: 'idle', reason: 'no instances' })
  expect(plain(sentenceOf(absent, undefined, 0))).toBe('No instances, and no traffic in the last 15 min.')
  // Nobody can tell: that is no fault of the service.
  expect(judgeService({ ...well, instances: { ready: 1, all: 2, silent: null } })).toEqual(HEALTHY)
})

test('the cause names what most failures have in common', () => {
  const timeouts = totals(100, 0)
  timeouts.meshErrors.set('connect_failed', 9)
  timeouts.failures = 9
  expect(
    causeOf([
      { route: 'a/b', totals: timeouts },
      { route: 'default', totals: totals(900, 2) },
    ]),
  ).toBe('11 of 1,000 failed; 9 are connect failed on a/b')
  expect(causeOf([{ route: 'a/b', totals: timeouts }])).toBe('9 of 100 failed, all of them connect failed on a/b')
  const single = totals(100, 0)
  single.meshErrors.set('timeout', 1)
  single.failures = 1
  expect(causeOf([{ route: 'a/b', totals: single }])).toBe('1 of 100 failed: timeout on a/b')
  expect(causeOf([{ route: 'a/b', totals: totals(10, 0) }])).toBe(null)
  // Connections take no route.
  expect(causeOf([{ route: null, totals: single }])).toBe('1 of 100 failed: timeout')
})

// Minutes without traffic neither begin nor end a trouble.
test('since when', () => {
  const spark = { from: 0, stepMs: 60_000, requestsPerSecond: [], failures: [], p99Ms: [] }
  expect(troubleSince({ ...spark, successRate: [100, 90, null, 90, 90] }, objective)).toBe(60_000)
  expect(troubleSince({ ...spark, successRate: [90, 90, 100, null] }, objective)).toBe(null)
})

test('the sentence in the header', () => {
  const health = judge(totals(1_000, 6), objective)
  const cause = '6 of 1,000 failed'
  expect(plain(sentenceOf({ ...health, since: 0, cause }, undefined, 27 * 60_000))).toBe(
    'Degraded for 27 min: success 99.40 % < 99.5 %. 6 of 1,000 failed in the last 15 min.',
  )
  expect(plain(sentenceOf(HEALTHY, totals(1_000, 0), 0))).toBe(
    'Healthy: 100.00 % of 1,000 calls in the last 15 min succeeded.',
  )
  expect(plain(sentenceOf(HEALTHY, totals(1_000, 0), 0, 'connections'))).toBe(
    'Healthy: 100.00 % of 1,000 connections in the last 15 min succeeded.',
  )
})

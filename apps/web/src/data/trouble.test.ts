import { expect, test } from 'vitest'
import { outcomes } from '../../test/metricsFixture.ts'
import { Totals } from '../server/metrics/totals.ts'
import { HEALTHY, IDLE, judge, judgeService } from '../server/services/health.ts'
import { troubledNumber } from './trouble.ts'

const objective = { successRate: 99.5, latencyP99Ms: 100 }
const failed = new Totals().add(outcomes({ requests: 1_000, ok: 900, serverError: 100, latencyMs: 10 }))
const slow = new Totals().add(outcomes({ requests: 1_000, ok: 1_000, latencyMs: 900 }))

// A service that is slow and never fails has no red success rate.
test('the number that is in trouble', () => {
  expect(troubledNumber(judge(failed, objective))).toBe('success')
  expect(troubledNumber(judge(slow, objective))).toBe('p99')
  const ofVersion = (version: string, totals: Totals) =>
    judgeService({
      totals: undefined,
      objective,
      versions: [{ version, health: judge(totals, objective) }],
      instances: null,
    })
  expect(troubledNumber(ofVersion('p99', failed))).toBe('success')
  expect(troubledNumber(ofVersion('success', slow))).toBe('p99')
})

test('no number is in trouble', () => {
  expect(troubledNumber(HEALTHY)).toBe(null)
  expect(troubledNumber(IDLE)).toBe(null)
  expect(troubledNumber({ state: 'failing', reason: '0 of 2 instances ready' })).toBe(null)
})

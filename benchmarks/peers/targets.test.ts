import { expect, test } from 'vitest'
import { resultsOf, samplesFor, scenarioOf } from './sampleResults.ts'
import { judge, ratioTo } from './targets.ts'

const against = (ours: number, theirs: number, errors = 0) =>
  scenarioOf('pair-64', [...samplesFor('heddle', ours, 100, errors), ...samplesFor('nginx', theirs, 100)])
const verdictOn = (scenario: ReturnType<typeof against>) => judge(resultsOf([scenario]))[0]?.verdict

test('ours is held against theirs of the same block', () => {
  expect(ratioTo(against(30, 40), 'nginx', 'cpu')).toMatchObject({ blocks: 6, median: expect.closeTo(0.75) })
  expect(ratioTo(against(30, 40), 'envoy', 'cpu')).toBeNull()
})

test('a target is met, or missed and told so', () => {
  expect(verdictOn(against(30, 40))).toBe('met')
  expect(verdictOn(against(36, 40))).toBe('MISSED')
})

// Requests that failed were cheap.
test('with failed requests nothing is met', () => {
  expect(verdictOn(against(30, 40, 2))).toBe('failed requests')
})

test('memory and start-up are held against numbers', () => {
  const [memory, start] = judge(resultsOf([]))
  expect(memory).toMatchObject({ measured: { median: 35 }, verdict: 'met' })
  expect(start).toMatchObject({ measured: { median: 765, high: 900 }, verdict: 'met' })
})

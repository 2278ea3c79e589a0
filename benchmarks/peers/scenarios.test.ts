import { expect, test } from 'vitest'
import { readOptions } from './options.ts'
import { armsIn, estimateSeconds, NOISE_SCENARIOS, SCENARIOS } from './scenarios.ts'

const minutesOf = (args: string[]): number => {
  const options = readOptions(args)
  if ('mistake' in options) throw new Error(options.mistake)
  return estimateSeconds(options) / 60
}

// Whoever starts it knows when it will be done.
test('a whole bench takes less than twenty minutes, a quick one less than three minutes', () => {
  expect(minutesOf([])).toBeLessThanOrEqual(20)
  expect(minutesOf(['--quick'])).toBeLessThanOrEqual(3)
})

test('names are unique, and the noise floor is of scenarios that exist', () => {
  const names = SCENARIOS.map(({ name }) => name)
  expect(new Set(names).size).toBe(names.length)
  for (const name of NOISE_SCENARIOS) expect(names).toContain(name)
})

// There is no server side to shake hands with where there are no proxies.
test('a handshake with nobody is not measured', () => {
  for (const scenario of SCENARIOS) {
    const arms = armsIn(scenario, ['heddle', 'direct'])
    expect(arms).toContain('heddle')
    if (scenario.shape !== 'pair') expect(arms).not.toContain('direct')
  }
})

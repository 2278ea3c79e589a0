import { expect, test } from 'vitest'
import { closestToObjective } from './closest.ts'
import { HEALTHY, IDLE } from './health.ts'

const row = (service: string, successRate: number | null, objective: number, requests = 1_000) => ({
  ...{ service, successRate, requests, objective: { successRate: objective, latencyP99Ms: null }, health: HEALTHY },
})

// 99 % is near to 98.5 % and far from 90 %; what few calls or an idle service say is no distance.
test('the nearest to its own objective', () => {
  const rows = [row('cart', 99, 90), row('checkout', 99.02, 98.5), row('few', 99.6, 99.5, 10)]
  expect(closestToObjective([...rows, { ...row('idle', 98.6, 98.5), health: IDLE }])).toEqual({
    ...{ service: 'checkout', successRate: 99.02, objective: 98.5 },
  })
})

test('nothing failed, nothing is near', () => {
  expect(closestToObjective([row('cart', 100, 99.5), row('strict', 100, 100), row('mute', null, 99)])).toBe(null)
})

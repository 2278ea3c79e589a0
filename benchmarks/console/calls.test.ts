import { seededRandom } from '@heddle/testkit/random'
import { expect, test } from 'vitest'
import { makeMesh } from '../seed/mesh.ts'
import { planTraffic } from '../seed/plan.ts'
import { callsOf, chooseCallers } from './calls.ts'

const plan = planTraffic(makeMesh({ services: 100, proxies: 100, routes: 5 }, 1), 1, 0, 0)

test('few callers reach many services, each caller by its own edges only', () => {
  const chosen = chooseCallers(plan.edges, 10)
  expect(chosen.size).toBe(10)
  const called = new Set<string>()
  for (const [source, edges] of chosen)
    for (const edge of edges) {
      expect(edge.source).toBe(source)
      called.add(edge.service.name)
    }
  expect(called.size).toBeGreaterThan(50)
  expect(chosen.has('public')).toBe(false)
})

// A report without a call would leave its rows as they were.
test('each edge has calls in every interval, at its own rate', () => {
  const rarest = plan.edges.toSorted((a, b) => a.callsPerSecond - b.callsPerSecond)[0]
  const busiest = plan.edges.toSorted((a, b) => b.callsPerSecond - a.callsPerSecond)[0]
  if (rarest === undefined || busiest === undefined) throw new Error('the plan has no edges')
  const random = seededRandom(1)
  expect([...callsOf(rarest, 5, random)]).toHaveLength(1)
  const calls = [...callsOf(busiest, 1_000, random)]
  expect(calls.length / 1_000 / busiest.callsPerSecond).toBeCloseTo(1, 1)
  for (const { source, destination, latencyMs } of calls) {
    expect([source, destination]).toEqual([busiest.source, busiest.service.name])
    expect(latencyMs).toBeGreaterThan(0)
  }
})

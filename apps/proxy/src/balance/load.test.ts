import { expect, test } from 'vitest'
import { DEFAULT_RTT_MS, EndpointLoad } from './load.ts'

const measured = (rttMs: number) => {
  const load = new EndpointLoad(DEFAULT_RTT_MS, 0)
  load.succeeded(rttMs, 0)
  return load
}

test('the first answer replaces what the endpoint was taken for', () => {
  expect(new EndpointLoad(DEFAULT_RTT_MS, 0).rttMs(0)).toBe(30)
  expect(measured(5).rttMs(0)).toBe(5)
})

// "Peak": a slow answer is believed at once, a fast one after it little by little (to 1/e in 10 s).
test('the estimate jumps up and glides down', () => {
  const load = measured(10)
  load.succeeded(400, 100)
  expect(load.rttMs(100)).toBe(400)
  load.succeeded(10, 1_100)
  expect(load.rttMs(1_100)).toBeCloseTo(10 + 390 * Math.exp(-0.1), 6)
})

test('an endpoint that is not asked is forgotten, so that it is asked again', () => {
  expect(measured(400).rttMs(10_000)).toBeCloseTo(400 / Math.E, 6)
  expect(measured(400).rttMs(1e6)).toBe(0.1)
})

test('each request in flight counts', () => {
  const load = measured(10)
  load.begin()
  load.begin()
  expect(load.cost(0)).toBeCloseTo(30, 6)
  load.end()
  expect(load.cost(0)).toBeCloseTo(20, 6)
})

// However fast it comes, a failure makes an endpoint dearer, and the more of them the dearer.
test('failures cost', () => {
  const load = measured(10)
  let before = load.cost(0)
  for (let i = 0; i < 20; i++) {
    load.failed(0.1, 0)
    expect(load.cost(0)).toBeGreaterThan(before)
    before = load.cost(0)
  }
  load.succeeded(10, 0)
  expect(load.cost(0)).toBeLessThan(before)
})

test('an attempt that was given up shows at least how long it took', () => {
  const load = measured(10)
  load.waited(2_000, 1_000)
  expect(load.rttMs(1_000)).toBe(2_000)
  load.waited(1, 1_000)
  expect(load.rttMs(1_000)).toBe(2_000)
})

test('a clock that stands still changes nothing', () => {
  const load = measured(10)
  expect(load.rttMs(-5)).toBe(10)
})

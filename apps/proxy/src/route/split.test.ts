import type { WireBackend } from '@heddle/shared/wire/config'
import { seededRandom } from '@heddle/testkit/random'
import { expect, test } from 'vitest'
import { chooseBackend, chooseMirrored, compileWeights, createSplit, type SplitState } from './split.ts'

const backends = (...weights: number[]): WireBackend[] =>
  weights.map((weight, i) => ({ name: `v${i + 1}`, service: 'catalog', version: `v${i + 1}`, weight }))

function sharesOf(weights: number[], requests: number, states: SplitState[]): number[] {
  const compiled = compileWeights(backends(...weights))
  const counts = weights.map(() => 0)
  for (let i = 0; i < requests; i++) {
    const state = states[i % states.length]
    const chosen = state === undefined ? null : chooseBackend(compiled, state)
    const at = chosen === null ? -1 : Number(chosen.name.slice(1)) - 1
    counts[at] = (counts[at] ?? 0) + 1
  }
  return counts.map((count) => count / requests)
}

const WEIGHTS = [
  [90, 10],
  [99, 1],
  [50, 50],
  [1, 1, 1],
  [1, 2, 3, 4],
  [5, 0, 5],
  [1_000_000, 1],
  [1, 0, 0],
  [80, 15, 5],
]

// Of 4,000 requests each backend gets its share to within one point, from one proxy or from several that begin at once.
test.each(WEIGHTS)('shares of %j %j %j %j are kept', (...weights) => {
  const total = weights.reduce((sum, weight) => sum + weight, 0)
  const random = seededRandom(11)
  for (const proxies of [1, 2, 8, 40])
    for (let round = 0; round < 5; round++) {
      const states = Array.from({ length: proxies }, () => createSplit(random()))
      for (const [i, share] of sharesOf(weights, 4_000, states).entries())
        expect(Math.abs(share - (weights[i] ?? 0) / total)).toBeLessThanOrEqual(0.01)
    }
})

// Small samples already show the share: after any number of requests a backend is at most three away from it.
test('no backend is ever far from its share', () => {
  const random = seededRandom(12)
  for (const weights of WEIGHTS) {
    const total = weights.reduce((sum, weight) => sum + weight, 0)
    const compiled = compileWeights(backends(...weights))
    const state = createSplit(random())
    const counts = new Map<string, number>()
    for (let n = 1; n <= 5_000; n++) {
      const name = chooseBackend(compiled, state)?.name ?? 'none'
      counts.set(name, (counts.get(name) ?? 0) + 1)
      for (const [i, weight] of weights.entries())
        expect(Math.abs((counts.get(`v${i + 1}`) ?? 0) - (n * weight) / total)).toBeLessThan(3)
    }
  }
})

// Callers whose requests alternate between two kinds get the same shares for each kind.
test('every second request has the share too', () => {
  const compiled = compileWeights(backends(50, 50))
  const state = createSplit(0.3)
  let first = 0
  for (let i = 0; i < 4_000; i++) {
    const chosen = chooseBackend(compiled, state)
    if (i % 2 === 0 && chosen?.name === 'v1') first++
  }
  expect(Math.abs(first / 2_000 - 0.5)).toBeLessThanOrEqual(0.01)
})

// A weight that is moved during the run holds from the next request on, without a jump to make up for what was before.
test('after a change of weights the new share holds at once', () => {
  const state = createSplit(0.7)
  sharesOf([90, 10], 777, [state])
  const [, canary = 0] = sharesOf([50, 50], 100, [state])
  expect(Math.abs(canary - 0.5)).toBeLessThanOrEqual(0.03)
})

test('a weight of zero is never chosen, all zero and no backend choose none', () => {
  const state = createSplit(0)
  const compiled = compileWeights(backends(0, 1, 0))
  for (let i = 0; i < 10_000; i++) expect(chooseBackend(compiled, state)?.name).toBe('v2')
  expect(chooseBackend(compileWeights(backends(0, 0)), state)).toBe(null)
  expect(chooseBackend(compileWeights([]), state)).toBe(null)
})

test('mirroring keeps its share within what one backend gets', () => {
  const compiled = compileWeights(backends(90, 10))
  const split = createSplit(0.1)
  const mirror = createSplit(0.1)
  let mirrored = 0
  let both = 0
  for (let i = 0; i < 10_000; i++) {
    const isCanary = chooseBackend(compiled, split)?.name === 'v2'
    const isMirrored = chooseMirrored(0.2, mirror)
    if (isMirrored) mirrored++
    if (isMirrored && isCanary) both++
  }
  expect(Math.abs(mirrored - 2_000)).toBeLessThan(10)
  expect(Math.abs(both - 200)).toBeLessThan(20)
  const edge = createSplit(0.999_999)
  for (let i = 0; i < 1_000; i++) {
    expect(chooseMirrored(1, edge)).toBe(true)
    expect(chooseMirrored(0, edge)).toBe(false)
  }
})

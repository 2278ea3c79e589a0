import { existsSync, readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { BEGIN, END, withPart } from './readme.ts'
import { resultsOf, samplesFor, scenarioOf } from './sampleResults.ts'
import { pageOf, readmePartOf } from './table.ts'

const open = scenarioOf(
  'open-1000',
  [...samplesFor('heddle', 30, 400), ...samplesFor('nginx', 40, 350), ...samplesFor('direct', Number.NaN, 150)],
  {
    pooled: {
      heddle: { p50: 400, p90: 500, p99: 900, p999: 1_500 },
      nginx: { p50: 350, p90: 450, p99: 700, p999: 1_100 },
      direct: { p50: 150, p90: 200, p99: 300, p999: 500 },
    },
    noise: [{ first: [30, 31], second: [30, 30] }],
  },
)

test('a peer’s cell says what it took, and what share of that ours takes', () => {
  expect(pageOf(resultsOf([open]))).toContain('| the scenario open-1000 | 30.8 | 41.0 (0.75 × [0.75 – 0.75]) |')
})

test('added latency is less what there is without proxies', () => {
  const page = pageOf(resultsOf([open]))
  expect(page).toContain('| heddle | 0.250 | 0.300 | 0.600 | 1.000 |')
  expect(page).toContain('| nginx | 0.200 | 0.250 | 0.400 | 0.600 |')
})

// Where we lose it is told as plainly as where we win.
test('what was missed, what failed and what was not measured is on the page', () => {
  const failing = scenarioOf('pair-64', [...samplesFor('heddle', 50, 100, 10), ...samplesFor('nginx', 40, 100)])
  const page = pageOf(
    resultsOf([open, failing], {
      machine: 'busy',
      missing: [{ arm: 'envoy', why: 'Envoy is not on this machine.' }],
      notYet: [{ title: 'gRPC', why: 'Not yet.' }],
    }),
  )
  expect(page).toContain('| 1.14 [1.14 – 1.14] × | MISSED |')
  expect(page).toContain('failed requests')
  expect(page).toContain('0.99 % failed')
  expect(page).toContain('**busy**')
  expect(page).toContain('- envoy: Envoy is not on this machine.')
  expect(page).toContain('- gRPC: Not yet.')
})

test('only what lies between the markers changes', () => {
  const readme = `# A\n${BEGIN}\nold\n${END}\nrest\n`
  expect(withPart(readme, 'new')).toBe(`# A\n${BEGIN}\nnew\n${END}\nrest\n`)
  expect(withPart(withPart(readme, 'new'), 'new')).toBe(withPart(readme, 'new'))
  expect(() => withPart('# A\n', 'new')).toThrow('no place')
})

// Numbers are changed by measuring again, not by hand.
const results = new URL('../results/peers.json', import.meta.url)
test.skipIf(!existsSync(results))('the README’s table and the page are what the results make', () => {
  const kept = JSON.parse(readFileSync(results, 'utf8'))
  const readme = readFileSync(new URL('../../README.md', import.meta.url), 'utf8')
  expect(withPart(readme, readmePartOf(kept))).toBe(readme)
  expect(readFileSync(new URL('../results/peers.md', import.meta.url), 'utf8')).toBe(pageOf(kept))
})

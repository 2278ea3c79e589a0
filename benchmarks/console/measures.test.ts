import { expect, test } from 'vitest'
import {
  faultsOf,
  isEnough,
  machineOf,
  medianVerdict,
  type PageMeasure,
  p99Verdict,
  quantile,
  type Results,
  scriptVerdict,
  tickVerdict,
} from './measures.ts'
import { tableOf } from './table.ts'

test('quantiles are values that were measured', () => {
  expect(quantile([4, 1, 3, 2], 0.5)).toBe(2)
  expect(quantile([4, 1, 3, 2], 0.99)).toBe(4)
  expect(quantile([], 0.5)).toBeNaN()
})

/** Each visit took `serverMs` on the server and a second at the browser. */
const pageOf = (
  serverMs: number[],
  answersMs: number[] = Array(100).fill(100),
  errors: string[] = [],
): PageMeasure => ({
  page: '/services',
  visits: serverMs.map((ms) => ({ serverMs: ms, documentMs: 5, browserMs: 1_000 })),
  answersMs,
  procedures: { 'services.list': [40, 50, 60], 'session.me': [1, 1, 1] },
  bytes: 2_048,
  errors,
})

const results = (part: Partial<Results> = {}): Results => ({
  at: '2026-01-01T00:00:00.000Z',
  commit: 'abc',
  cpus: 2,
  machine: 'quiet',
  loadBefore: 0.1,
  loadAfter: 1,
  mesh: { services: 1_000, proxies: 2_000, routes: 50, hasOldMetrics: true },
  pages: [pageOf([150, 160, 170])],
  script: { files: 2, wireKb: 240, rawKb: 900, gzipKb: 230 },
  traffic: { proxies: 16, services: 380, reports: 90 },
  live: [
    {
      page: '/services',
      seconds: 30,
      ticks: 6,
      changes: 600,
      cpuMs: 90,
      wallMs: 120,
      cpu: { beyondMs: 60, calmMsPerSecond: 1.25 },
      wall: { beyondMs: 72, calmMsPerSecond: 2 },
      longestTaskMs: 9.25,
    },
  ],
  ...part,
})

// The browser's own time is told and judges nothing.
test('a page is judged by the server', () => {
  expect(medianVerdict(pageOf([1, 200, 900]))).toBe('met')
  expect(medianVerdict(pageOf([1, 201, 202]))).toBe('MISSED')
  expect(p99Verdict(pageOf([1, 1, 1], [...Array(99).fill(500), 501]))).toBe('met')
  expect(p99Verdict(pageOf([1, 1, 1], [...Array(98).fill(500), 501, 501]))).toBe('MISSED')
})

// Few numbers decide nothing, and failed answers were not fast.
test('a verdict needs enough answers, and none that failed', () => {
  expect(medianVerdict(pageOf([1, 1]))).toBe('too few')
  expect(p99Verdict(pageOf([1, 1, 1], Array(99).fill(1)))).toBe('too few')
  expect(medianVerdict(pageOf([1, 1, 1], undefined, ['the document was answered with 500']))).toBe('error')
  expect(p99Verdict(pageOf([1, 1, 1], undefined, ['the document was answered with 500']))).toBe('error')
  expect(isEnough(pageOf([1, 1, 1]))).toBe(true)
  expect(isEnough(pageOf([1, 1]))).toBe(false)
  expect(isEnough(pageOf([1, 1, 1], Array(99).fill(1)))).toBe(false)
})

test('scripts are judged by what came over the wire', () => {
  expect(scriptVerdict({ files: 1, wireKb: 250, rawKb: 900, gzipKb: 300 })).toBe('met')
  expect(scriptVerdict({ files: 1, wireKb: 251, rawKb: 251, gzipKb: 80 })).toBe('MISSED')
  expect(scriptVerdict({ files: 1, wireKb: Number.NaN, rawKb: 1, gzipKb: 1 })).toBe('MISSED')
})

const live = {
  page: '/services',
  seconds: 30,
  ticks: 10,
  changes: 10,
  cpuMs: 900,
  wallMs: 2_000,
  cpu: { beyondMs: 160, calmMsPerSecond: 1 },
  wall: null,
  longestTaskMs: 5,
}

test('a tick is judged by what it costs the main thread, and only where it changed something', () => {
  expect(tickVerdict(live)).toBe('met')
  const cost = (beyondMs: number) => ({ beyondMs, calmMsPerSecond: 1 })
  expect(tickVerdict({ ...live, cpu: cost(161) })).toBe('MISSED')
  expect(tickVerdict({ ...live, cpu: null })).toBe('MISSED')
  expect(tickVerdict({ ...live, cpu: null, cpuMs: 160 })).toBe('met')
  // Fewer than nothing: the pauses between the ticks were no quieter, and say nothing.
  expect(tickVerdict({ ...live, cpu: cost(-1) })).toBe(tickVerdict({ ...live, cpu: null }))
  expect(tickVerdict({ ...live, changes: 0 })).toBe('error')
  expect(tickVerdict({ ...live, ticks: 0 })).toBe('error')
})

// A bench that measured nothing once said "met".
test('what was not measured is told', () => {
  expect(faultsOf(results())).toEqual([])
  const small = { services: 999, proxies: 1_999, routes: 49, hasOldMetrics: false }
  expect(faultsOf(results({ mesh: small }))).toEqual([
    'The mesh has 999 services, and the targets hold for 1000.',
    'The mesh has 1999 proxies, and the targets hold for 2000.',
    'The mesh has 49 routes on its busiest service, and the targets hold for 50.',
    'The mesh has no metrics that are 30 days old.',
  ])
  expect(faultsOf(results({ pages: [{ ...pageOf([1]), procedures: {} }] }))).toEqual(['/services: no query was seen.'])
  expect(faultsOf(results({ pages: [pageOf([1], [], ['services.list was answered with 500'])] }))).toEqual([
    '/services: services.list was answered with 500.',
  ])
  expect(faultsOf(results({ pages: [] }))).toEqual(['No page was visited.'])
  expect(faultsOf(results({ script: { files: 0, wireKb: 0, rawKb: 0, gzipKb: 0 } }))).toEqual(['No script was seen.'])
  expect(faultsOf(results({ traffic: { proxies: 16, services: 380, reports: 0 } }))).toHaveLength(1)
  expect(faultsOf(results({ live: [], traffic: null, script: null }))).toEqual([
    'No script was seen.',
    'No report of live traffic was acknowledged.',
    'No page was watched live.',
  ])
  expect(faultsOf(results({ live: [{ ...live, ticks: 0 }] }))).toEqual([
    '/services: no tick came while it was watched.',
  ])
  expect(faultsOf(results({ live: [{ ...live, changes: 0 }] }))).toEqual([
    '/services: 10 ticks came, and nothing on the page changed.',
  ])
})

test('a busy machine is no quiet one', () => {
  expect(machineOf(0.5)).toBe('quiet')
  expect(machineOf(0.51)).toBe('busy')
  expect(tableOf(results({ machine: 'busy', loadBefore: 3 }))).toContain('load 3.00 before (**busy**')
})

test('a table holds what was judged and what stands beside it', () => {
  const table = tableOf(results())
  expect(table).toContain('| /services | 3 | 160 | met | 100 | 100 | met | services.list 50 / 60 | 5 | 1000 | 2 | 0 |')
  expect(table).toContain('| 2 | 240 | met | 900 | 230 |')
  expect(table).toContain('| /services | 30 | 6 | 100 | 10.0 | met | 12.0 | 1.3 | 15.0 | 20.0 | 9.3 |')
  expect(table).toContain('load 0.10 before (quiet), 1.00 after')
  expect(tableOf(results({ live: [{ ...live, ticks: 0 }] }))).toContain(
    '| /services | 30 | 0 | – | – | error | – | 1.0 | – | – | 5.0 |',
  )
})

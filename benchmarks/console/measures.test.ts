import { expect, test } from 'vitest'
import { quantile, type Results, tableOf } from './measures.ts'
import { readOptions } from './options.ts'

test('quantiles are values that were measured', () => {
  expect(quantile([4, 1, 3, 2], 0.5)).toBe(2)
  expect(quantile([4, 1, 3, 2], 0.99)).toBe(4)
  expect(quantile([], 0.5)).toBeNaN()
})

const results = (slowestMs: number[], errors = 0): Results => ({
  at: '2026-01-01T00:00:00.000Z',
  commit: 'abc',
  cpus: 2,
  loadBefore: 0,
  services: 1_000,
  pages: [
    { page: '/services', slowestMs, answers: 3, bytes: 2_048, errors, procedures: { 'services.list': slowestMs } },
  ],
  script: { files: 2, rawKb: 900, gzipKb: 300 },
  live: [{ page: '/services', seconds: 60, ticks: 6, taskMs: 60, longestTaskMs: 9 }],
})

// A target that was missed says so; answers that failed were not fast.
test('a table says what was met and what was missed', () => {
  expect(tableOf(results([150, 160, 170]))).toContain(
    '| /services | 3 | 160 | 170 | met | 3 | 2 | services.list 160 | 0 |',
  )
  expect(tableOf(results([150, 160, 700]))).toContain('| 160 | 700 | MISSED |')
  expect(tableOf(results([1, 1, 1], 2))).toContain('| 1 | 1 | MISSED |')
  expect(tableOf(results([1]))).toContain('target 250 KB, MISSED')
  expect(tableOf(results([1]))).toContain('| /services | 60 | 6 | 10.0 | 9 | met |')
})

test('options are whole numbers within bounds', () => {
  expect(readOptions([])).toEqual({ visits: 10, liveMs: 60_000 })
  expect(readOptions(['--visits', '0'])).toEqual({ mistake: expect.stringContaining('--visits') })
  expect(readOptions(['--nonsense'])).toEqual({ mistake: expect.stringContaining('nonsense') })
})

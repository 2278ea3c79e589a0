import { expect, test } from 'vitest'
import {
  closingLine,
  countReport,
  failuresOf,
  playwrightCounts,
  playwrightFailures,
  vitestCounts,
  vitestFailures,
  withTool,
} from './counts.mjs'

const report = { numPassedTests: 5, numFailedTests: 0, numFailedTestSuites: 0, numPendingTests: 2, numTodoTests: 1 }

// What was not run must show: a run without its tools is not the run that was promised.
test('skipped tests are counted and told', () => {
  const counts = countReport(0, JSON.stringify(report), vitestCounts)
  expect(counts).toEqual({ passed: 5, failed: 0, skipped: 3 })
  expect(closingLine(counts)).toBe('5 passed, 0 failed, 3 skipped')
  expect(closingLine({ ...counts, skipped: 0 })).toBe('5 passed, 0 failed')
  const stats = { expected: 4, unexpected: 1, flaky: 1, skipped: 2 }
  expect(countReport(1, JSON.stringify({ stats }), playwrightCounts)).toEqual({ passed: 4, failed: 2, skipped: 2 })
})

// No report, nothing run, or an exit code that says otherwise: never a pass.
test.each([
  [0, ''],
  [1, JSON.stringify(report)],
  [0, JSON.stringify({ ...report, numPassedTests: 0 })],
  [0, JSON.stringify({ ...report, numFailedTestSuites: 1 })],
])('exit code %i with %j has failed', (code, text) => {
  expect(countReport(code, text, vitestCounts).failed).toBe(1)
})

test('a missing tool fails its stage in CI alone', () => {
  const counts = { passed: 3, failed: 0, skipped: 0 }
  expect(withTool(counts, false, true).failed).toBe(1)
  expect(withTool(counts, false, false)).toEqual(counts)
  expect(withTool(counts, true, true)).toEqual(counts)
})

// The end of a long log is often all that is kept of it, so the names of what failed must stand there.
test('what failed is told by name', () => {
  const vitest = {
    testResults: [
      { name: 'broken.test.ts', status: 'failed', message: 'no such module', assertionResults: [] },
      {
        name: 'a.test.ts',
        status: 'failed',
        message: '',
        assertionResults: [
          { status: 'passed', fullName: 'good', failureMessages: [] },
          { status: 'failed', fullName: 'bad', failureMessages: ['\u001b[31mexpected 1, got 2\u001b[39m'] },
        ],
      },
    ],
  }
  expect(failuresOf(JSON.stringify(vitest), vitestFailures)).toEqual([
    { file: 'broken.test.ts', title: '', message: 'no such module' },
    { file: 'a.test.ts', title: 'bad', message: 'expected 1, got 2' },
  ])
  const spec = (title, status, results) => ({ file: 'b.spec.ts', title, tests: [{ status, results }] })
  const suites = [
    {
      specs: [spec('good', 'expected', [{}])],
      suites: [{ specs: [spec('shaky', 'flaky', [{ error: { message: 'too late' } }, {}])] }],
    },
  ]
  expect(failuresOf(JSON.stringify({ suites }), playwrightFailures)).toEqual([
    { file: 'b.spec.ts', title: 'shaky', message: 'too late' },
  ])
  expect(failuresOf('', vitestFailures)).toEqual([])
})

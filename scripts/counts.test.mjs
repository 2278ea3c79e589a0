import { expect, test } from 'vitest'
import { closingLine, countReport, playwrightCounts, vitestCounts, withTool } from './counts.mjs'

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

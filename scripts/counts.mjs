// What a stage of `npm test` comes to, from the reports of its tools, and the line that closes the run.
import { stripVTControlCharacters } from 'node:util'

const oneFailure = { passed: 0, failed: 1, skipped: 0 }

/** A stage that is one check. */
export const oneCheck = (code) => (code === 0 ? { passed: 1, failed: 0, skipped: 0 } : oneFailure)

/** Vitest's JSON report; a file that cannot be loaded counts as one failure. */
export const vitestCounts = ({
  numPassedTests,
  numFailedTests,
  numFailedTestSuites,
  numPendingTests,
  numTodoTests,
}) => ({
  passed: numPassedTests,
  failed: Math.max(numFailedTests, numFailedTestSuites > 0 ? 1 : 0),
  skipped: (numPendingTests ?? 0) + (numTodoTests ?? 0),
})

/** Every failed test of Vitest's JSON report, or the file that could not be loaded, with its first message. */
export const vitestFailures = ({ testResults }) =>
  testResults.flatMap(({ name, status, message, assertionResults }) => {
    const failed = assertionResults.filter((test) => test.status === 'failed')
    if (failed.length === 0) return status === 'failed' ? [failure(name, '', message)] : []
    return failed.map((test) => failure(name, test.fullName, test.failureMessages[0]))
  })

/** Every failed or flaky test of Playwright's JSON report, with its first error. */
export const playwrightFailures = ({ suites }) =>
  suites.flatMap((suite) => [
    ...playwrightFailures({ suites: suite.suites ?? [] }),
    ...(suite.specs ?? []).flatMap(({ file, title, tests }) =>
      tests
        .filter(({ status }) => status === 'unexpected' || status === 'flaky')
        .map(({ results }) => failure(file, title, results.find(({ error }) => error)?.error.message)),
    ),
  ])

const maximumMessageLines = 12

const failure = (file, title, message) => ({
  file,
  title,
  message: stripVTControlCharacters(message ?? 'no message')
    .split('\n')
    .slice(0, maximumMessageLines)
    .join('\n'),
})

/** What failed, of a report's JSON text; nothing where there is no report. */
export function failuresOf(text, read) {
  try {
    return read(JSON.parse(text))
  } catch {
    return []
  }
}

/** Playwright's JSON report; what passed only when repeated has failed. */
export const playwrightCounts = ({ stats }) => ({
  passed: stats.expected,
  failed: stats.unexpected + stats.flaky,
  skipped: stats.skipped,
})

/** A report (a JSON text) that is missing, empty or at odds with the exit code is a failure, never a pass. */
export function countReport(code, text, read) {
  try {
    const { passed, failed, skipped } = read(JSON.parse(text))
    return { passed, failed: failed === 0 && (code !== 0 || passed === 0) ? 1 : failed, skipped }
  } catch {
    return oneFailure
  }
}

/** Where everything must be there (CI), a stage whose tool is missing has failed: its tests tested nothing. */
export function withTool(counts, hasTool, isCi) {
  return hasTool || !isCi ? counts : { ...counts, failed: counts.failed + 1 }
}

/** `N passed, N failed`, and what was skipped if anything was. */
export function closingLine({ passed, failed, skipped }) {
  return `${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`
}

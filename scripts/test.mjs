// `npm test`: everything, from a machine that has only git, Node and npm. Installs what is missing, then runs format
// and lint, types, unit, integration and browser tests, and closes with one line `N passed, N failed`.
// Stages can be named to run only these: `npm test -- unit integration`.
import { spawn } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { findBrowser } from './browser.mjs'
import { exclusively } from './exclusively.mjs'
import { buildLock, ensureGenerated, ensureInstalled, root, toolEnvironment } from './install.mjs'
import { ensureTool } from './tools.mjs'

const bin = (name) => join(root, 'node_modules', '.bin', name)
const results = mkdtempSync(join(tmpdir(), 'heddle-test-'))

/** Runs a command of the workspace on the pinned Node; resolves with its exit code. */
function run(command, args, env = {}) {
  return new Promise((resolve) => {
    const child = spawn(command, args, {
      cwd: root,
      stdio: ['ignore', 'inherit', 'inherit'],
      env: { ...environment, ...env },
    })
    child.on('error', (error) => {
      console.error(`${command}: ${error.message}`)
      resolve(127)
    })
    child.on('exit', (code, signal) => resolve(signal === null ? (code ?? 1) : 128))
  })
}

const oneCheck = (code) => (code === 0 ? { passed: 1, failed: 0 } : { passed: 0, failed: 1 })

/** A stage that is one check: it passes or it fails. */
const check = (command, args) => async () => oneCheck(await run(command, args))

/** A Vitest project, counted test by test from its JSON report. */
const vitest = (project) => async () => {
  const report = join(results, `${project}.json`)
  const code = await run(bin('vitest'), [
    'run',
    '--project',
    project,
    '--reporter=default',
    '--reporter=json',
    `--outputFile.json=${report}`,
  ])
  return count(code, report, ({ numPassedTests, numFailedTests, numFailedTestSuites }) => ({
    passed: numPassedTests,
    failed: Math.max(numFailedTests, numFailedTestSuites > 0 ? 1 : 0),
  }))
}

/** The browser tests, against a mesh with the sample shop that is made for them. */
const browser = async () => {
  const report = join(results, 'browser.json')
  const code = await run('node', [join('tests', 'browser.ts'), '--reporter=list,json'], {
    HEDDLE_BROWSER: await findBrowser(),
    PLAYWRIGHT_JSON_OUTPUT_FILE: report,
  })
  return count(code, report, ({ stats }) => ({ passed: stats.expected, failed: stats.unexpected + stats.flaky }))
}

/** A report that is missing, empty or at odds with the exit code is a failure, never a pass. */
function count(code, report, read) {
  try {
    const { passed, failed } = read(JSON.parse(readFileSync(report, 'utf8')))
    return { passed, failed: failed === 0 && (code !== 0 || passed === 0) ? 1 : failed }
  } catch {
    return { passed: 0, failed: 1 }
  }
}

const stages = {
  lint: check(bin('biome'), ['check', '--error-on-warnings', '.']),
  types: check(bin('turbo'), ['run', 'typecheck', '--output-logs=errors-only']),
  unit: vitest('unit'),
  build: () => exclusively(buildLock, check(bin('turbo'), ['run', 'build', '--output-logs=errors-only'])),
  integration: vitest('integration'),
  browser,
}

const wanted = process.argv.slice(2)
const unknown = wanted.filter((name) => !(name in stages))
if (unknown.length > 0) {
  console.error(`unknown stage ${unknown.join(', ')}; there are: ${Object.keys(stages).join(', ')}`)
  process.exit(64)
}

await ensureInstalled()
const environment = toolEnvironment()
await ensureGenerated()
await ensureTool('promtool', 'prometheus')

const total = { passed: 0, failed: 0 }
const lines = []
for (const [name, stage] of Object.entries(stages)) {
  if (wanted.length > 0 && !wanted.includes(name)) continue
  console.log(`\n── ${name} ──`)
  const started = performance.now()
  const { passed, failed } = await stage()
  total.passed += passed
  total.failed += failed
  lines.push(
    `${name.padEnd(12)} ${String(passed).padStart(5)} passed ${String(failed).padStart(4)} failed  ${((performance.now() - started) / 1000).toFixed(0)} s`,
  )
}
rmSync(results, { recursive: true, force: true })
console.log(`\n${lines.join('\n')}\n\n${total.passed} passed, ${total.failed} failed`)
process.exit(total.failed === 0 ? 0 : 1)

// `npm test`: everything, from a machine that has only git, Node and npm. Installs what is missing, then runs format
// and lint, types, unit, integration and browser tests, and closes with one line `N passed, N failed`,
// with `, N skipped` where any was. CI=true: a tool that cannot be had is a failure.
// Stages can be named to run only these: `npm test -- unit integration`.
import { spawn } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, join, relative, resolve } from 'node:path'
import { findBrowser } from './browser.mjs'
import {
  closingLine,
  countReport,
  failuresOf,
  oneCheck,
  playwrightCounts,
  playwrightFailures,
  vitestCounts,
  vitestFailures,
  withTool,
} from './counts.mjs'
import { exclusively } from './exclusively.mjs'
import { buildLock, ensureGenerated, ensureInstalled, root, toolEnvironment } from './install.mjs'
import { ensurePrograms, ensureTool } from './tools.mjs'

const bin = (name) => join(root, 'node_modules', '.bin', name)
const results = mkdtempSync(join(tmpdir(), 'heddle-test-'))

/** Runs a command of the workspace on the pinned Node; resolves with its exit code. */
function run(command, args, env = {}) {
  return new Promise((done) => {
    const child = spawn(command, args, {
      cwd: root,
      stdio: ['ignore', 'inherit', 'inherit'],
      env: { ...environment, ...env },
    })
    child.on('error', (error) => {
      console.error(`${command}: ${error.message}`)
      done(127)
    })
    child.on('exit', (code, signal) => done(signal === null ? (code ?? 1) : 128))
  })
}

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
  failures.push(...failuresOf(textOf(report), vitestFailures))
  return countReport(code, textOf(report), vitestCounts)
}

/** The browser tests, against a mesh with the sample shop that is made for them. */
const browser = async () => {
  const report = join(results, 'browser.json')
  const code = await run('node', [join('tests', 'browser.ts'), '--reporter=list,json'], {
    HEDDLE_BROWSER: await findBrowser(),
    PLAYWRIGHT_JSON_OUTPUT_FILE: report,
  })
  failures.push(...failuresOf(textOf(report), playwrightFailures))
  return countReport(code, textOf(report), playwrightCounts)
}

const textOf = (report) => (existsSync(report) ? readFileSync(report, 'utf8') : '')

const stages = {
  lint: check(bin('biome'), ['check', '--error-on-warnings', '.']),
  types: check(bin('turbo'), ['run', 'typecheck', '--output-logs=errors-only']),
  unit: vitest('unit'),
  build: () => exclusively(buildLock, check(bin('turbo'), ['run', 'build', '--output-logs=errors-only'])),
  // Its tests of /metrics ask promtool, those of HTTP/2 what nghttp2 has written.
  integration: async () => {
    const hasClients = ensurePrograms(['nghttp', 'h2load'], 'nghttp2-client')
    return withTool(await vitest('integration')(), promtool !== undefined && hasClients, isCi)
  },
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
const promtool = ensureTool('promtool', 'prometheus', join(root, 'node_modules', '.cache', 'heddle'))
if (promtool) environment.PATH = `${environment.PATH}${delimiter}${promtool}`
const isCi = !['', '0', 'false'].includes(process.env.CI ?? '')

/** The tests that failed, told once more at the end: the end of a long log is often all that is kept. */
const failures = []
const total = { passed: 0, failed: 0, skipped: 0 }
const lines = []
for (const [name, stage] of Object.entries(stages)) {
  if (wanted.length > 0 && !wanted.includes(name)) continue
  console.log(`\n── ${name} ──`)
  const started = performance.now()
  const { passed, failed, skipped } = await stage()
  total.passed += passed
  total.failed += failed
  total.skipped += skipped
  lines.push(
    `${name.padEnd(12)} ${String(passed).padStart(5)} passed ${String(failed).padStart(4)} failed ${String(skipped).padStart(4)} skipped  ${((performance.now() - started) / 1000).toFixed(0)} s`,
  )
}
rmSync(results, { recursive: true, force: true })
for (const { file, title, message } of failures) {
  const name = [relative(root, resolve(root, file)), title].filter((part) => part !== '').join(' › ')
  console.log(`\nfailed: ${name}\n${message.replaceAll(/^/gm, '  ')}`)
}
console.log(`\n${lines.join('\n')}\n\n${closingLine(total)}`)
process.exit(total.failed === 0 ? 0 : 1)

// `npm run bench:console`: every page of the console in a real browser, in front of a seeded mesh. What it measures and by
// what it judges is in measures.ts; how it reads in table.ts.
import { execFileSync } from 'node:child_process'
import { mkdirSync, writeFileSync } from 'node:fs'
import { availableParallelism, homedir, loadavg } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { type Browser, chromium } from '@playwright/test'
import { ensureConsole } from '../../scripts/build.mjs'
import { measureLive } from './live.ts'
import { faultsOf, type LiveMeasure, machineOf, type PageMeasure, perTickMs, type Results } from './measures.ts'
import { missingMesh, startMesh } from './mesh.ts'
import { type BenchOptions, readOptions, USAGE } from './options.ts'
import { livePagesOf, pagesOf } from './pages.ts'
import { measureScripts } from './scripts.ts'
import { enter } from './signIn.ts'
import { tableOf } from './table.ts'
import { startTraffic } from './traffic.ts'
import { measurePage } from './visit.ts'

/** Of all pages together, where their verdicts need no less; the live pages take a quarter of an hour after them. */
const PAGES_MS = 390_000
const results = fileURLToPath(new URL('../results/', import.meta.url))
const say = (line: string): void => void process.stderr.write(`${line}\n`)
/** Of the last minute. */
const load = (): number => loadavg()[0] ?? Number.NaN

const SCREEN = { viewport: { width: 1440, height: 900 }, timezoneId: 'UTC' }

const launch = (): Promise<Browser> =>
  chromium.launch({
    ...(process.env.HEDDLE_BROWSER === undefined ? {} : { executablePath: process.env.HEDDLE_BROWSER }),
    args: ['--no-sandbox'],
    // The mesh is ended first, see mesh.ts.
    handleSIGINT: false,
    handleSIGTERM: false,
  })

async function measure(home: string, { visits, liveMs, only }: BenchOptions): Promise<Results> {
  const loadBefore = load()
  // Outside the time within which a mesh must be up: on a busy machine it takes minutes.
  await ensureConsole()
  await using mesh = await startMesh(home)
  const user = `bench-${Date.now().toString(36)}`
  const link = await mesh.linkFor(user)
  // As the console calls itself: its cookies are for that host alone.
  const { origin } = new URL(link)
  const browser = await launch()
  try {
    const context = await browser.newContext(SCREEN)
    const page = await context.newPage()
    await enter(page, link)
    const pages: PageMeasure[] = []
    const paths = pagesOf(mesh.busiest, mesh.route).filter(
      (path) => only === null || (only.startsWith('/') && path.includes(only)),
    )
    const giveUpAt = performance.now() + PAGES_MS
    for (const [i, path] of paths.entries()) {
      // What one page does not need is left to those after it.
      const mostMs = (giveUpAt - performance.now()) / (paths.length - i)
      const found = await measurePage(page, `${origin}${path}`, { visits, mostMs })
      say(`${path}: ${found.visits.map(({ serverMs }) => serverMs.toFixed(0)).join(' ')} ms`)
      pages.push(found)
    }
    const isWanted = (part: string): boolean => only === null || only === part
    const script = isWanted('scripts') ? await measureScripts(browser, context, `${origin}/services`) : null
    const watch = async (): Promise<Pick<Results, 'traffic' | 'live'>> => {
      await using traffic = await startTraffic(mesh.plan, mesh.control, mesh.joinToken)
      const live: LiveMeasure[] = []
      // Hundreds of visits leave a heap that is swept for minutes, by the thread that is judged here.
      await using fresh = await launch()
      const operator = await fresh.newContext({ ...SCREEN, storageState: await context.storageState() })
      for (const path of livePagesOf(mesh.busiest, mesh.route)) {
        await using tab = await operator.newPage()
        const found = await measureLive(fresh, tab, `${origin}${path}`, liveMs)
        say(`${path}: ${perTickMs(found).toFixed(1)} ms per tick`)
        live.push(found)
      }
      return { traffic: traffic.measure(), live }
    }
    const watched = isWanted('live') ? await watch() : { traffic: null, live: [] }
    return {
      at: new Date().toISOString(),
      commit: execFileSync('git', ['rev-parse', '--short', 'HEAD'], { encoding: 'utf8' }).trim(),
      cpus: availableParallelism(),
      machine: machineOf(loadBefore),
      loadBefore,
      loadAfter: load(),
      mesh: mesh.size,
      pages,
      script,
      ...watched,
    }
  } finally {
    await browser.close()
    await mesh.removeUser(user)
  }
}

/** The exit code: 1 where the numbers of a whole run say nothing about the targets. */
async function bench(options: BenchOptions): Promise<number> {
  const home = process.env.HEDDLE_HOME ?? join(homedir(), '.heddle-bench')
  const missing = missingMesh(home)
  if (missing !== null) {
    say(missing)
    return 1
  }
  const found = await measure(home, options)
  process.stdout.write(tableOf(found))
  if (options.only !== null) {
    say(`Only ${options.only} was measured: no result was written.`)
    return 0
  }
  const faults = faultsOf(found)
  if (faults.length > 0) {
    say(
      ['', 'These numbers do not count, and no result was written:', ...faults.map((fault) => `- ${fault}`)].join('\n'),
    )
    return 1
  }
  mkdirSync(results, { recursive: true })
  writeFileSync(join(results, 'console.json'), `${JSON.stringify(found, null, 2)}\n`)
  writeFileSync(join(results, 'console.md'), tableOf(found))
  return 0
}

const options = readOptions(process.argv.slice(2))
if ('mistake' in options) {
  say(`${options.mistake}\n${USAGE}`)
  process.exitCode = 64
} else
  process.exitCode = await bench(options).catch((error: unknown) => {
    say(error instanceof Error ? (error.stack ?? error.message) : String(error))
    return 1
  })

// `npm run bench:console`: every page of the console in a real browser, in front of a seeded mesh.
import { execFileSync } from 'node:child_process'
import { existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { availableParallelism, homedir, loadavg } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { gzipSync } from 'node:zlib'
import { heddle, type Running } from '@heddle/tests/harness/command'
import { meshEnvironment } from '@heddle/tests/harness/environment'
import { freePort } from '@heddle/tests/harness/mesh'
import { chromium, type Page, type Request, type Response } from '@playwright/test'
import { type LiveMeasure, type PageMeasure, type Results, tableOf } from './measures.ts'
import { type BenchOptions, readOptions, USAGE } from './options.ts'

const READY_MS = 300_000
const PAGE_MS = 60_000
/** A page is there when nothing was asked for so long. */
const QUIET_MS = 1_000
const USER = { name: `bench-${Date.now().toString(36)}`, password: 'a bench is no secret, it ends with its mesh' }
/** In the page: the longest task of its main thread from here on (only those above 50 ms are told). */
const WATCH_TASKS = `
  var longestTaskMs = 0
  new PerformanceObserver((list) => {
    for (const { duration } of list.getEntries()) longestTaskMs = Math.max(longestTaskMs, duration)
  }).observe({ entryTypes: ['longtask'] })`
const results = fileURLToPath(new URL('../results/', import.meta.url))
const say = (line: string): void => void process.stderr.write(`${line}\n`)

/** The busiest service and its busiest route, as the seeding made them; and the pages around them. */
function pagesOf(service: string, route: string): string[] {
  const at = `/services/${service}`
  return [
    '/services',
    at,
    `${at}/routes`,
    `${at}/traffic`,
    `${at}/access`,
    `${at}/instances`,
    `${at}/changes`,
    `${at}/settings`,
    `${at}/routes/${route}`,
    '/traffic',
    '/map',
    '/access',
    '/proxies',
    '/changes',
    '/settings',
    '/services?range=24h',
    `${at}?range=24h`,
    `${at}?range=7d`,
  ]
}

async function ready(up: Running, origin: string): Promise<void> {
  const until = Date.now() + READY_MS
  for (;;) {
    const isReady = await fetch(`${origin}/api/health`).then(
      ({ ok }) => ok,
      () => false,
    )
    if (isReady) return
    if (Date.now() > until) throw new Error(`heddle up was not ready\n${up.stdout()}\n${up.stderr()}`)
    await new Promise((resolve) => setTimeout(resolve, 500))
  }
}

interface Answered {
  ms: number
  bytes: number
  isError: boolean
}

/** The document and the queries; the live stream never ends and is measured by itself. */
function isMeasured(request: Request): boolean {
  if (request.resourceType() === 'document') return true
  const { pathname } = new URL(request.url())
  return pathname.startsWith('/api/trpc/') && request.resourceType() !== 'eventsource'
}

function nameOf(request: Request): string {
  return request.resourceType() === 'document' ? 'document' : new URL(request.url()).pathname.slice('/api/trpc/'.length)
}

async function visit(page: Page, url: string, procedures: Record<string, number[]>): Promise<Answered[]> {
  const asked = new Set<Request>()
  const answers: Promise<Answered>[] = []
  let lastMovedAt = performance.now()
  const begin = (request: Request): void => {
    if (isMeasured(request)) asked.add(request)
  }
  const end = (request: Request): void => {
    if (!asked.delete(request)) return
    lastMovedAt = performance.now()
    answers.push(
      (async () => {
        const response = await request.response()
        const { requestStart, responseEnd } = request.timing()
        const times = procedures[nameOf(request)] ?? []
        procedures[nameOf(request)] = times
        times.push(responseEnd - requestStart)
        const bytes = (await request.sizes()).responseBodySize
        return { ms: responseEnd - requestStart, bytes, isError: (response?.status() ?? 0) >= 400 }
      })(),
    )
  }
  const failed = (request: Request): void => {
    if (asked.delete(request)) answers.push(Promise.resolve({ ms: Number.NaN, bytes: 0, isError: true }))
  }
  page.on('request', begin).on('requestfinished', end).on('requestfailed', failed)
  await page.goto(url, { waitUntil: 'load', timeout: PAGE_MS })
  // What the first answers lead to; the live stream keeps "network idle" from coming.
  const giveUpAt = performance.now() + PAGE_MS
  while (performance.now() < giveUpAt && (asked.size > 0 || performance.now() - lastMovedAt < QUIET_MS))
    await page.waitForTimeout(100)
  page.off('request', begin).off('requestfinished', end).off('requestfailed', failed)
  const unanswered = [...asked].map((): Answered => ({ ms: PAGE_MS, bytes: 0, isError: true }))
  return [...(await Promise.all(answers)), ...unanswered]
}

async function measurePage(page: Page, origin: string, path: string, visits: number): Promise<PageMeasure> {
  const measure = { page: path, slowestMs: [] as number[], answers: 0, bytes: 0, errors: 0, procedures: {} }
  for (let i = 0; i < visits; i++) {
    const answers = await visit(page, `${origin}${path}`, measure.procedures)
    measure.slowestMs.push(Math.max(0, ...answers.map(({ ms }) => ms).filter(Number.isFinite)))
    measure.answers = answers.length
    measure.bytes = answers.reduce((sum, { bytes }) => sum + bytes, 0)
    measure.errors += answers.filter(({ isError }) => isError).length
  }
  return measure
}

async function measureScripts(page: Page, url: string): Promise<Results['script']> {
  const script = { files: 0, rawKb: 0, gzipKb: 0 }
  const waiting: Promise<void>[] = []
  const cdp = await page.context().newCDPSession(page)
  await cdp.send('Network.enable')
  await cdp.send('Network.setCacheDisabled', { cacheDisabled: true })
  const take = (response: Response): void => {
    if (response.request().resourceType() !== 'script') return
    waiting.push(
      (async () => {
        const body = await response.body()
        script.files++
        script.rawKb += body.length / 1_024
        script.gzipKb += gzipSync(body).length / 1_024
      })(),
    )
  }
  page.on('response', take)
  await page.goto(url, { waitUntil: 'load' })
  await page.waitForTimeout(3_000)
  await Promise.all(waiting)
  page.off('response', take)
  await cdp.detach()
  return script
}

async function measureLive(page: Page, origin: string, path: string, liveMs: number): Promise<LiveMeasure> {
  await page.goto(`${origin}${path}`, { waitUntil: 'load' })
  await page.waitForTimeout(5_000)
  const cdp = await page.context().newCDPSession(page)
  await cdp.send('Performance.enable')
  await cdp.send('Network.enable')
  let ticks = 0
  cdp.on('Network.eventSourceMessageReceived', () => ticks++)
  await page.evaluate(WATCH_TASKS)
  const taskMs = async (): Promise<number> => {
    const { metrics } = await cdp.send('Performance.getMetrics')
    return (metrics.find(({ name }) => name === 'TaskDuration')?.value ?? Number.NaN) * 1_000
  }
  const before = await taskMs()
  await page.waitForTimeout(liveMs)
  const after = await taskMs()
  const longestTaskMs = await page.evaluate<number>('longestTaskMs')
  await cdp.detach()
  return { page: path, seconds: liveMs / 1_000, ticks, taskMs: after - before, longestTaskMs }
}

async function bench({ visits, liveMs }: BenchOptions): Promise<void> {
  const home = process.env.HEDDLE_HOME ?? join(homedir(), '.heddle-bench')
  if (!existsSync(home)) throw new Error(`${home} does not exist: fill it with \`HEDDLE_HOME=${home} npm run seed\``)
  const loadBefore = loadavg()[0] ?? Number.NaN
  const env = meshEnvironment(process.env, home)
  const [consolePort, controlPort] = [await freePort(), await freePort()]
  await using up = heddle(['up', '--console-port', `${consolePort}`, '--control-port', `${controlPort}`], { env })
  await ready(up, `http://127.0.0.1:${consolePort}`)
  const created = await heddle(['user', 'create', USER.name, '--role', 'admin'], { env }).finished
  const link = /https?:\/\/\S+token=[\w-]+/.exec(created.stdout)?.[0]
  if (link === undefined) throw new Error(`no link for the bench's user: ${created.stdout}${created.stderr}`)

  // As the console calls itself: its cookies are for that host alone.
  const { origin } = new URL(link)
  const stat = JSON.parse(
    (await heddle(['stat', 'services', '--window', '1h', '-o', 'json'], { env }).finished).stdout,
  ) as {
    rows: { service: string; requests: number }[]
  }
  const busiest = stat.rows.toSorted((a, b) => b.requests - a.requests)[0]?.service
  if (busiest === undefined) throw new Error('the mesh has no services: seed it first')
  const routes = JSON.parse((await heddle(['stat', 'routes', busiest, '-o', 'json'], { env }).finished).stdout) as {
    rows: { route: string; requests: number }[]
  }
  const route = routes.rows.toSorted((a, b) => b.requests - a.requests)[0]?.route ?? 'default'

  const browser = await chromium.launch({
    ...(process.env.HEDDLE_BROWSER === undefined ? {} : { executablePath: process.env.HEDDLE_BROWSER }),
    args: ['--no-sandbox'],
  })
  try {
    const page = await browser.newPage({ viewport: { width: 1440, height: 900 }, timezoneId: 'UTC' })
    await page.goto(link, { waitUntil: 'load' })
    const enter = page.getByRole('button', { name: /open the console/ })
    do {
      // What is typed before the page is alive is lost.
      await page.getByLabel('Password').fill('')
      await page.getByLabel('Password').fill(USER.password)
      await page.waitForTimeout(500)
    } while (await enter.isDisabled())
    await enter.click()
    await page.waitForURL(({ pathname }) => pathname === '/services', { timeout: PAGE_MS })

    const pages: PageMeasure[] = []
    for (const path of pagesOf(busiest, route)) {
      const measure = await measurePage(page, origin, path, visits)
      say(`${path}: ${measure.slowestMs.map((value) => value.toFixed(0)).join(' ')} ms`)
      pages.push(measure)
    }
    const script = await measureScripts(page, `${origin}/services`)
    const live = [
      await measureLive(page, origin, '/services', liveMs),
      await measureLive(page, origin, `/services/${busiest}`, liveMs),
    ]
    const found: Results = {
      at: new Date().toISOString(),
      commit: execFileSync('git', ['rev-parse', '--short', 'HEAD'], { encoding: 'utf8' }).trim(),
      cpus: availableParallelism(),
      loadBefore,
      services: stat.rows.length,
      pages,
      script,
      live,
    }
    mkdirSync(results, { recursive: true })
    writeFileSync(join(results, 'console.json'), `${JSON.stringify(found, null, 2)}\n`)
    writeFileSync(join(results, 'console.md'), tableOf(found))
    process.stdout.write(tableOf(found))
  } finally {
    await browser.close()
    await heddle(['user', 'remove', USER.name], { env }).finished
  }
}

const options = readOptions(process.argv.slice(2))
if ('mistake' in options) {
  say(`${options.mistake}\n${USAGE}`)
  process.exitCode = 64
} else
  await bench(options).catch((error: unknown) => {
    say(error instanceof Error ? (error.stack ?? error.message) : String(error))
    process.exitCode = 1
  })

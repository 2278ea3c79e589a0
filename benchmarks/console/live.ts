// A page that nobody touches while calls are reported: what its ticks cost the browser.
import { eventually } from '@heddle/testkit/eventually'
import type { Browser, Page } from '@playwright/test'
import type { LiveMeasure } from './measures.ts'
import { OpenRequests } from './settled.ts'
import { costOf, merged, type Stretch, TRACE_CATEGORIES, type TraceEvent, tasksOf } from './trace.ts'

/** Numbers are told in buckets of 10 s, after their commit. */
const FIRST_TICK_MS = 30_000
/** After the last answer of a tick, what the page draws of it. */
const DRAWING_MS = 500
const MARK = 'heddle bench'
/** In the page: counts what changes in its content; numbers change as texts. And marks its thread in the trace. */
const BEGIN = `
  var changes = 0
  new MutationObserver((records) => {
    changes += records.length
  }).observe(document.querySelector('main') ?? document.body, { subtree: true, childList: true, characterData: true })
  performance.mark('${MARK}')`

export async function measureLive(browser: Browser, page: Page, url: string, liveMs: number): Promise<LiveMeasure> {
  const cdp = await page.context().newCDPSession(page)
  let messages: Stretch[] = []
  let reads: Stretch[] = []
  // Timestamps are seconds, by the clock of the trace.
  const askedAt = new Map<string, number>()
  cdp.on('Network.requestWillBeSent', ({ requestId, timestamp }) => void askedAt.set(requestId, timestamp))
  cdp.on('Network.loadingFinished', ({ requestId, timestamp }) => {
    const from = (askedAt.get(requestId) ?? timestamp) * 1_000
    reads.push({ from, to: timestamp * 1_000 + DRAWING_MS })
  })
  cdp.on('Network.eventSourceMessageReceived', ({ data, timestamp }) => {
    // Pings and the stream's own events carry no tick.
    if (data.includes('dataAt')) messages.push({ from: timestamp * 1_000, to: timestamp * 1_000 + DRAWING_MS })
  })
  await cdp.send('Network.enable')
  await cdp.send('Performance.enable')
  /** By the clock of the trace. */
  const now = async (): Promise<number> => {
    const { metrics } = await cdp.send('Performance.getMetrics')
    return (metrics.find(({ name }) => name === 'Timestamp')?.value ?? Number.NaN) * 1_000
  }
  using open = new OpenRequests(page)
  await page.goto(url, { waitUntil: 'load' })
  await open.settled()
  // The first brings what was there when the page came, and who opened it had it read.
  await eventually('the second tick', () => (messages.length >= 2 ? true : undefined), FIRST_TICK_MS).catch(() => {})
  await open.settled()

  await browser.startTracing(page, { categories: TRACE_CATEGORIES })
  await page.evaluate(BEGIN)
  messages = []
  reads = []
  const from = await now()
  await new Promise((resolve) => setTimeout(resolve, liveMs))
  await open.settled()
  const watched = { from, to: await now() }
  // Many a message only says how far a change has spread. It is paid for, but a tick is what brings new numbers.
  const ticks = merged(reads).length
  const news = [...messages, ...reads]
  const changes = await page.evaluate<number>('changes')
  const trace = JSON.parse((await browser.stopTracing()).toString()) as { traceEvents: TraceEvent[] }
  await cdp.detach()
  const tasks = tasksOf(trace.traceEvents, MARK).filter(({ at }) => at >= watched.from && at <= watched.to)
  const sum = (of: 'ms' | 'cpuMs') => tasks.reduce((total, task) => total + task[of], 0)
  return {
    page: new URL(url).pathname,
    seconds: (watched.to - watched.from) / 1_000,
    ticks,
    changes,
    cpuMs: sum('cpuMs'),
    wallMs: sum('ms'),
    cpu: costOf(tasks, 'cpuMs', watched, news),
    wall: costOf(tasks, 'ms', watched, news),
    longestTaskMs: tasks.length === 0 ? null : Math.max(...tasks.map(({ cpuMs }) => cpuMs)),
  }
}

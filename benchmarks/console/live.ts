// A page that nobody touches while calls are reported: what its ticks cost the browser.

import { eventually } from '@heddle/testkit/eventually'
import type { Browser, Page } from '@playwright/test'
import type { LiveMeasure } from './measures.ts'
import { OpenRequests } from './settled.ts'
import { longestTaskMs, TASK_CATEGORY, type TraceEvent } from './trace.ts'

/** Reports come every 5 s, and are shown after their commit. */
const FIRST_TICK_MS = 30_000
/** In the page: counts what changes in its content. Numbers change as texts. */
const COUNT_CHANGES = `
  var changes = 0
  new MutationObserver((records) => {
    changes += records.length
  }).observe(document.querySelector('main') ?? document.body, { subtree: true, childList: true, characterData: true })`

export async function measureLive(browser: Browser, page: Page, url: string, liveMs: number): Promise<LiveMeasure> {
  const cdp = await page.context().newCDPSession(page)
  let ticks = 0
  cdp.on('Network.eventSourceMessageReceived', ({ data }) => {
    // Pings and the stream's own events carry no tick.
    if (data.includes('dataAt')) ticks++
  })
  await cdp.send('Network.enable')
  await cdp.send('Performance.enable')
  using open = new OpenRequests(page)
  await page.goto(url, { waitUntil: 'load' })
  await open.settled()
  // The first brings what was there when the page came.
  await eventually('the second tick', () => (ticks >= 2 ? ticks : undefined), FIRST_TICK_MS).catch(() => {})
  await open.settled()

  await page.evaluate(COUNT_CHANGES)
  const taskMs = async (): Promise<number> => {
    const { metrics } = await cdp.send('Performance.getMetrics')
    return (metrics.find(({ name }) => name === 'TaskDuration')?.value ?? Number.NaN) * 1_000
  }
  await browser.startTracing(page, { categories: [TASK_CATEGORY, '__metadata'] })
  ticks = 0
  const before = await taskMs()
  const beganAt = performance.now()
  await new Promise((resolve) => setTimeout(resolve, liveMs))
  await open.settled()
  const seen = ticks
  const after = await taskMs()
  const seconds = (performance.now() - beganAt) / 1_000
  const trace = JSON.parse((await browser.stopTracing()).toString()) as { traceEvents: TraceEvent[] }
  const changes = await page.evaluate<number>('changes')
  await cdp.detach()
  return {
    page: new URL(url).pathname,
    seconds,
    ticks: seen,
    changes,
    taskMs: after - before,
    longestTaskMs: longestTaskMs(trace.traceEvents),
  }
}

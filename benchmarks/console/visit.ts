// One page, opened as by somebody who comes from elsewhere, again and again; what its answers took.
import type { Page, Request } from '@playwright/test'
import { isEnough, LEAST, type PageMeasure, type VisitMeasure } from './measures.ts'
import { readServerTiming } from './serverTiming.ts'
import { OpenRequests, PAGE_MS } from './settled.ts'

const QUERIES = '/api/trpc/'

const isDocument = (request: Request): boolean => request.isNavigationRequest()
const isQuery = (request: Request): boolean =>
  new URL(request.url()).pathname.startsWith(QUERIES) && request.resourceType() !== 'eventsource'
const nameOf = (request: Request): string =>
  isDocument(request) ? 'the document' : new URL(request.url()).pathname.slice(QUERIES.length)

/**
 * `visits` null: as many as the verdicts need. A page of few queries needs many for its p99: what has not come within
 * `mostMs` stays "too few", or a run would not end.
 */
export async function measurePage(
  page: Page,
  url: string,
  { visits, mostMs }: { visits: number | null; mostMs: number },
): Promise<PageMeasure> {
  const { pathname, search } = new URL(url)
  const measure: PageMeasure = {
    page: `${pathname}${search}`,
    visits: [],
    answersMs: [],
    procedures: {},
    bytes: 0,
    errors: [],
  }
  const giveUpAt = performance.now() + mostMs
  const isDone = () => {
    const { length } = measure.visits
    if (visits !== null) return length === visits
    return isEnough(measure) || (length >= LEAST.visits && performance.now() > giveUpAt)
  }
  while (!isDone()) measure.visits.push(await visit(page, url, measure))
  return measure
}

/** Adds what came to `measure`. */
async function visit(page: Page, url: string, measure: PageMeasure): Promise<VisitMeasure> {
  const asked: Request[] = []
  const note = (request: Request): void => {
    // What the page before still asked is not of this visit.
    if (isDocument(request)) asked.length = 0
    if (isDocument(request) || isQuery(request)) asked.push(request)
  }
  page.on('request', note)
  using open = new OpenRequests(page)
  await page.goto(url, { waitUntil: 'load', timeout: PAGE_MS })
  const unanswered = await open.settled()
  page.off('request', note)
  for (const request of unanswered) measure.errors.push(`${nameOf(request)} was not answered within ${PAGE_MS} ms`)

  const found: VisitMeasure = { serverMs: 0, documentMs: Number.NaN, browserMs: 0 }
  let beganAt = Number.POSITIVE_INFINITY
  let endedAt = 0
  measure.bytes = 0
  for (const request of asked) {
    const response = await request.response()
    if (response === null) {
      // Taken back by the page itself, which asks again where a tick has come meanwhile.
      if (!unanswered.includes(request) && request.failure()?.errorText !== 'net::ERR_ABORTED')
        measure.errors.push(`${nameOf(request)} failed: ${request.failure()?.errorText}`)
      continue
    }
    // 207: a batch of which some were refused.
    if (response.status() >= 400 || response.status() === 207)
      measure.errors.push(`${nameOf(request)} was answered with ${response.status()}`)
    const { startTime, requestStart, responseStart, responseEnd } = request.timing()
    beganAt = Math.min(beganAt, startTime + requestStart)
    endedAt = Math.max(endedAt, startTime + responseEnd)
    measure.bytes += (await request.sizes()).responseBodySize
    if (isDocument(request)) {
      found.documentMs = responseStart - requestStart
      found.serverMs = Math.max(found.serverMs, found.documentMs)
      measure.answersMs.push(found.documentMs)
      continue
    }
    const server = readServerTiming(await response.headerValue('server-timing'))
    if (server === null) {
      measure.errors.push(`${nameOf(request)} does not say what it took`)
      continue
    }
    found.serverMs = Math.max(found.serverMs, server.totalMs)
    for (const { procedure, ms } of server.procedures) {
      measure.answersMs.push(server.totalMs)
      measure.procedures[procedure] = [...(measure.procedures[procedure] ?? []), ms]
    }
  }
  found.browserMs = endedAt - beganAt
  return found
}

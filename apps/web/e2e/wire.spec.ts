// What goes over the wire, and how: compressed, except the live stream, and little of it before a page is there.
import { get as httpGet, type IncomingHttpHeaders } from 'node:http'
import type { Page } from '@playwright/test'
import { expect, test } from './console.ts'
import { PAGES } from './everyPage.ts'

/** What one page may ask for before it can be used: a second on a slow line. */
const FIRST_LOAD_BYTES = 250 * 1024
/** As browsers say it. */
const ACCEPTS = { 'accept-encoding': 'gzip, deflate, br, zstd' }

async function cookiesOf(page: Page): Promise<string> {
  const cookies = await page.context().cookies()
  return cookies.map(({ name, value }) => `${name}=${value}`).join('; ')
}

// Documents, answers and scripts come compressed: most of a console's bytes are text.
test('what is text comes compressed', async ({ page, baseURL }) => {
  const cookie = await cookiesOf(page)
  const get = (path: string) => fetch(new URL(path, baseURL), { headers: { ...ACCEPTS, cookie } })
  const document = await get('/services')
  expect(document.headers.get('content-encoding')).toBe('gzip')
  const script = /"(\/_next\/static\/[^"]+\.js)"/.exec(await document.text())?.[1]
  if (script === undefined) throw new Error('the document names no script')
  for (const path of [script, `/api/trpc/proxies.list?input=${encodeURIComponent('{"json":{}}')}`])
    expect((await get(path)).headers.get('content-encoding'), path).toBe('gzip')
})

// A buffer that waits for more to compress would hold back what operators wait for in an incident.
test('the live stream is never compressed, and speaks at once', async ({ page, baseURL }) => {
  const abort = new AbortController()
  const stream = await fetch(new URL('/api/trpc/live.watch', baseURL), {
    headers: { ...ACCEPTS, accept: 'text/event-stream', cookie: await cookiesOf(page) },
    signal: abort.signal,
  })
  expect(stream.headers.get('content-type')).toContain('text/event-stream')
  expect(stream.headers.get('content-encoding')).toBe(null)
  let text = ''
  const decoder = new TextDecoder()
  for await (const chunk of stream.body ?? []) {
    text += decoder.decode(chunk, { stream: true })
    if (text.includes('"revision"')) break
  }
  abort.abort()
  expect(text).toContain('"dataAt"')
})

/** As it came, still compressed. */
function bytesOf(url: URL, headers: IncomingHttpHeaders): Promise<number> {
  return new Promise((resolve, reject) => {
    httpGet(url, { headers }, (answer) => {
      let bytes = 0
      answer.on('data', (chunk: Buffer) => {
        bytes += chunk.length
      })
      answer.on('end', () => (answer.statusCode === 200 ? resolve(bytes) : reject(new Error(`${url} failed`))))
    }).on('error', reject)
  })
}

// The scripts that a page's document names are what it waits for: what few visits need is no part of them.
test('no page waits for more than 250 KB of script', async ({ page, baseURL }) => {
  const cookie = await cookiesOf(page)
  const sizes = new Map<string, number>()
  for (const path of PAGES) {
    const text = await (await fetch(new URL(path, baseURL), { headers: { cookie } })).text()
    const named = new Set(text.match(/\/_next\/static\/[^"\\]+?\.js/g))
    // For browsers that know no modules; all others leave it.
    const spared = /<script src="([^"]+)"[^>]* noModule=""/.exec(text)?.[1] ?? ''
    named.delete(spared)
    expect(named.size, path).toBeGreaterThan(5)
    let sum = 0
    for (const script of named) {
      const size = sizes.get(script) ?? (await bytesOf(new URL(script, baseURL), ACCEPTS))
      sizes.set(script, size)
      sum += size
    }
    expect
      .soft(sum, `${path}: ${Math.round(sum / 1024)} KB in ${named.size} scripts`)
      .toBeLessThanOrEqual(FIRST_LOAD_BYTES)
  }
})

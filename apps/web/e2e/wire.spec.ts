// What goes over the wire, and how: compressed, except the live stream, and little of it before a page is there.
import type { Page } from '@playwright/test'
import { expect, test } from './console.ts'

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

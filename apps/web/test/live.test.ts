// Ticks to browsers, and what the console says while its database is away.
import { currentRevision } from '@heddle/db'
import { eventually } from '@heddle/testkit/eventually'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Console } from '../src/server/console.ts'
import { health } from '../src/server/health.ts'
import { enter } from '../src/server/live/watchers.ts'
import { handleTrpc } from '../src/server/request/trpcHandler.ts'
import { CONSOLE_URL, createTestConsole, type TestConsole } from './testConsole.ts'

let mesh: TestConsole
let cookie: string
beforeAll(async () => {
  mesh = await createTestConsole()
  cookie = await mesh.cookieOf('operator', 'olga')
})
afterAll(() => mesh[Symbol.asyncDispose]())

const service = (name: string) => ({ apiVersion: 'heddle.dev/v1', kind: 'Service', metadata: { name } })

/** Opens a stream as a browser's EventSource does; `text()` is what has come so far. */
async function watch(given: Record<string, string> = { cookie }, console = mesh.console) {
  const abort = new AbortController()
  const request = new Request(`${CONSOLE_URL}/api/trpc/live.watch`, {
    headers: { accept: 'text/event-stream', ...given },
    signal: abort.signal,
  })
  const response = await handleTrpc(console, request)
  let text = ''
  const reading = (async () => {
    const decoder = new TextDecoder()
    for await (const chunk of response.body ?? []) text += decoder.decode(chunk, { stream: true })
  })().catch(() => {})
  return { response, text: () => text, end: () => abort.abort(), reading }
}
const watchers = async () => /heddle_console_watchers (\d+)/.exec(await mesh.console.observations.text())?.[1]

// A tab sees the state at once and a tick with each change of configuration; when it goes, nothing of it stays.
test('live.watch ticks upon changes and ends with its tab', async () => {
  const stream = await watch()
  expect(stream.response.headers.get('content-type')).toContain('text/event-stream')
  expect(stream.response.headers.get('x-accel-buffering')).toBe('no')
  await eventually('the first tick', () => (stream.text().includes('"control"') ? true : undefined))
  expect(stream.text()).toMatch(/"now":\d{13}/)
  expect(await watchers()).toBe('1')
  const { revision } = await mesh.as('admin').config.put({ documents: [service('catalog')] })
  await eventually('a tick of the change', () => (stream.text().includes(`"revision":${revision}`) ? true : undefined))
  expect((await currentRevision(mesh.console.db)).revision).toBe(revision)
  stream.end()
  await stream.reading
  await eventually('the end of the watcher', async () => ((await watchers()) === '0' ? true : undefined))
})

test('live.watch is for those who may read the mesh', async () => {
  const stream = await watch({})
  await stream.reading
  expect(`${stream.response.status} ${stream.text()}`).toContain('unauthorized')
})

// A stream outlives the request that opened it: whoever may no longer read is told nothing a minute later, and the
// stream ends, though nobody signed out.
test('live.watch asks again whether its watcher may watch', async () => {
  const { db, clock } = mesh.console
  let passedMs = 0
  const later: Console = { ...mesh.console, clock: { now: clock.now, monotonic: () => clock.monotonic() + passedMs } }
  const signedIn = await mesh.cookieOf('viewer', 'vera')
  const stream = await watch({ cookie: signedIn }, later)
  await eventually('the first tick', () => (stream.text().includes('"control"') ? true : undefined))
  await db.pool.query(`UPDATE "user" SET banned = true WHERE name = 'vera'`)
  passedMs = 60_000
  await mesh.as('admin').config.put({ documents: [service('cart')] })
  await stream.reading
  expect(stream.text()).toContain('unauthorized')
  expect(stream.text()).not.toContain(`"revision":${(await currentRevision(db)).revision}`)
})

// Who is removed here is told nothing more: the open page ends with the next news, not a minute later.
test('an open stream ends when its watcher is removed', async () => {
  const signedIn = await mesh.cookieOf('viewer', 'viktor')
  const stream = await watch({ cookie: signedIn })
  await eventually('the first tick', () => (stream.text().includes('"control"') ? true : undefined))
  await mesh.as('admin').users.remove({ name: 'viktor' })
  const { revision } = await mesh.as('admin').config.put({ documents: [service('shipping')] })
  await stream.reading
  expect(stream.text()).toContain('unauthorized')
  expect(stream.text()).not.toContain(`"revision":${revision}`)
})

// Nobody can use up the process with open tabs.
test('streams are limited for each session', () => {
  const places = Array.from({ length: 12 }, () => enter('somebody'))
  expect(places.every((place) => place !== null)).toBe(true)
  expect(enter('somebody')).toBe(null)
  expect(enter('somebody else')?.[Symbol.dispose]()).toBe(undefined)
  for (const place of places) {
    place?.[Symbol.dispose]()
    place?.[Symbol.dispose]()
  }
  const again = enter('somebody')
  expect(again).not.toBe(null)
  again?.[Symbol.dispose]()
})

// /metrics tells of the process and never of services.
test('metrics name no service', async () => {
  await mesh.as('viewer').services.list({ range: { lastMs: 60_000 } })
  const text = await mesh.console.observations.text()
  expect(text).toContain('heddle_console_procedures_total{procedure="services.list",code="ok"}')
  expect(text).not.toContain('catalog')
  // As promtool wants it: a name that ends in _total is a counter's, and the other way round.
  for (const [, name, type] of text.matchAll(/^# TYPE (\S+) (\S+)$/gm))
    expect([name, name?.endsWith('_total')]).toEqual([name, type === 'counter'])
})

// Last, since it takes the database away: an answer comes at once, and says that nothing was changed.
test('a database that is away is unavailable, not an error without end', async () => {
  expect(await health(mesh.console)).toEqual({ ok: true, reason: null })
  await mesh.database[Symbol.asyncDispose]()
  expect(await health(mesh.console)).toEqual({ ok: false, reason: 'The database does not answer.' })
  const answer = await mesh.post('services.list', { json: { range: { lastMs: 60_000 } } }, { cookie })
  expect(answer.status).toBe(503)
  expect(await answer.text()).toContain('The database does not answer. Nothing was changed. Try again.')
  mesh.database[Symbol.asyncDispose] = async () => {}
})

// What the console still answers while its database is frozen: status, and the last minutes of the mesh, for those who
// were let in lately; nothing that would change anything.
import { createApiToken } from '@heddle/db'
import { statusOutputSchema } from '@heddle/shared/api/index'
import { jsonTransformer } from '@heddle/shared/api/transformer'
import { systemClock } from '@heddle/shared/clock'
import { eventually } from '@heddle/testkit/eventually'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { z } from 'zod'
import { currentTick } from '../src/server/live/ticks.ts'
import { servicesListOutputSchema } from '../src/server/schemas/services.ts'
import { type FreezingRelay, startFreezingRelay } from './freezingRelay.ts'
import { outcomes, rowsOf } from './metricsFixture.ts'
import { createTestConsole, type TestConsole } from './testConsole.ts'

let mesh: TestConsole
let relay: FreezingRelay
let passedMs = 0
beforeAll(async () => {
  mesh = await createTestConsole({
    clock: { now: systemClock.now, monotonic: () => systemClock.monotonic() + passedMs },
    patienceMs: 300,
    via: async (url) => {
      relay = await startFreezingRelay(url)
      return relay.url
    },
  })
})
afterAll(async () => {
  relay.thaw()
  await mesh[Symbol.asyncDispose]()
  await relay[Symbol.asyncDispose]()
})

const bearer = async (name: string) => {
  const { token } = await createApiToken(mesh.console.db, { name, role: 'operator', ttlMs: null, actor: 'a test' })
  return { authorization: `Bearer ${token}` }
}
const dataSchema = z.object({ result: z.object({ data: z.object({ json: z.any() }) }) })
async function call(path: string, input: unknown, headers: Record<string, string>) {
  const answer = await mesh.post(path, jsonTransformer.serialize(input), headers)
  if (answer.status !== 200) return { status: answer.status, text: await answer.text(), data: undefined }
  return { status: 200, text: '', data: jsonTransformer.deserialize(dataSchema.parse(await answer.json()).result.data) }
}
const range = { lastMs: 3_600_000 }

test('a frozen database leaves status and the last minutes readable, and nothing else', async () => {
  const known = await bearer('known')
  const stranger = await bearer('stranger')
  const service = { apiVersion: 'heddle.dev/v1', kind: 'Service', metadata: { name: 'catalog' } }
  expect((await call('config.put', { documents: [service] }, known)).status).toBe(200)
  const now = systemClock.now()
  const at = Math.floor(now / 10_000) * 10_000 - 60_000
  const route = { source: 'storefront', destination: 'catalog', version: 'v1', route: 'default' }
  const rows = rowsOf([{ ...route, outcomes: outcomes({ requests: 7, ok: 7, latencyMs: 5 }) }])
  // The oldest bucket of a stream may be held in part, so that it does not count.
  const oldest = { at: at - 600_000, routes: [], edges: [], rules: [] }
  mesh.console.control.window.setState('control-1', now, [oldest, { at, ...rows, rules: [] }])
  const before = statusOutputSchema.parse((await call('status.get', undefined, known)).data)
  expect(before.database.ready).toBe(true)

  relay.freeze()
  const status = statusOutputSchema.parse((await call('status.get', undefined, known)).data)
  expect([status.database.ready, status.configVersion]).toEqual([false, before.configVersion])
  const timed = await mesh.post('status.get', jsonTransformer.serialize(undefined), known)
  expect(timed.headers.get('server-timing')).toContain('status.get;dur=')
  const list = servicesListOutputSchema.parse((await call('services.list', { range }, known)).data)
  expect(list.rows.map(({ service: name, requests }) => [name, requests])).toEqual([['catalog', 7]])
  expect(list.data).toMatchObject({
    partial: true,
    reason: 'The database does not answer: only the last minutes are shown.',
  })
  for (const [path, input] of [
    ['services.get', { service: 'catalog', range }],
    ['traffic.get', { service: 'catalog' }],
    ['access.rules', {}],
    ['access.hits', { range }],
    ['proxies.list', undefined],
    ['session.me', undefined],
  ] as const)
    expect([path, (await call(path, input, known)).status]).toEqual([path, 200])
  // Writes are decided by the database alone, and who was not let in lately is not let in now.
  const write = await call('config.put', { documents: [service] }, known)
  expect([write.status, write.text]).toEqual([503, expect.stringContaining('Nothing was changed.')])
  // The sign-in page asks this before it is drawn: without an answer there would be no door.
  expect((await call('setup.state', {}, {})).status).toBe(503)
  expect(currentTick(mesh.console).databaseAnswers).toBe(false)
  expect((await call('services.list', { range }, stranger)).status).toBe(503)
  // A minute later memory is no proof any more.
  passedMs = 61_000
  expect((await call('status.get', undefined, known)).status).toBe(503)

  relay.thaw()
  await eventually('the database to be back', async () => ((await mesh.console.pulse.beats()) ? true : undefined))
  const after = statusOutputSchema.parse((await call('status.get', undefined, known)).data)
  expect(after.database.ready).toBe(true)
  expect((await call('services.list', { range }, stranger)).status).toBe(200)
})

// A query that takes long is waited for as long as the database answers other questions: it is slow, not away.
test('a slow read is not taken for a database that is away', async () => {
  const { rows } = await mesh.console.pulse.read(() => mesh.console.db.pool.query('SELECT pg_sleep(1), 7 AS answer'))
  expect(rows).toMatchObject([{ answer: 7 }])
})

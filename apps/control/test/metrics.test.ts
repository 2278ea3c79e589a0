// Metrics from proxies to the database and the console: exactly once, whatever is sent again.
import { readRoutes } from '@heddle/db'
import type { LiveBucket } from '@heddle/shared/wire/console'
import { eventually } from '@heddle/testkit/eventually'
import { expect, test } from 'vitest'
import { edgeRow, routeRow } from '../src/metrics/testRows.ts'
import { ConsoleClient, enrol } from './support/consoleClient.ts'
import { join } from './support/joinClient.ts'
import { ProxyClient } from './support/proxyClient.ts'
import { startTestControl, type TestControl } from './support/testControl.ts'

const HOUR_MS = 3_600_000

async function storedRequests(mesh: TestControl): Promise<number> {
  const now = Date.now()
  const rows = await readRoutes(mesh.db, { from: now - HOUR_MS, to: now + 60_000, stepMs: null })
  return rows.reduce((sum, row) => sum + row.requests, 0)
}
const requestsIn = (buckets: readonly LiveBucket[]) =>
  buckets.flatMap(({ routes }) => routes).reduce((sum, row) => sum + row.requests, 0)
const routes = (requests: number) => [routeRow({ requests, ok: requests })]

// A report counts once in the database and once in the live view, however often it is sent, also to another process.
test('a report counts once', async () => {
  await using mesh = await startTestControl()
  const credentials = await join(mesh, 'web')
  const console = await enrol(mesh)
  await using watching = await ConsoleClient.connect(mesh, console)
  const web = await ProxyClient.connect(mesh.control.port, credentials)
  for (const sequence of [1, 1, 2, 2, 1, 3]) web.metrics(sequence, { routes: routes(sequence * 100) })
  for (const _ of [1, 2, 3]) await web.next('metrics_ack')
  await eventually('the live view', () => (requestsIn(watching.buckets()) === 600 ? true : undefined))
  expect(await storedRequests(mesh)).toBe(600)
  await mesh.restart()
  await using again = await ProxyClient.connect(mesh.control.port, credentials)
  for (const sequence of [3, 4]) again.metrics(sequence, { routes: routes(1) })
  const acks = [await again.next('metrics_ack'), await again.next('metrics_ack')]
  expect(acks.map(({ sequence }) => sequence).sort()).toEqual([3, 4])
  expect(await storedRequests(mesh)).toBe(601)
  await using late = await ConsoleClient.connect(mesh, console)
  await late.find('the state', (message) => (message.type === 'state' ? true : undefined))
  expect(requestsIn(late.buckets())).toBe(1)
})

// While Postgres is away nothing is acknowledged; afterwards everything counts once.
test('reports survive an outage of the database', async () => {
  await using mesh = await startTestControl()
  await using web = await ProxyClient.connect(mesh.control.port, await join(mesh, 'web'))
  web.metrics(1, { routes: routes(1) })
  await web.next('metrics_ack')
  mesh.relay.cut()
  web.metrics(2, { routes: routes(10) })
  await eventually('a failed commit', () => mesh.lines.find(({ message }) => message.startsWith('metrics could not')))
  web.metrics(2, { routes: routes(10) })
  web.metrics(3, { routes: routes(100) })
  expect(web.messages.filter(({ type }) => type === 'metrics_ack')).toEqual([])
  mesh.relay.mend()
  const acks = [await web.next('metrics_ack'), await web.next('metrics_ack')]
  expect(acks.map(({ sequence }) => sequence)).toEqual([2, 3])
  expect(await storedRequests(mesh)).toBe(111)
})

// A commit whose answer was lost counts like any other: in the database once, and in the live view too.
test('a commit whose answer is lost', async () => {
  await using mesh = await startTestControl()
  await using watching = await ConsoleClient.connect(mesh, await enrol(mesh))
  await using web = await ProxyClient.connect(mesh.control.port, await join(mesh, 'web'))
  web.metrics(1, { routes: routes(1) })
  await web.next('metrics_ack')
  const lost = mesh.relay.loseCommitAfter('"metrics"."cursor"')
  web.metrics(2, { routes: routes(10) })
  await lost
  await web.next('metrics_ack')
  expect(await storedRequests(mesh)).toBe(11)
  await eventually('the live view', () => (requestsIn(watching.buckets()) === 11 ? true : undefined))
})

// Identity is the certificate's: rows that speak for another service are not stored. Numbers that are none end the talk.
test('forged and broken reports', async () => {
  await using mesh = await startTestControl()
  await using web = await ProxyClient.connect(mesh.control.port, await join(mesh, 'web'))
  web.metrics(1, {
    routes: [...routes(5), routeRow({ side: 'inbound', destination: 'payments', requests: 1_000 })],
    edges: [edgeRow({ source: 'payments', requests: 1_000 })],
  })
  await web.next('metrics_ack')
  expect(await storedRequests(mesh)).toBe(5)
  web.metrics(2, { routes: [routeRow({ requests: -1 })] })
  expect((await web.whenClosed()).code).toBe(4000)
})

// An old report goes to its own time, and one from before the live window does not show as if it were of now.
test('a late report keeps its time', async () => {
  await using mesh = await startTestControl()
  await using watching = await ConsoleClient.connect(mesh, await enrol(mesh))
  await using web = await ProxyClient.connect(mesh.control.port, await join(mesh, 'web'))
  web.metrics(1, { routes: routes(1) }, 5 * 60_000)
  web.metrics(2, { routes: routes(10) }, 14 * 60_000 + 59_000)
  web.metrics(3, { routes: routes(100) }, 1e15)
  for (const _ of [1, 2, 3]) await web.next('metrics_ack')
  const bucket = await eventually('the late bucket', () =>
    watching.buckets().find(({ routes: rows }) => rows[0]?.requests === 1),
  )
  expect(Math.round((Date.now() - bucket.at) / 60_000)).toBe(5)
  expect(bucket.at % 10_000).toBe(0)
  expect(requestsIn(watching.buckets())).toBeLessThan(100)
})

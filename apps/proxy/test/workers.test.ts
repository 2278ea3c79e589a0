// Proxies whose data path runs in two workers, as real processes: what one proxy promises they promise together.
import { type Backend, eventually, startBackend } from '@heddle/testkit'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { destinationDocument, inboundDocument } from './documents.ts'
import { startFakeControl } from './fakeControl.ts'
import {
  appConnection,
  change,
  type Place,
  pidsOf,
  publish,
  type Started,
  startProcess,
  total,
  value,
  workersOf,
} from './proxyProcesses.ts'
import { newHome } from './startProxies.ts'

const TWO = { HEDDLE_WORKERS: '2' }

const stack = new AsyncDisposableStack()
let place: Place
let app: Backend
let catalog: Started
let probe: Started
// Processes take their time to start: the tests share a catalog and a client that knows it, both of two workers.
beforeAll(async () => {
  place = { control: stack.use(await startFakeControl()), home: stack.use(newHome()), stack }
  app = stack.use(await startBackend())
  catalog = await startProcess(place, 'catalog', { ...TWO, HEDDLE_APP_PORT: String(app.port) })
  probe = await startProcess(place, 'probe', TWO)
  await publish(probe, catalog)
})
afterAll(() => stack.disposeAsync())

const caller = (port: number) => appConnection(stack, port)

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch {
    return false
  }
}

// Connections go to the workers in turn, on both sides, and whatever was counted where, each request counts once: in
// /metrics at once, and in the reports that the control plane gets.
test('both workers carry requests, and each request counts once', async () => {
  const callers = Array.from({ length: 8 }, () => caller(probe.ports.outbound))
  const before = [total(await catalog.metrics(), 'inbound'), total(await probe.metrics(), 'outbound')] as const
  const rounds = 25
  for (let round = 0; round < rounds; round++)
    expect(await Promise.all(callers.map((call) => call('catalog')))).toEqual(callers.map(() => 200))

  const sent = callers.length * rounds
  const [called, calling] = [await catalog.metrics(), await probe.metrics()]
  expect(total(calling, 'outbound')).toBe(before[1] + sent)
  expect(total(called, 'inbound')).toBe(before[0] + sent)
  expect([value(called, 'heddle_workers'), value(calling, 'heddle_workers')]).toEqual([2, 2])
  for (const { log } of [catalog, probe])
    await eventually('both have carried some', () => (workersOf(log(), 'access').size === 2 ? true : undefined))
  let reported = 0
  while (reported < sent) {
    const { payload } = await probe.conversation.next('metrics')
    reported += payload.routes.reduce((sum, row) => sum + row.requests, 0)
    probe.conversation.send({ type: 'metrics_ack', bootId: payload.bootId, sequence: payload.sequence })
  }
  expect(reported).toBe(sent)
})

// A change is acknowledged when the last worker has it: from then on no connection, of whichever, is under the old.
test('a change of config holds in every worker before it is acknowledged', async () => {
  const callers = Array.from({ length: 6 }, () => caller(probe.ports.outbound))
  expect(await Promise.all(callers.map((call) => call('catalog')))).toEqual(callers.map(() => 200))
  for (const [defaultAccess, status] of [
    ['deny', 403],
    ['allow', 200],
    ['deny', 403],
    ['allow', 200],
  ] as const) {
    await change(catalog, { ...inboundDocument('catalog'), defaultAccess })
    expect(await Promise.all(callers.map((call) => call('catalog')))).toEqual(callers.map(() => status))
  }
})

// A name on its first use is asked for once, whichever worker hears it first, and all of them have the answer.
test('a destination is subscribed to on its first use', async () => {
  const callers = Array.from({ length: 4 }, () => caller(probe.ports.outbound))
  const calling = Promise.all(callers.map((call) => call('catalog-v1')))
  expect(await probe.conversation.next('subscribe')).toMatchObject({ names: ['destination/catalog-v1'] })
  await change(probe, destinationDocument('catalog-v1', 'catalog'))
  expect(await calling).toEqual(callers.map(() => 200))
  const again = probe.conversation.received.filter(({ type }) => type === 'subscribe')
  expect(again).toHaveLength(1)
})

// A worker that dies takes its own connections with it and nothing else: the others answer meanwhile, it comes back, and
// it knows what changed while it was away.
test('a worker that was killed comes back, and the others go on', async () => {
  const [first, second] = await pidsOf(probe)
  process.kill(first, 'SIGKILL')
  await eventually(
    'it is missed',
    () => workersOf(probe.log(), 'a worker ended; what was on its connections is lost').has(1) || undefined,
  )
  const callers = Array.from({ length: 4 }, () => caller(probe.ports.outbound))
  expect(await Promise.all(callers.map((call) => call('catalog')))).toEqual([200, 200, 200, 200])
  await publish(probe, catalog)
  await eventually('it is back', async () => (value(await probe.metrics(), 'heddle_workers') === 2 ? true : undefined))
  await eventually('it tells so', async () => ((await pidsOf(probe))[0] === first ? undefined : true))
  expect((await pidsOf(probe))[1]).toBe(second)
  expect(value(await probe.metrics(), 'heddle_worker_ends_total')).toBe(1)
  const others = Array.from({ length: 4 }, () => caller(probe.ports.outbound))
  expect(await Promise.all(others.map((call) => call('catalog')))).toEqual([200, 200, 200, 200])
  await eventually('it has carried some', () => {
    const lines = probe.log()
    const back = lines.findLastIndex((line) => line.message === 'a worker serves')
    return workersOf(lines.slice(back), 'access').size === 2 ? true : undefined
  })
})

// One that hangs keeps what is on its connections waiting, and whoever is given to it: it is killed, and comes back.
test('a worker that hangs is replaced', { timeout: 90_000 }, async () => {
  const [first, second] = await pidsOf(probe)
  const endsBefore = value(await probe.metrics(), 'heddle_worker_ends_total')
  process.kill(second, 'SIGSTOP')
  const callers = Array.from({ length: 4 }, () => caller(probe.ports.outbound))
  const calling = callers.map((call) => call('catalog'))
  await eventually('it is replaced', async () => ((await pidsOf(probe))[1] === second ? undefined : true), 60_000)
  // Whoever was given to it waited; the next one in turn was not.
  const failed = (await Promise.all(calling)).filter((status) => status !== 200)
  expect(failed.length).toBeLessThanOrEqual(1)
  expect((await pidsOf(probe))[0]).toBe(first)
  const metrics = await probe.metrics()
  expect(value(metrics, 'heddle_worker_hangs_total')).toBe(1)
  expect(value(metrics, 'heddle_worker_ends_total')).toBe(endsBefore + 1)
  expect(await Promise.all(callers.map((call) => call('catalog')))).toEqual([200, 200, 200, 200])
})

// A service manager signals every process of the service at once. A rolling restart fails no request all the same: callers
// turn away first, and what is in flight in either worker is answered.
test('an instance that is told to end fails no request', async () => {
  const other = await startProcess(place, 'catalog', { ...TWO, HEDDLE_APP_PORT: String(app.port) })
  await publish(probe, catalog, other)
  const callers = Array.from({ length: 8 }, () => caller(probe.ports.outbound))
  const statuses: number[] = []
  let isOver = false
  const load = callers.map(async (call) => {
    while (!isOver) statuses.push(await call('catalog'))
  })
  await eventually('requests are answered', () => (statuses.length > 100 ? true : undefined))
  for (const pid of await pidsOf(catalog)) process.kill(pid, 'SIGTERM')
  catalog.child.send({ type: 'drain' })
  await catalog.conversation.next('withdraw')
  await publish(probe, other)
  catalog.conversation.send({ type: 'withdrawn', callersTold: true })
  await catalog.child.until('drained')
  catalog.child.send({ type: 'stop' })
  expect(await catalog.child.exited).toBe(0)
  const soFar = statuses.length
  await eventually('requests are still answered', () => (statuses.length > soFar + 100 ? true : undefined))
  isOver = true
  await Promise.all(load)
  expect(statuses.filter((status) => status !== 200)).toEqual([])
})

// However the primary ends, its workers end with it.
test('no worker outlives its primary', async () => {
  const pids = await pidsOf(probe)
  probe.child.process.kill('SIGKILL')
  await eventually('they are gone', () => (pids.some(isAlive) ? undefined : true))
})

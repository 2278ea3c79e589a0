// Proxies whose data path runs in two workers, as real processes: what one proxy promises they promise together.
import { readFileSync } from 'node:fs'
import { Agent, request } from 'node:http'
import { join } from 'node:path'
import type { WireDocument } from '@heddle/shared/wire/config'
import { type Backend, eventually, startBackend } from '@heddle/testkit'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { z } from 'zod'
import { destinationDocument, endpointsDocument, inboundDocument, meshDocument } from './documents.ts'
import { type Conversation, type FakeControl, startFakeControl } from './fakeControl.ts'
import { environmentOf, ProxyChild } from './proxyChild.ts'
import { type Home, newHome } from './startProxies.ts'

const readySchema = z.object({
  ports: z.object({ outbound: z.number(), inbound: z.number().nullable(), admin: z.number() }),
  instance: z.string(),
})
type Ports = z.infer<typeof readySchema>['ports']

const stack = new AsyncDisposableStack()
let control: FakeControl
let home: Home
let app: Backend
let catalog: Started
let probe: Started
// Processes take their time to start: the tests share a catalog and a client that knows it, both of two workers.
beforeAll(async () => {
  control = stack.use(await startFakeControl())
  home = stack.use(newHome())
  app = stack.use(await startBackend())
  catalog = await start('catalog', { HEDDLE_APP_PORT: String(app.port) })
  probe = await start('probe')
  await publish(catalog)
})
afterAll(() => stack.disposeAsync())

interface Started {
  child: ProxyChild
  /** Of the config that it was sent last. */
  revision: number
  conversation: Conversation
  ports: Ports
  instance: string
  /** Lines of its log so far. */
  log(): Record<string, unknown>[]
  metrics(): Promise<string>
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch {
    return false
  }
}

/** Every request is in the log, with the worker that carried it. */
const mesh = () => ({ ...meshDocument([control.authority.root]), accessLogSample: 1 })

async function start(service: string, over: Record<string, string> = {}): Promise<Started> {
  const environment = { HEDDLE_SERVICE: service, HEDDLE_JOIN_TOKEN: control.token, HEDDLE_WORKERS: '2', ...over }
  const child = stack.use(new ProxyChild(environmentOf(home, control, environment)))
  const conversation = await control.connection()
  await conversation.next('hello')
  conversation.send({ type: 'snapshot', epoch: 1, revision: 1, documents: [mesh(), inboundDocument(service)] })
  const { ports, instance } = readySchema.parse(await child.until('ready'))
  const file = join(home.path, 'logs', `${instance}.log`)
  return {
    child,
    revision: 1,
    conversation,
    ports,
    instance,
    log: () =>
      readFileSync(file, 'utf8')
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line)),
    metrics: async () => (await fetch(`http://127.0.0.1:${ports.admin}/metrics`)).text(),
  }
}

/** A kept connection of an application to its proxy; resolves with the status, or 0 where it broke. */
function caller(port: number) {
  const agent = new Agent({ keepAlive: true, maxSockets: 1 })
  stack.defer(() => agent.destroy())
  return (host: string, path = '/'): Promise<number> =>
    new Promise((resolve) => {
      request({ agent, host: '127.0.0.1', port, path, headers: { host } }, (response) => {
        response.resume()
        response.on('end', () => resolve(response.statusCode ?? 0))
        response.on('error', () => resolve(0))
      })
        .on('error', () => resolve(0))
        .end()
    })
}

/** Resolves when it is acknowledged. */
async function change(of: Started, ...documents: WireDocument[]): Promise<void> {
  const base = of.revision++
  of.conversation.send({ type: 'delta', epoch: 1, base, revision: of.revision, documents, removed: [] })
  while ((await of.conversation.next('ack')).revision !== of.revision);
}

/** `probe` is told that `catalog` is at these. */
function publish(...instances: Started[]): Promise<void> {
  const inbounds = instances.map(({ ports }) => ports.inbound ?? 0)
  return change(probe, destinationDocument('catalog'), endpointsDocument('catalog', inbounds))
}

const total = (metrics: string, side: string): number =>
  [...metrics.matchAll(new RegExp(`^heddle_request_total\\{side="${side}".* (\\d+)$`, 'gm'))].reduce(
    (sum, [, n]) => sum + Number(n),
    0,
  )
const value = (metrics: string, name: string): number => Number(new RegExp(`^${name} (.*)$`, 'm').exec(metrics)?.[1])

const workersOf = (lines: Record<string, unknown>[], message: string): Set<unknown> =>
  new Set(lines.filter((line) => line.message === message).map(({ worker }) => worker))

/** Of those that serve now. */
async function pidsOf({ log }: Started): Promise<[number, number]> {
  const pidOf = (worker: number) =>
    eventually(`worker ${worker} is in the log`, () => {
      const line = log().findLast((line) => line.message === 'a worker serves' && line.worker === worker)
      return line === undefined ? undefined : Number(line.pid)
    })
  return [await pidOf(1), await pidOf(2)]
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
  await publish(catalog)
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

// A service manager signals every process of the service at once. A rolling restart fails no request all the same: callers
// turn away first, and what is in flight in either worker is answered.
test('an instance that is told to end fails no request', async () => {
  const other = await start('catalog', { HEDDLE_APP_PORT: String(app.port) })
  await publish(catalog, other)
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
  await publish(other)
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

// What the primary of two workers learns holds in both of them: a renewed certificate and a revocation; and opaque TCP goes
// through either.
import { once } from 'node:events'
import { type AddressInfo, connect, createServer } from 'node:net'
import { connect as connectTls } from 'node:tls'
import { type Backend, eventually, startBackend } from '@heddle/testkit'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { destinationDocument, endpointsDocument, inboundDocument, SETTINGS } from './documents.ts'
import { type FakeControlOptions, startFakeControl } from './fakeControl.ts'
import {
  appConnection,
  change,
  type Place,
  publish,
  type Started,
  startProcess,
  total,
  workersOf,
} from './proxyProcesses.ts'
import { newHome } from './startProxies.ts'

const TWO = { HEDDLE_WORKERS: '2' }
const SHORT_LEAF_MS = 40_000

let stack: AsyncDisposableStack
let app: Backend
beforeEach(async () => {
  stack = new AsyncDisposableStack()
  app = stack.use(await startBackend())
})
afterEach(() => stack.disposeAsync())

interface Pair {
  place: Place
  catalog: Started
  probe: Started
  /** As many connections of applications as go to both workers. */
  callers: ((host: string) => Promise<number>)[]
}

/** Both of two workers. */
async function startPair(options: FakeControlOptions = {}): Promise<Pair> {
  const place = { control: stack.use(await startFakeControl(options)), home: stack.use(newHome()), stack }
  const catalog = await startProcess(place, 'catalog', { ...TWO, HEDDLE_APP_PORT: String(app.port) })
  const probe = await startProcess(place, 'probe', TWO)
  await publish(probe, catalog)
  const callers = Array.from({ length: 4 }, () => appConnection(stack, probe.ports.outbound))
  return { place, catalog, probe, callers }
}

const callAll = ({ callers }: Pair): Promise<number[]> => Promise.all(callers.map((call) => call('catalog')))

/** When the certificate ends that a new connection to an inbound port is shown. */
async function shownUntil(port: number): Promise<number> {
  const socket = connectTls({ port, host: '127.0.0.1', servername: 'catalog.mesh', rejectUnauthorized: false })
  socket.on('error', () => {})
  await once(socket, 'secureConnect')
  const { valid_to } = socket.getPeerCertificate()
  socket.destroy()
  return Date.parse(valid_to)
}

// A certificate of 40 s is renewed at half of its life, on both sides, under requests without a pause, none of which fails.
test('a renewed certificate is used by both workers, and no request fails', { timeout: 90_000 }, async () => {
  const shortLeaf = () => ({ leaf: { notAfter: new Date(Date.now() + SHORT_LEAF_MS) } })
  const pair = await startPair({ join: shortLeaf })
  const { place, catalog, probe } = pair
  const port = catalog.ports.inbound ?? 0
  const first = await shownUntil(port)
  expect(first).toBeLessThan(Date.now() + SHORT_LEAF_MS)
  const statuses: number[] = []
  let isOver = false
  const load = async (): Promise<void> => {
    while (!isOver) statuses.push(...(await callAll(pair)))
  }
  const loading = load()
  await Promise.all(
    [catalog, probe].map(async ({ conversation, instance }) => {
      const { csr } = await conversation.next('renew')
      const chain = await place.control.certify(instance.startsWith('catalog') ? 'catalog' : 'probe', instance, csr)
      conversation.send({ type: 'certificate', chain, roots: [place.control.authority.root] })
    }),
  )
  await eventually('four connections in turn are shown the new one', async () => {
    const ends = await Promise.all([port, port, port, port].map(shownUntil))
    return ends.every((end) => end > first + SHORT_LEAF_MS) ? true : undefined
  })
  const soFar = statuses.length
  await eventually('requests are answered', () => (statuses.length > soFar + 40 ? true : undefined))
  isOver = true
  await loading
  expect(statuses.filter((status) => status !== 200)).toEqual([])
})

// Whichever worker has the connection ends it, and lets no other in.
test('a revocation reaches both workers', { timeout: 90_000 }, async () => {
  const pair = await startPair()
  expect(await callAll(pair)).toEqual([200, 200, 200, 200])
  pair.catalog.conversation.send({ type: 'revoked', identities: ['probe'], instances: [] })
  await eventually('nobody is let in', async () => ((await callAll(pair)).includes(200) ? undefined : true))
  const before = total(await pair.catalog.metrics(), 'inbound')
  for (let round = 0; round < 3; round++) expect(await callAll(pair)).not.toContain(200)
  expect(total(await pair.catalog.metrics(), 'inbound')).toBe(before)
})

/** Below the ports that the kernel gives to connections, so that none takes it before it is listened on. */
async function freePort(): Promise<number> {
  for (;;) {
    const port = 20_000 + Math.floor(Math.random() * 12_000)
    const server = createServer()
    const isFree = await new Promise<boolean>((resolve) => {
      server.once('error', () => resolve(false)).listen(port, '127.0.0.1', () => server.close(() => resolve(true)))
    })
    if (isFree) return port
  }
}

// Connections of databases go through the workers in turn, each octet as it was, and each counts once.
test('opaque TCP goes through both workers', { timeout: 90_000 }, async () => {
  const echo = createServer((socket) => void socket.on('error', () => {}).pipe(socket))
  stack.defer(() => void echo.close())
  await once(echo.listen(0, '127.0.0.1'), 'listening')
  const appPort = (echo.address() as AddressInfo).port
  const upstream = await freePort()
  const place = { control: stack.use(await startFakeControl()), home: stack.use(newHome()), stack }
  const redis = await startProcess(place, 'redis', { ...TWO, HEDDLE_APP_PORT: String(appPort) })
  const shop = await startProcess(place, 'shop', { ...TWO, HEDDLE_UPSTREAMS: `redis:${upstream}` })
  const settings = { ...SETTINGS, protocol: 'tcp' as const }
  await change(redis, { ...inboundDocument('redis'), settings })
  const endpoints = endpointsDocument('redis', [redis.ports.inbound ?? 0])
  await change(shop, { ...destinationDocument('redis'), settings }, endpoints)

  const words = Buffer.from(Array.from({ length: 100_000 }, (_, i) => (i * 7) & 0xff))
  const through = async (): Promise<Buffer> => {
    const socket = connect(upstream, '127.0.0.1')
    const chunks: Buffer[] = []
    socket.on('data', (chunk: Buffer) => chunks.push(chunk)).end(words)
    await once(socket, 'close')
    return Buffer.concat(chunks)
  }
  const rounds = 8
  for (const heard of await Promise.all(Array.from({ length: rounds }, through))) expect(heard.equals(words)).toBe(true)
  for (const [proxy, side] of [
    [shop, 'outbound'],
    [redis, 'inbound'],
  ] as const) {
    await eventually('each was counted', async () => (total(await proxy.metrics(), side) === rounds ? true : undefined))
    await eventually('both carried some', () => (workersOf(proxy.log(), 'access').size === 2 ? true : undefined))
  }
})

// The pages' numbers: computed from Postgres through the procedures, and compared with what was put in.
import { upsertInstance } from '@heddle/db'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Call, commitCalls, outcomes } from './metricsFixture.ts'
import { createTestConsole, type TestConsole } from './testConsole.ts'

let mesh: TestConsole
/** When the calls below were counted from. */
let now = 0
const MINUTE_MS = 60_000

const service = (name: string, labels: Record<string, string> = {}) => ({
  apiVersion: 'heddle.dev/v1',
  kind: 'Service',
  metadata: { name, labels },
})
const route = {
  apiVersion: 'gateway.networking.k8s.io/v1',
  kind: 'HTTPRoute',
  metadata: { name: 'catalog' },
  spec: {
    parentRefs: [{ kind: 'Service', name: 'catalog' }],
    rules: [
      {
        name: 'products',
        matches: [{ path: { type: 'PathPrefix', value: '/products' }, method: 'GET' }],
        backendRefs: [
          { name: 'catalog-v1', weight: 9 },
          { name: 'catalog-v2', weight: 1 },
        ],
        retry: { codes: [502, 503], attempts: 2 },
        timeouts: { request: '2s' },
      },
      { name: 'import', matches: [{ path: { type: 'Exact', value: '/products/import' }, method: 'POST' }] },
      {
        name: 'beta',
        matches: [
          {
            path: { type: 'PathPrefix', value: '/products' },
            method: 'GET',
            headers: [{ name: 'X-Beta', value: '1' }],
          },
        ],
        backendRefs: [{ name: 'catalog-v2' }],
      },
    ],
  },
}

const instance = (name: string, of: string, version: string, ready: boolean) => ({
  instance: name,
  service: of,
  version,
  hostId: 'host',
  bootId: 'boot',
  inbound: { address: '127.0.0.1', port: 20_000, public: null },
  outbound: 20_001,
  admin: 20_002,
  ready,
  build: '0.1.0',
  controlId: 'control-1',
})

const products = (version: string, counted: Parameters<typeof outcomes>[0]): Call => ({
  source: 'storefront',
  destination: 'catalog',
  version,
  route: 'catalog/products',
  outcomes: outcomes(counted),
})

beforeAll(async () => {
  mesh = await createTestConsole()
  const { db } = mesh.console
  const admin = mesh.as('admin', 'ana')
  await upsertInstance(db, instance('catalog-v1-0-aaaa', 'catalog', 'v1', true))
  await upsertInstance(db, instance('catalog-v2-0-bbbb', 'catalog', 'v2', false))
  const put = await admin.config.put({
    documents: [service('catalog', { owner: 'shop' }), service('storefront'), service('idle'), route],
  })
  expect(put.mistakes).toEqual([])
  now = Date.now()
  await commitCalls(db, now - 10 * MINUTE_MS, [
    products('v1', { requests: 900, ok: 899, serverError: 1, latencyMs: 10 }),
    products('v2', { requests: 100, ok: 90, serverError: 8, meshErrors: { timeout: 2 }, latencyMs: 100 }),
    {
      source: 'public',
      destination: 'storefront',
      version: 'v1',
      route: 'default',
      outcomes: outcomes({ requests: 50, ok: 40, cancelled: 10, latencyMs: 20 }),
    },
    {
      source: 'storefront',
      destination: 'egress',
      version: '-',
      route: 'default',
      outcomes: outcomes({ requests: 7, ok: 7, latencyMs: 5 }),
    },
  ])
  await commitCalls(db, now - 40 * MINUTE_MS, [
    products('v1', {
      requests: 1_000,
      ok: 1_000,
      latencyMs: 10,
      retriesMade: 5,
      recovered: 4,
      retriesSkipped: { not_retryable: 3 },
    }),
  ])
})
afterAll(() => mesh[Symbol.asyncDispose]())

const lastHour = { range: { lastMs: 60 * MINUTE_MS } }

// Every call counts once: as its caller saw it, or as the server saw it where the caller is outside the mesh.
test('services.list adds up what callers saw', async () => {
  const page = await mesh.as('viewer').services.list(lastHour)
  const catalog = page.rows.find((row) => row.service === 'catalog')
  expect(catalog).toMatchObject({ owner: 'shop', requests: 2_000, failures: 11, instances: { ready: 1, all: 2 } })
  expect(catalog?.successRate).toBeCloseTo((1_989 / 2_000) * 100, 6)
  // The hour is longer than this mesh has lived: the rate is of its forty minutes.
  expect(catalog?.requestsPerSecond).toBeCloseTo(2_000 / 2_400, 1)
  expect(catalog?.latencyMs.p50).toBeGreaterThan(9.7)
  expect(catalog?.latencyMs.p50).toBeLessThan(10.3)
  expect(catalog?.versions.map(({ version, share }) => [version, share])).toEqual([
    ['v1', 95],
    ['v2', 5],
  ])
  const storefront = page.rows.find((row) => row.service === 'storefront')
  // Cancelled calls are neither success nor failure.
  expect(storefront).toMatchObject({ requests: 50, failures: 0, successRate: 100 })
  expect(page.mesh).toMatchObject({ requests: 2_050, failures: 11 })
})

// The state says which number is below which, over the last 15 minutes, and what makes up most of it.
test('services.list says what is wrong in words', async () => {
  const page = await mesh.as('viewer').services.list(lastHour)
  expect(page.worst.map(({ service: name }) => name)).toEqual(['catalog'])
  const [catalog] = page.worst
  expect(catalog?.health.state).toBe('failing')
  expect(catalog?.health.reason?.replaceAll('\u00a0', ' ')).toBe('success 98.90 % < 99.5 %')
  expect(catalog?.health.cause).toBe('11 of 1,000 failed; 9 are 5xx from the app on catalog/products')
  expect(page.attention).toBe(1)
  expect(page.changes[0]).toMatchObject({ actor: 'ana' })
})

// No traffic is a state of its own: not 0 %, not 100 %.
test('a service without traffic has no success rate', async () => {
  const page = await mesh.as('viewer').services.list(lastHour)
  const idle = page.rows.find((row) => row.service === 'idle')
  expect(idle).toMatchObject({ requests: 0, successRate: null, health: { state: 'idle' }, lastTrafficAt: null })
  const statement = await mesh.as('viewer').stat.services({ windowMs: 60_000 })
  expect(statement.rows.find((row) => row.service === 'catalog')).toMatchObject({ requests: 0, successRate: null })
  const short = await mesh.as('viewer').services.list({ range: { lastMs: 5 * MINUTE_MS } })
  const last = short.rows.find((row) => row.service === 'catalog')?.lastTrafficAt ?? 0
  // The calls of ten minutes ago are known by their minute.
  expect(last - (now - 11 * MINUTE_MS)).toBeGreaterThanOrEqual(0)
  expect(last - (now - 9 * MINUTE_MS)).toBeLessThanOrEqual(0)
})

// The three charts add up to the page's own numbers.
test('services.get has series that add up to its totals', async () => {
  const page = await mesh.as('viewer').services.get({ service: 'catalog', ...lastHour })
  expect(page.golden).toMatchObject({ requests: 2_000, failures: 11 })
  const sum = (values: readonly (number | null)[]) => values.reduce<number>((a, b) => a + (b ?? 0), 0)
  expect(sum(page.series.requests)).toBe(2_000)
  expect(sum(page.series.failures)).toBe(11)
  const seconds = page.series.stepMs / 1_000
  const { volume } = page.series
  expect(sum(Object.values(volume).map((values) => sum(values) * seconds))).toBeCloseTo(2_000, 6)
  expect(page.side).toBe('callers')
  expect(page.serverSide.requests).toBe(2_000)
  expect(page.callers.map(({ peer, requests }) => [peer, requests])).toEqual([['storefront', 2_000]])
  expect(page.marks.map(({ actor }) => actor)).toContain('ana')
  expect(page.sentence.replaceAll('\u00a0', ' ')).toMatch(
    /^Failing for \d+ min: success 98.90 % < 99.5 %. 11 of 1,000 failed; 9 are 5xx from the app on catalog\/products in the last 15 min.$/,
  )
  expect(page.instances.map(({ instance: id, connected, address }) => [id, connected, address])).toEqual([
    ['catalog-v1-0-aaaa', null, '127.0.0.1:20000'],
    ['catalog-v2-0-bbbb', null, '127.0.0.1:20000'],
  ])
})

test('services.get has the routes worst first, with retries by fate, and both directions of calls', async () => {
  const page = await mesh.as('viewer').services.get({ service: 'catalog', ...lastHour })
  expect(page.routes[0]).toMatchObject({
    route: 'catalog/products',
    match: 'GET /products',
    failures: 11,
    retries: { made: 5, recovered: 4, skipped: { not_retryable: 3 } },
    meshErrors: { timeout: 2 },
    split: [
      { backend: 'catalog-v1', percent: 90 },
      { backend: 'catalog-v2', percent: 10 },
    ],
    retryPolicy: '2 × on 502, 503',
    timeoutMs: 2_000,
  })
  const storefront = await mesh.as('viewer').services.get({ service: 'storefront', ...lastHour })
  expect(storefront.side).toBe('server')
  expect(storefront.callers.map(({ peer }) => peer)).toEqual(['public'])
  expect(storefront.callees.map(({ peer }) => peer)).toEqual(['catalog', 'egress'])
})

// What stands above the tabs says of a service what its overview says.
test('services.head is of one reading with services.get', async () => {
  const viewer = mesh.as('viewer')
  const head = await viewer.services.head({ service: 'catalog', ...lastHour })
  const page = await viewer.services.get({ service: 'catalog', ...lastHour })
  expect(page).toMatchObject({ health: head.health, instanceCount: head.instanceCount, resource: head.resource })
  expect(head.versions).toEqual(page.versions.map(({ version }) => version))
  expect([head.isSplit, head.routes]).toEqual([true, page.routes.filter(({ match }) => match !== null).length])
})

// A name that does not exist is an answer, and a derived name leads to its service.
test('services.get of what is no service says what to do', async () => {
  await expect(mesh.as('viewer').services.get({ service: 'nowhere', ...lastHour })).rejects.toThrow(
    'There is no service nowhere. Starting one with "heddle run --service nowhere -- …" makes it.',
  )
  await expect(mesh.as('viewer').services.get({ service: 'catalog-v2', ...lastHour })).rejects.toThrow(
    'catalog-v2 is version v2 of catalog',
  )
})

// The order on the page is the order in which proxies try, with the reason.
test('traffic.get lists rules in winning order with live numbers for each backend', async () => {
  const page = await mesh.as('viewer').traffic.get({ service: 'catalog' })
  expect(page.rules.map(({ match, winsBy }) => [match, winsBy])).toEqual([
    ['POST /products/import', 'exact path'],
    ['GET /products where header x-beta is 1', 'one header more'],
    ['GET /products', null],
  ])
  const [, , split] = page.rules
  expect(split).toMatchObject({ route: 'catalog', rule: 'products', label: 'catalog/products' })
  expect(
    split?.backends.map(({ name, percent, golden, instances }) => [name, percent, golden.requests, instances]),
  ).toEqual([
    ['catalog-v1', 90, 900, { ready: 1, all: 1 }],
    ['catalog-v2', 10, 100, { ready: 0, all: 1 }],
  ])
  expect(split?.backends[1]?.golden.successRate).toBe(90)
  expect(split?.lastChange).toMatchObject({ actor: 'ana' })
  expect(page.versions.map(({ backend }) => backend)).toEqual(['catalog-v1', 'catalog-v2'])
})

// The command line's numbers are the pages'.
test('stat.routes and stat.edges agree with the pages', async () => {
  const routes = await mesh.as('viewer').stat.routes({ windowMs: 15 * MINUTE_MS, service: 'catalog' })
  expect(routes.window).toBe('15m')
  expect(routes.rows.map(({ version, route: label, requests }) => [version, label, requests])).toEqual([
    ['v1', 'catalog/products', 900],
    ['v2', 'catalog/products', 100],
  ])
  const day = await mesh.as('viewer').stat.services({ windowMs: 24 * 60 * MINUTE_MS, service: 'catalog' })
  expect(day.rows[0]?.requestsPerSecond).toBeCloseTo(2_000 / 2_400, 1)
  const edges = await mesh.as('viewer').stat.edges({ windowMs: 15 * MINUTE_MS })
  expect(edges.rows.map(({ source, destination, requests }) => [source, destination, requests])).toEqual([
    ['public', 'storefront', 50],
    ['storefront', 'catalog', 1_000],
    ['storefront', 'egress', 7],
  ])
})

test('status.get and proxies.list tell of proxies that nobody can see', async () => {
  const status = await mesh.as('viewer').status.get()
  expect(status.control.ready).toBe(false)
  expect(status.database.ready).toBe(true)
  expect(status.proxies.map(({ instance: id, connected }) => [id, connected])).toEqual([
    ['catalog-v1-0-aaaa', false],
    ['catalog-v2-0-bbbb', false],
  ])
  const proxies = await mesh.as('viewer').proxies.list()
  expect(proxies.live).toBe(false)
  expect(proxies.proxies[0]).toMatchObject({ connected: null, outbound: 20_001, inbound: 20_000, admin: 20_002 })
})

// The page of a route: its numbers are those of the Service page, cut out of the same rows.
import { upsertInstance } from '@heddle/db'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Call, commitCalls, outcomes } from './metricsFixture.ts'
import { createTestConsole, type TestConsole } from './testConsole.ts'

let mesh: TestConsole
const MINUTE_MS = 60_000
const DAY_MS = 24 * 60 * MINUTE_MS

const service = (name: string) => ({ apiVersion: 'heddle.dev/v1', kind: 'Service', metadata: { name } })
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
        retry: { codes: [502, 503], attempts: 2 },
        timeouts: { request: '2s' },
      },
      { name: 'import', matches: [{ path: { type: 'Exact', value: '/products/import' }, method: 'POST' }] },
    ],
  },
}
const rule = {
  apiVersion: 'heddle.dev/v1',
  kind: 'AccessRule',
  metadata: { name: 'no-export' },
  spec: {
    target: { service: 'catalog', route: 'catalog/products' },
    action: 'Deny',
    mode: 'audit',
    from: [{ service: 'storefront' }],
  },
}
const call = (label: string, version: string, counted: Parameters<typeof outcomes>[0]): Call => ({
  source: 'storefront',
  destination: 'catalog',
  version,
  route: label,
  outcomes: outcomes(counted),
})

beforeAll(async () => {
  mesh = await createTestConsole()
  const { db } = mesh.console
  const put = await mesh.as('admin', 'ana').config.put({
    documents: [service('catalog'), service('storefront'), route, rule],
  })
  expect(put.mistakes).toEqual([])
  const now = Date.now()
  await commitCalls(
    db,
    now - 10 * MINUTE_MS,
    [
      call('catalog/products', 'v1', { requests: 900, ok: 899, serverError: 1, latencyMs: 10 }),
      call('catalog/products', 'v2', { requests: 200, ok: 180, serverError: 20, latencyMs: 100 }),
      call('catalog/import', 'v1', { requests: 5, ok: 5, latencyMs: 300 }),
    ],
    [{ rule: 'no-export', source: 'storefront', verdict: 'audit_would_deny', hits: 12 }],
  )
  await commitCalls(db, now - 40 * MINUTE_MS, [
    call('catalog/products', 'v1', {
      requests: 1_000,
      ok: 997,
      serverError: 3,
      latencyMs: 10,
      retriesMade: 5,
      recovered: 4,
      retriesSkipped: { not_retryable: 3 },
    }),
  ])
  await commitCalls(db, now - DAY_MS - 20 * MINUTE_MS, [
    call('catalog/products', 'v1', { requests: 300, ok: 300, latencyMs: 20 }),
    call('catalog/import', 'v1', { requests: 50, ok: 50, latencyMs: 20 }),
  ])
})
afterAll(() => mesh[Symbol.asyncDispose]())

const lastHour = { lastMs: 60 * MINUTE_MS }
const products = { service: 'catalog', route: 'catalog/products', range: lastHour }
const sum = (values: readonly (number | null)[]) => values.reduce<number>((a, b) => a + (b ?? 0), 0)
const plain = (text: string | undefined) => text?.replaceAll('\u00a0', ' ')

// The row on the Service page and the page that it leads to never disagree.
test('a route has the numbers of its row', async () => {
  const page = await mesh.as('viewer').route.get(products)
  const of = await mesh.as('viewer').services.get({ service: 'catalog', range: lastHour })
  const row = of.routes.find(({ route: label }) => label === 'catalog/products')
  expect(page.golden).toMatchObject({ requests: 2_100, failures: 24 })
  expect({ ...page.golden, requestsPerSecond: 0 }).toEqual({
    requests: row?.requests,
    failures: row?.failures,
    requestsPerSecond: 0,
    successRate: row?.successRate,
    latencyMs: row?.latencyMs,
  })
  expect(page.health.state).toBe(row?.health.state)
  expect(sum(page.series.requests)).toBe(2_100)
  expect(page).toMatchObject({
    matches: ['GET /products'],
    side: 'callers',
    resource: { kind: 'HTTPRoute', metadata: { name: 'catalog' } },
  })
  expect(page.facts.map(plain)).toEqual(['prefix', 'retries 2 × on 502, 503', 'timeout 2 s'])
  expect(page.marks.map(({ actor }) => actor)).toContain('ana')
})

// Half an hour of a service that joined three minutes ago is three minutes of calls, wherever one looks.
test('a route of a young service has the volume of its row', async () => {
  const { db } = mesh.console
  const instance = 'fresh-v1-1-abcd'
  await upsertInstance(db, {
    ...{ instance, service: 'fresh', version: 'v1', hostId: 'host', bootId: 'boot', ready: true, build: '0.1.0' },
    inbound: { address: '127.0.0.1', port: 20_000, public: null },
    ...{ outbound: 20_001, admin: 20_002, controlId: 'control-1' },
  })
  const firstSeenAt = new Date(Date.now() - 3 * MINUTE_MS)
  await db.prisma.instance.update({ where: { instance }, data: { firstSeenAt } })
  const own = {
    ...route,
    metadata: { name: 'fresh' },
    spec: { ...route.spec, parentRefs: [{ kind: 'Service', name: 'fresh' }] },
  }
  await mesh.as('admin').config.put({ documents: [service('fresh'), own] })
  const calls = { ...call('fresh/products', 'v1', { requests: 1_800, ok: 1_800 }), destination: 'fresh' }
  await commitCalls(db, Date.now() - MINUTE_MS, [calls])
  const viewer = mesh.as('viewer')
  const range = { lastMs: 30 * MINUTE_MS }
  const page = await viewer.route.get({ service: 'fresh', route: 'fresh/products', range })
  const { routes } = await viewer.services.get({ service: 'fresh', range })
  const { rules } = await viewer.traffic.get({ service: 'fresh' })
  const shown = [
    page.golden,
    routes.find((row) => row.route === 'fresh/products'),
    rules.find(({ label }) => label === 'fresh/products')?.golden,
  ]
  // 10 a second, and as much less as the test takes; spread over the ranges 1 and 2.
  for (const golden of shown) expect(golden?.requestsPerSecond).toBeGreaterThan(5)
})

// The heatmap is made of the same buckets as the percentiles: each finished call is in one cell.
test('the heatmap has every call of the chart', async () => {
  const { heatmap, series } = await mesh.as('viewer').route.get(products)
  const inside = series.requests.filter((_, i) => series.from + i * series.stepMs >= heatmap.from)
  expect(heatmap.columns.flat().reduce((a, b) => a + b, 0)).toBe(sum(inside))
  expect(heatmap.columns.length).toBeLessThanOrEqual(120)
  const whole = await mesh.as('viewer').charts.heatmap({ service: 'catalog', range: lastHour })
  expect(whole.heatmap.columns.flat().reduce((a, b) => a + b, 0)).toBe(2_105)
  const one = await mesh.as('viewer').charts.heatmap(products)
  expect(one.heatmap).toEqual(heatmap)
})

// Which version it is and whether that may be chance is said with the sample.
test('versions are compared over the last 15 minutes', async () => {
  const page = await mesh.as('viewer').route.get(products)
  expect(page.versions.map(({ version, requests, failures }) => [version, requests, failures])).toEqual([
    ['v1', 900, 1],
    ['v2', 200, 20],
  ])
  expect(plain(page.comparisons[0]?.words)).toMatch(
    /^v2 fails 90 × as often as v1 and its p99 is 9\.9 × as long\. Both differences are beyond chance \(n = 200\)\.$/,
  )
  expect(plain(page.sentence)).toMatch(
    /^Failing for \d+ min: v2 takes 18 % here and succeeds 90\.00 % < 99\.5 %; 20 of the route’s 21 failures in the last 15 min come from it\.$/,
  )
})

test('retries by fate, and the rules that apply', async () => {
  const page = await mesh.as('viewer').route.get(products)
  expect(page.fates.map(({ fate, calls }) => [fate, calls]).slice(0, 3)).toEqual([
    ['first_try', 2_093],
    ['after_retry', 4],
    ['not_retryable', 3],
  ])
  expect(page.access.map(({ state, title }) => [state, title])).toEqual([
    ['audit', 'no-export'],
    ['default', 'Allowed by default'],
  ])
  expect(plain(page.access[0]?.detail)).toMatch(/would have denied 12 calls in 24 h$/)
  const other = await mesh.as('viewer').route.get({ ...products, route: 'catalog/import' })
  expect(other.access.map(({ title }) => title)).toEqual(['Allowed by default'])
})

// Yesterday is read at the same distance of every point, in the steps that are still kept of it.
test('the ghost line is the same stretch a day before', async () => {
  const past = await mesh.as('viewer').charts.past({ ...products, compare: 'day' })
  const page = await mesh.as('viewer').route.get(products)
  expect(past.shiftMs).toBe(DAY_MS)
  expect(past.series.stepMs).toBe(60_000)
  expect(Math.abs(past.series.from + DAY_MS - page.series.from)).toBeLessThanOrEqual(60_000)
  expect(past.golden).toMatchObject({ requests: 300, successRate: 100 })
  expect(sum(past.series.requests)).toBe(300)
  const service_ = await mesh.as('viewer').charts.past({ service: 'catalog', range: lastHour, compare: 'day' })
  expect(service_.golden.requests).toBe(350)
  const week = await mesh.as('viewer').charts.past({ ...products, compare: 'week' })
  expect(week.golden).toMatchObject({ requests: 0, successRate: null })
})

// A name that is none says what to do; `default` is always one.
test('routes that are none, and the calls that no route took', async () => {
  await expect(mesh.as('viewer').route.get({ ...products, route: 'catalog/nothing' })).rejects.toThrow(
    'catalog has no route catalog/nothing, and no call in this range was counted under that name. "heddle stat routes catalog" lists those that were.',
  )
  await expect(mesh.as('viewer').route.get({ ...products, service: 'nowhere' })).rejects.toThrow('There is no service')
  const rest = await mesh.as('viewer').route.get({ ...products, route: 'default' })
  expect(rest).toMatchObject({ matches: [], resource: null, golden: { requests: 0 }, health: { state: 'idle' } })
  await expect(mesh.as('viewer').route.get({ ...products, route: 'with space' })).rejects.toThrow()
})

// The copied command has the numbers of the page.
test('stat.routes of one route', async () => {
  const rows = async (wanted: string) =>
    (await mesh.as('viewer').stat.routes({ windowMs: 60 * MINUTE_MS, service: 'catalog', route: wanted })).rows.map(
      ({ version, route: label, requests }) => [version, label, requests],
    )
  expect(await rows('catalog/products')).toEqual([
    ['v1', 'catalog/products', 1_900],
    ['v2', 'catalog/products', 200],
  ])
  expect((await rows('catalog')).map(([, label]) => label)).toEqual([
    'catalog/import',
    'catalog/products',
    'catalog/products',
  ])
  expect(await rows('cat')).toEqual([])
})

// The map and the palette as their pages get them: from real rows and stored resources.
import { serviceNameSchema } from '@heddle/shared/names'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { commitCalls, outcomes } from './metricsFixture.ts'
import { createTestConsole, type TestConsole } from './testConsole.ts'

let mesh: TestConsole
const range = { lastMs: 3_600_000 }

const service = (name: string, owner: string) => ({
  ...{ apiVersion: 'heddle.dev/v1', kind: 'Service', metadata: { name, labels: { owner } } },
})
const ROUTE = {
  ...{ apiVersion: 'gateway.networking.k8s.io/v1', kind: 'HTTPRoute', metadata: { name: 'catalog' } },
  spec: {
    parentRefs: [{ kind: 'Service', name: 'catalog' }],
    rules: [
      {
        name: 'products',
        matches: [{ path: { type: 'PathPrefix', value: '/products' }, method: 'GET' }],
        backendRefs: [{ name: 'catalog', weight: 1 }],
      },
    ],
  },
}
const RULE = {
  ...{ apiVersion: 'heddle.dev/v1', kind: 'AccessRule', metadata: { name: 'payments-from-checkout' } },
  spec: { target: { service: 'payments' }, action: 'Allow', mode: 'audit', from: [{ service: 'checkout' }] },
}
const NAMES = ['storefront', 'catalog', 'checkout', 'payments', 'asleep'] as const

beforeAll(async () => {
  mesh = await createTestConsole()
  const documents = [...NAMES.map((name) => service(name, 'shop')), ROUTE, RULE]
  const { mistakes } = await mesh.as('admin').config.put({ documents })
  expect(mistakes).toEqual([])
  const call = (source: string, destination: string, requests: number, serverError = 0) => ({
    ...{ source, destination, version: 'v1', route: 'default' },
    outcomes: outcomes({ requests, ok: requests - serverError, serverError, latencyMs: 20 }),
  })
  await commitCalls(mesh.console.db, Date.now() - 40_000, [
    call('storefront', 'catalog', 900),
    call('checkout', 'payments', 400, 200),
    call('public', 'storefront', 50),
    call('storefront', 'egress', 5),
  ])
})
afterAll(() => mesh[Symbol.asyncDispose]())

// Each pair that called is one edge with the numbers of its callers; what is outside has no mutual TLS; who did nothing is
// named, not drawn.
test('the map is drawn from the traffic', async () => {
  const map = await mesh.as('viewer').map.get({ range })
  const edges = map.edges.map((edge) => [edge.source, edge.target, edge.golden.requests, edge.isMutualTls])
  expect(edges).toHaveLength(4)
  expect(edges).toEqual(
    expect.arrayContaining([
      ['storefront', 'catalog', 900, true],
      ['checkout', 'payments', 400, true],
      ['public', 'storefront', 50, false],
      ['storefront', 'egress', 5, false],
    ]),
  )
  expect(map).toMatchObject({
    ...{ isGrouped: false, edgesLeftOut: 0, quiet: { count: 1, names: ['asleep'] } },
    all: { services: NAMES.length, carded: { services: 4, troubled: 1 }, edges: 4, troubled: 1 },
  })
  const payments = map.nodes.find(({ id }) => id === 'payments')
  expect(payments).toMatchObject({ kind: 'service', health: { state: 'failing' }, golden: { successRate: 50 } })
  expect(map.nodes.some(({ id }) => id === 'asleep')).toBe(false)
})

test('the map of a service that does not exist', async () => {
  await expect(mesh.as('viewer').map.get({ range, focus: serviceNameSchema.parse('catalgo') })).rejects.toThrow(
    'catalgo',
  )
})

// Services by name and by owner, routes and rules by what they match and say, changes by what they did; nothing of what
// was not asked for.
test('the palette finds everything by a few letters', async () => {
  const find = (query: string) => mesh.as('viewer').search.find({ query })
  expect((await find('catalog')).services[0]).toEqual({ service: 'catalog', owner: 'shop' })
  expect((await find('shop')).services).toHaveLength(NAMES.length)
  expect((await find('products')).routes).toEqual([
    { service: 'catalog', route: 'catalog/products', match: 'GET /products' },
  ])
  const { rules, routes } = await find('from-checkout')
  expect(rules.map(({ rule }) => rule)).toEqual(['payments-from-checkout'])
  expect(routes).toEqual([])
  expect((await find('a admin')).changes).toMatchObject([{ actor: 'a admin' }])
  const nothing = await find('')
  expect([nothing.routes, nothing.rules, nothing.changes.length]).toEqual([[], [], 1])
})

// What anybody types is only text.
test('hostile words find nothing and break nothing', async () => {
  for (const query of [
    '<script>alert(1)</script>',
    '\u202Egnp.exe',
    '%_\\',
    "'; DROP TABLE change; --",
    '😀'.repeat(50),
  ]) {
    const found = await mesh.as('viewer').search.find({ query })
    expect([query, found.services, found.routes, found.rules]).toEqual([query, [], [], []])
  }
  await expect(mesh.as('viewer').search.find({ query: 'a'.repeat(101) })).rejects.toThrow()
})

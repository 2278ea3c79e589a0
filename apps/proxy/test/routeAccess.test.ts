// Access rules on a route, against paths that one server reads as that route's and another does not.
import type { WireAccessRule, WireRoute } from '@heddle/shared/wire/config'
import { startBackend } from '@heddle/testkit'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { exchangeBytes } from './appClient.ts'
import { inboundDocument } from './documents.ts'
import { startTestMesh, type TestMesh, type TestNode } from './testMesh.ts'

let mesh: TestMesh
let shop: TestNode
let catalog: TestNode
let backend: Awaited<ReturnType<typeof startBackend>>
beforeAll(async () => {
  mesh = await startTestMesh()
  backend = await startBackend()
  catalog = await mesh.start('catalog', { appPort: backend.port })
  shop = await mesh.start('shop')
  mesh.publish(catalog)
})
beforeEach(() => {
  backend.requests.length = 0
})
afterAll(async () => {
  await mesh[Symbol.asyncDispose]()
  await backend[Symbol.asyncDispose]()
})

const prefixRoute = (name: string, ...prefixes: [rule: string, prefix: string][]): WireRoute => ({
  name,
  createdAt: 0,
  rules: prefixes.map(([rule, value]) => ({
    label: `${name}/${rule}`,
    matches: [{ path: { type: 'PathPrefix', value }, method: null, headers: [], queryParams: [] }],
    filters: [],
    mirrors: [],
    backends: [],
    timeouts: { requestMs: null, backendRequestMs: null },
    retry: null,
  })),
})

async function statusOf(target: string): Promise<number> {
  const request = `GET ${target} HTTP/1.1\r\nHost: catalog\r\nConnection: close\r\n\r\n`
  const { received } = await exchangeBytes(shop.outbound, request)
  return Number(/^HTTP\/1\.1 (\d+)/.exec(received)?.[1])
}

const onAdmin = (change: Partial<WireAccessRule>): WireAccessRule => ({
  name: 'admin',
  route: 'shop/admin',
  action: 'Deny',
  mode: 'enforce',
  from: [{ any: 'authenticated' }],
  to: [],
  ...change,
})

// The label that a request is counted under is the canonical path's; a rule on a route is judged by the worst reading
// too. Neither a Deny nor an Allow that closes the route is passed by a spelling that only some servers take for it.
test.each([
  ['a Deny', onAdmin({})],
  ['an Allow for others', onAdmin({ action: 'Allow', from: [{ service: 'checkout' }] })],
])('%s on a route is passed by no spelling of its path', async (_, rule) => {
  mesh.config.set({
    ...inboundDocument('catalog'),
    rules: [rule],
    routes: [prefixRoute('shop', ['admin', '/admin'])],
  })
  for (const target of ['/admin/x', '//admin/x', '/a/..%2fadmin/x', '/admin;x=1/y', '/\\admin', '/%2e/..%2fadmin/x'])
    expect([target, await statusOf(target)]).toEqual([target, 403])
  expect(await statusOf('/products')).toBe(200)
  expect(backend.requests.map(({ url }) => url)).toEqual(['/products'])
  const labels = catalog.telemetry.requests.slice(-6, -1).map(({ route }) => route)
  expect(labels).toEqual(['default', 'default', 'default', 'default', 'default'])
})

// A route's own path is read both ways too: package registries call with an escaped slash.
test('an Allow on a route with an escaped slash lets its requests through', async () => {
  mesh.config.set({
    ...inboundDocument('catalog'),
    rules: [onAdmin({ action: 'Allow', route: 'npm/scoped' })],
    routes: [prefixRoute('npm', ['scoped', '/@scope%2fname'], ['rest', '/'])],
  })
  expect(await statusOf('/@scope%2fname/1.0')).toBe(200)
  expect(await statusOf('/@scope%2fname/..%2f..%2fother')).toBe(403)
})

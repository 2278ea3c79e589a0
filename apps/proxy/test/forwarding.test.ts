// What HTTP promises must hold through two proxies: methods, bodies, framing, statuses, trailers.
import { startBackend } from '@heddle/testkit'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { callThrough } from './appClient.ts'
import { startTestMesh, type TestMesh } from './testMesh.ts'

let mesh: TestMesh
beforeAll(async () => {
  mesh = await startTestMesh()
})
afterAll(() => mesh[Symbol.asyncDispose]())

// A plain call by service name arrives at the application of that service, and both sides record it.
test('one request through two proxies over mutual TLS', async () => {
  await using backend = await startBackend()
  const catalog = await mesh.start('catalog', { appPort: backend.port })
  const shop = await mesh.start('shop')
  mesh.publish(catalog)

  const answer = await callThrough(shop.outbound, 'http://catalog/products?limit=3')

  expect(answer.status).toBe(200)
  expect(JSON.parse(answer.body)).toEqual({ method: 'GET', url: '/products?limit=3', body: '' })
  expect(shop.telemetry.requests).toMatchObject([
    { side: 'outbound', source: 'shop', destination: 'catalog', version: 'v1', route: 'default', outcome: 'ok', status: 200 },
  ])
  expect(catalog.telemetry.requests).toMatchObject([
    { side: 'inbound', source: 'shop', destination: 'catalog', version: 'v1', outcome: 'ok', status: 200 },
  ])
})

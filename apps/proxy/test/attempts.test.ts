// What one attempt may leave behind for the next, and for its endpoint: nothing.

import { Readable } from 'node:stream'
import { setTimeout as after } from 'node:timers/promises'
import type { WireRoute, WireRule } from '@heddle/shared/wire/config'
import { startBackend } from '@heddle/testkit'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { callThrough } from './appClient.ts'
import { destinationDocument } from './documents.ts'
import { startTestMesh, type TestMesh } from './testMesh.ts'

let mesh: TestMesh
beforeAll(async () => {
  mesh = await startTestMesh()
})
afterAll(() => mesh[Symbol.asyncDispose]())

let count = 0
const newName = (): string => `attempt-${++count}`
const routed = (name: string, change: Partial<WireRule>) => ({
  ...destinationDocument(name),
  routes: [
    {
      name: 'route',
      createdAt: 0,
      rules: [
        {
          label: 'route/rule',
          matches: [{ path: { type: 'PathPrefix', value: '/' }, method: null, headers: [], queryParams: [] }],
          filters: [],
          mirrors: [],
          backends: [],
          timeouts: { requestMs: null, backendRequestMs: null },
          retry: { codes: [503], attempts: 2, backoffMs: 0, nonIdempotent: false },
          ...change,
        },
      ],
    } satisfies WireRoute,
  ],
})

// A server that fails a request before it has all of it: while its answer ends, the caller's body still flows. The next
// attempt has every byte of it, whichever way the body is framed.
test.each(['chunked', 'content-length'])('a repeat has the whole body, %s', async (framing) => {
  const parts = Array.from({ length: 103 }, (_, i) => `${String(i).padStart(29, '.')},`)
  let calls = 0
  let received = ''
  const app = () =>
    startBackend((request, response) => {
      if (++calls === 1) {
        response.writeHead(503).write('fail')
        request.once('data', () => setTimeout(() => response.end('ed'), 200))
        return
      }
      request.on('data', (chunk) => {
        received += chunk
      })
      request.on('end', () => response.end('ok'))
    })
  await using one = await app()
  await using other = await app()
  const name = newName()
  mesh.publish(await mesh.start(name, { appPort: one.port }), await mesh.start(name, { appPort: other.port }))
  mesh.config.set(routed(name, {}))
  const shop = await mesh.start(newName())
  const body = Readable.from(
    (async function* () {
      for (const part of parts) {
        yield part
        await after(2)
      }
    })(),
  )
  const headers = framing === 'chunked' ? {} : { 'content-length': String(parts.join('').length) }
  const answer = await callThrough(shop.outbound, `http://${name}/`, { method: 'PUT', headers, body })
  expect([answer.status, answer.body]).toEqual([200, 'ok'])
  expect(received).toBe(parts.join(''))
  expect([one.requests.length, other.requests.length]).toEqual([1, 1])
})

// `backendRequest` is the time of one attempt: what an earlier one has used of it is no matter to the next.
test('each attempt has its own time', async () => {
  let calls = 0
  await using app = await startBackend((_request, response) => {
    if (++calls === 1) setTimeout(() => response.writeHead(503).end(), 1_200)
    else setTimeout(() => response.end('ok'), 700)
  })
  const name = newName()
  mesh.publish(await mesh.start(name, { appPort: app.port }))
  mesh.config.set(routed(name, { timeouts: { requestMs: null, backendRequestMs: 1_500 } }))
  const shop = await mesh.start(newName())
  const answer = await callThrough(shop.outbound, `http://${name}/`)
  expect([answer.status, answer.body, calls]).toEqual([200, 'ok', 2])
})

// A caller whose own certificate has ended hears just that, no endpoint is blamed for it, and the first call after the
// renewal gets through.
test('our own expired certificate is nobody else’s fault', async () => {
  await using app = await startBackend()
  const name = newName()
  mesh.publish(await mesh.start(name, { appPort: app.port }))
  const caller = newName()
  const notAfter = Date.now() - 25_000
  const leaf = await mesh.authority.service(caller, { notBefore: new Date(0), notAfter: new Date(notAfter) })
  const shop = await mesh.start(caller, { leaf, notAfter })
  for (let i = 0; i < 20; i++) {
    const answer = await callThrough(shop.outbound, `http://${name}/`)
    expect([answer.status, answer.headers['x-heddle-error']]).toEqual([502, 'tls_failed'])
    expect(JSON.parse(answer.body).detail).toContain('certificate of the calling proxy ended')
  }
  expect(shop.path.ejections()).toEqual([])
  expect(shop.telemetry.events).toEqual([])
  const { key, chain } = await mesh.authority.service(caller)
  shop.identity.replace({ key, chain, notAfter: Date.now() + 60_000 })
  expect((await callThrough(shop.outbound, `http://${name}/`)).status).toBe(200)
})

// Where endpoints refuse our certificate (their clock is ahead, say), that stays the answer, and what was learned about
// them under the old certificate ends with it.
test('a certificate that endpoints refuse opens no circuit beyond its renewal', async () => {
  await using app = await startBackend()
  const sole = newName()
  const pair = newName()
  const start = (service: string) => mesh.start(service, { appPort: app.port })
  mesh.publish(await start(sole), await start(pair), await start(pair))
  const caller = newName()
  const leaf = await mesh.authority.leaf({ uris: [`spiffe://elsewhere/service/${caller}`] })
  const shop = await mesh.start(caller, { leaf })
  for (let i = 0; i < 20; i++)
    for (const name of [sole, pair])
      expect((await callThrough(shop.outbound, `http://${name}/`)).headers['x-heddle-error']).toBe('tls_failed')
  expect(shop.path.ejections()).toHaveLength(1)
  const { key, chain } = await mesh.authority.service(caller)
  shop.identity.replace({ key, chain })
  expect(shop.path.ejections()).toEqual([])
  for (const name of [sole, pair]) expect((await callThrough(shop.outbound, `http://${name}/`)).status).toBe(200)
})

// What callers see of failures behind the mesh: repeats, budgets, breakers, timeouts, splits, limits, drain.
import { once } from 'node:events'
import type { RequestListener } from 'node:http'
import { connect as connectTcp, createServer, type Socket } from 'node:net'
import { connect as connectTls } from 'node:tls'
import type { WireBackend, WireRoute, WireRule } from '@heddle/shared/wire/config'
import { eventually, FakeClock, startBackend, startRawBackend, unreachablePort } from '@heddle/testkit'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { callThrough } from './appClient.ts'
import { destinationDocument, inboundDocument, SETTINGS } from './documents.ts'
import { startTestMesh, type TestMesh, type TestNode } from './testMesh.ts'

let mesh: TestMesh
beforeAll(async () => {
  mesh = await startTestMesh()
})
afterAll(() => mesh[Symbol.asyncDispose]())

let count = 0
/** Answers `/warm` at once, so that a short time limit is not spent on the first connection's handshake. */
const warmed =
  (rest: RequestListener): RequestListener =>
  (request, response) =>
    request.url === '/warm' ? void response.end('warm') : rest(request, response)
async function warmUp(from: TestNode, name: string): Promise<void> {
  expect((await callThrough(from.outbound, `http://${name}/warm`)).status).toBe(200)
  from.telemetry.requests.length = 0
}
/** A caller of its own for each test, so that loads and breakers are fresh. */
const caller = (): Promise<TestNode> => mesh.start(`caller-${++count}`)
const newName = (): string => `svc-${++count}`

const rule = (change: Partial<WireRule> = {}): WireRule => ({
  label: 'route/rule',
  matches: [{ path: { type: 'PathPrefix', value: '/' }, method: null, headers: [], queryParams: [] }],
  filters: [],
  mirrors: [],
  backends: [],
  timeouts: { requestMs: null, backendRequestMs: null },
  retry: null,
  ...change,
})
const route = (...rules: WireRule[]): WireRoute => ({ name: 'route', createdAt: 0, rules })
const backend = (name: string, service: string | null, version: string | null, weight: number): WireBackend => ({
  name,
  service,
  version,
  weight,
})
const RETRY = { codes: [503], attempts: 2, backoffMs: 0, nonIdempotent: false }

async function failing(status: number, times: number): Promise<Awaited<ReturnType<typeof startBackend>>> {
  let failures = 0
  return startBackend((request, response) => {
    request.resume()
    request.on('end', () => {
      if (failures < times) {
        failures++
        response.writeHead(status).end('failed')
      } else response.end('ok')
    })
  })
}

// A route's retries lift what its callers see, and say that they did.
test('a GET is repeated where the route asks', async () => {
  await using app = await failing(503, 2)
  const name = newName()
  const node = await mesh.start(name, { appPort: app.port })
  mesh.publish(node)
  mesh.config.set({ ...destinationDocument(name), routes: [route(rule({ retry: RETRY }))] })
  const shop = await caller()
  const answer = await callThrough(shop.outbound, `http://${name}/x`)
  expect(answer.status).toBe(200)
  expect(app.requests).toHaveLength(3)
  expect(shop.telemetry.requests).toMatchObject([
    { route: 'route/rule', outcome: 'ok', retriesMade: 2, retrySkipped: null, recovered: true },
  ])
})

// A POST is repeated by the annotation only, and then with its body.
test('a POST is never repeated, but by the annotation', async () => {
  for (const nonIdempotent of [false, true]) {
    await using app = await failing(503, 1)
    const name = newName()
    const node = await mesh.start(name, { appPort: app.port })
    mesh.publish(node)
    mesh.config.set({ ...destinationDocument(name), routes: [route(rule({ retry: { ...RETRY, nonIdempotent } }))] })
    const shop = await caller()
    const answer = await callThrough(shop.outbound, `http://${name}/x`, { method: 'POST', body: 'body' })
    expect([answer.status, app.requests.length]).toEqual(nonIdempotent ? [200, 2] : [503, 1])
    if (!nonIdempotent)
      expect(shop.telemetry.requests).toMatchObject([
        { outcome: 'serverError', retriesMade: 0, retrySkipped: 'not_retryable' },
      ])
  }
})

// Each repeat that is not made has its reason.
test('repeats that are not made say why', async () => {
  await using app = await startBackend((request, response) => {
    request.resume()
    request.on('end', () => response.writeHead(503).end())
  })
  const name = newName()
  mesh.publish(await mesh.start(name, { appPort: app.port }))
  const settings = { ...SETTINGS, breaker: { ...SETTINGS.breaker, consecutiveFailures: 1000 } }
  const shop = await caller()
  const skipped = async (
    retry: WireRule['retry'],
    budget: number,
    body?: Buffer,
  ): Promise<string | null | undefined> => {
    mesh.config.set({
      ...destinationDocument(name),
      settings: { ...settings, retryBudget: { percent: 0, minPerSecond: budget, windowMs: 10_000 } },
      routes: [route(rule({ retry }))],
    })
    await callThrough(shop.outbound, `http://${name}/x`, { method: 'PUT', ...(body === undefined ? {} : { body }) })
    return (await eventually('the record', () => shop.telemetry.requests.at(-1))).retrySkipped
  }
  expect(await skipped(RETRY, 100)).toBe('attempts_exhausted')
  expect(await skipped(RETRY, 100, Buffer.alloc(70_000))).toBe('body_too_large')
  expect(await skipped(RETRY, 0)).toBe('budget_exhausted')
  expect(await skipped({ ...RETRY, codes: [500] }, 100)).toBe('not_retryable')
})

// A body up to 64 KiB is sent again as it was.
test('a repeated request has its whole body', async () => {
  const bodies: string[] = []
  await using app = await startBackend((request, response) => {
    let body = ''
    request.on('data', (chunk) => {
      body += chunk
    })
    request.on('end', () => {
      bodies.push(body)
      response.writeHead(bodies.length === 1 ? 503 : 200).end()
    })
  })
  const name = newName()
  mesh.publish(await mesh.start(name, { appPort: app.port }))
  mesh.config.set({ ...destinationDocument(name), routes: [route(rule({ retry: RETRY }))] })
  const body = 'x'.repeat(60_000)
  const shop = await caller()
  expect((await callThrough(shop.outbound, `http://${name}/`, { method: 'PUT', body })).status).toBe(200)
  expect(bodies).toEqual([body, body])
})

// Where no byte was sent the request goes to another endpoint, whatever its method.
test('an endpoint that is not there costs no request', async () => {
  await using app = await startBackend()
  const name = newName()
  const node = await mesh.start(name, { appPort: app.port })
  const dead = await unreachablePort()
  mesh.config.set({
    kind: 'endpoints',
    service: name,
    endpoints: [
      { instance: node.instance, version: 'v1', address: '127.0.0.1', port: node.inbound },
      { instance: 'dead', version: 'v1', address: '127.0.0.1', port: dead },
    ],
  })
  const shop = await caller()
  for (let i = 0; i < 20; i++)
    expect((await callThrough(shop.outbound, `http://${name}/`, { method: 'POST', body: 'x' })).status).toBe(200)
  expect(app.requests).toHaveLength(20)
})

// A dead application behind a live proxy is its own error, with the port; callers turn to the instances that are whole.
test('a dead application behind a live proxy', async () => {
  const port = await unreachablePort()
  const name = newName()
  const dead = await mesh.start(name, { appPort: port })
  mesh.publish(dead)
  const shop = await caller()
  const answer = await callThrough(shop.outbound, `http://${name}/`, { method: 'POST', body: 'x' })
  expect([answer.status, answer.headers['x-heddle-error']]).toEqual([502, 'app_unreachable'])
  expect(JSON.parse(answer.body).detail).toContain(String(port))
  await using app = await startBackend()
  mesh.publish(dead, await mesh.start(name, { appPort: app.port }))
  const second = await caller()
  for (let i = 0; i < 20; i++)
    expect((await callThrough(second.outbound, `http://${name}/`, { method: 'POST', body: 'x' })).status).toBe(200)
  expect(app.requests).toHaveLength(20)
})

// A stray answer on an idle connection is never taken for the answer to the next request (node:http's Agent does).
test('a stray answer on an idle connection is dropped', async () => {
  let sockets = 0
  await using app = await startRawBackend((socket) => {
    sockets++
    socket.on('data', () => {
      socket.write('HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\ngood')
      setTimeout(() => socket.write('HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nstray'), 5)
    })
  })
  const name = newName()
  mesh.publish(await mesh.start(name, { appPort: app.port }))
  const shop = await caller()
  for (let i = 0; i < 10; i++) {
    expect((await callThrough(shop.outbound, `http://${name}/`)).body).toBe('good')
    const until = performance.now() + 30
    // The event loop is busy while the stray answer arrives.
    while (performance.now() < until);
  }
  expect(sockets).toBe(10)
})

// A kept connection that died meanwhile costs nothing where the request may be sent again.
test('a reused connection that died', async () => {
  let connections = 0
  await using app = await startRawBackend((socket) => {
    connections++
    let requests = 0
    socket.on('data', () => {
      requests++
      if (requests > 1) socket.destroy()
      else socket.write('HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok')
    })
  })
  const name = newName()
  mesh.publish(await mesh.start(name, { appPort: app.port }))
  const shop = await caller()
  for (let i = 0; i < 6; i++) expect((await callThrough(shop.outbound, `http://${name}/`)).status).toBe(200)
  expect(connections).toBe(6)
})

// The application closes each connection on its second request: a GET goes over another one, and is given up when that is
// dead as well; a PUT whose body has left is given up at once.
test.each([
  ['GET', undefined, 2],
  ['PUT', 'hello', 1],
] as const)('a %s on idle connections that are all dead', async (method, body, times) => {
  let asked = 0
  const waiting: Socket[] = []
  await using app = await startRawBackend((socket) => {
    socket.on('data', (bytes) => {
      if (!bytes.toString().includes('/warm')) {
        asked++
        socket.destroy()
        return
      }
      waiting.push(socket)
      // All at once, so that each has a connection of its own.
      if (waiting.length === 4) for (const each of waiting) each.write('HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n')
    })
  })
  const name = newName()
  mesh.publish(await mesh.start(name, { appPort: app.port }))
  const shop = await caller()
  await Promise.all([1, 2, 3, 4].map(() => callThrough(shop.outbound, `http://${name}/warm`)))
  const answer = await callThrough(shop.outbound, `http://${name}/x`, body === undefined ? {} : { method, body })
  expect([answer.status, asked]).toEqual([502, times])
})

// A connection that the application closes while a request is on its way to it is not the end of the application: nothing
// was written, so that the request goes over another one, also a POST of somebody who cannot send it elsewhere.
test.each(['GET', 'POST'])('an idle connection that is closed as a %s comes', async (method) => {
  const connections: Socket[] = []
  await using app = await startRawBackend((socket) => {
    connections.push(socket)
    socket.on('data', () => socket.write('HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok'))
  })
  const node = await mesh.start(newName(), { appPort: app.port, publicPort: 0 })
  const client = connectTcp(node.publicPort ?? 0, '127.0.0.1')
  let received = ''
  client.on('data', (chunk) => {
    received += chunk
  })
  const request = `${method} / HTTP/1.1\r\nHost: x\r\n${method === 'POST' ? 'Content-Length: 2\r\n\r\nab' : '\r\n'}`
  client.write(request)
  await eventually('the first answer', () => (received.endsWith('ok') ? true : undefined))
  received = ''
  // Both are there when the loop looks next, the request first.
  client.write(request)
  connections[0]?.destroy()
  await eventually('the second answer', () => (received.includes('\r\n\r\n') ? true : undefined))
  expect(received).toMatch(/^HTTP\/1\.1 200 /)
  expect(connections).toHaveLength(2)
  client.destroy()
})

// The instance that fails is left alone; with all of them failing the breaker is not the reason for refusing the rest.
test('an endpoint that keeps failing is ejected', async () => {
  await using bad = await startBackend((_request, response) => response.writeHead(500).end())
  await using good = await startBackend()
  const name = newName()
  const a = await mesh.start(name, { appPort: bad.port })
  const b = await mesh.start(name, { appPort: good.port })
  mesh.publish(a, b)
  mesh.config.set({ ...destinationDocument(name), settings: { ...SETTINGS, balancing: 'round-robin' } })
  // An ejection lapses by the clock, and a busy machine takes its time for forty calls.
  const clock = new FakeClock(Date.now())
  const shop = await mesh.start(`caller-${++count}`, { clock })
  for (let i = 0; i < 40; i++) await callThrough(shop.outbound, `http://${name}/`)
  expect(bad.requests.length).toBe(7)
  expect(shop.telemetry.events).toMatchObject([
    { name: 'endpoint_ejected', fields: { service: name, instance: a.instance } },
  ])
  const ejection = shop.path.ejections()[0]
  expect(ejection?.instance).toBe(a.instance)
  expect((ejection?.untilMs ?? 0) - clock.now()).toBeGreaterThan(0)
})

// A sole endpoint that cannot be reached is circuit_open after a while, and no_endpoint where there is none.
test('no_endpoint and circuit_open', async () => {
  const name = newName()
  mesh.config.set(destinationDocument(name), { kind: 'endpoints', service: name, endpoints: [] })
  const shop = await caller()
  const empty = await callThrough(shop.outbound, `http://${name}/`)
  expect([empty.status, empty.headers['x-heddle-error']]).toEqual([503, 'no_endpoint'])
  const port = await unreachablePort()
  mesh.config.set({
    kind: 'endpoints',
    service: name,
    endpoints: [{ instance: 'x', version: 'v1', address: '127.0.0.1', port }],
  })
  const codes = new Set<unknown>()
  for (let i = 0; i < 10; i++)
    codes.add((await callThrough(shop.outbound, `http://${name}/`)).headers['x-heddle-error'])
  expect([...codes]).toEqual(['connect_failed', 'circuit_open'])
})

// A route's timeouts are 504, and the application sees that nobody waits any more.
test.each(['requestMs', 'backendRequestMs'] as const)('timeout %s', async (which) => {
  let aborted: () => void = () => {}
  const wasAborted = new Promise<void>((resolve) => {
    aborted = resolve
  })
  await using app = await startBackend(warmed((_request, response) => response.on('close', aborted)))
  const name = newName()
  mesh.publish(await mesh.start(name, { appPort: app.port }))
  const shop = await caller()
  mesh.config.set(destinationDocument(name))
  await warmUp(shop, name)
  mesh.config.set({
    ...destinationDocument(name),
    routes: [route(rule({ timeouts: { requestMs: null, backendRequestMs: null, [which]: 500 } }))],
  })
  const answer = await callThrough(shop.outbound, `http://${name}/`)
  expect([answer.status, answer.headers['x-heddle-error']]).toEqual([504, 'timeout'])
  await wasAborted
  expect(await eventually('the record', () => shop.telemetry.requests[0])).toMatchObject({
    outcome: 'meshError',
    meshError: 'timeout',
    status: 504,
  })
})

// A timeout within the body breaks the answer off: it is never taken for whole.
test('a timeout within the answer', async () => {
  await using app = await startBackend(warmed((_request, response) => response.write('first')))
  const name = newName()
  mesh.publish(await mesh.start(name, { appPort: app.port }))
  const shop = await caller()
  mesh.config.set(destinationDocument(name))
  await warmUp(shop, name)
  mesh.config.set({
    ...destinationDocument(name),
    routes: [route(rule({ timeouts: { requestMs: 500, backendRequestMs: null } }))],
  })
  await expect(callThrough(shop.outbound, `http://${name}/`)).rejects.toThrow()
  expect(await eventually('the record', () => shop.telemetry.requests[0])).toMatchObject({ meshError: 'timeout' })
})

// A stream in which nothing moves is ended.
test('an idle stream ends', async () => {
  await using app = await startBackend(warmed((_request, response) => response.write('first')))
  const name = newName()
  mesh.publish(await mesh.start(name, { appPort: app.port }))
  const shop = await mesh.start(`caller-${++count}`, { limits: { streamIdleMs: 500 } })
  await warmUp(shop, name)
  await expect(callThrough(shop.outbound, `http://${name}/`)).rejects.toThrow()
  expect(await eventually('the record', () => shop.telemetry.requests[0])).toMatchObject({
    outcome: 'meshError',
    meshError: 'timeout',
  })
})

// Weights hold for small samples already, and versions are counted apart.
test('weights split the traffic', async () => {
  const answers =
    (text: string): RequestListener =>
    (_request, response) =>
      void response.end(text)
  await using one = await startBackend(answers('one'))
  await using two = await startBackend(answers('two'))
  const name = newName()
  mesh.publish(
    await mesh.start(name, { appPort: one.port, version: 'v1' }),
    await mesh.start(name, { appPort: two.port, version: 'v2' }),
  )
  mesh.config.set({
    ...destinationDocument(name),
    routes: [route(rule({ backends: [backend(`${name}-v1`, name, 'v1', 75), backend(`${name}-v2`, name, 'v2', 25)] }))],
  })
  const shop = await caller()
  for (let i = 0; i < 200; i++) await callThrough(shop.outbound, `http://${name}/`)
  expect(Math.abs(one.requests.length - 150)).toBeLessThanOrEqual(2)
  expect(shop.telemetry.requests.filter((r) => r.version === 'v2').length).toBe(two.requests.length)
  // A derived name skips the routes and reaches its version only.
  mesh.config.set({ ...destinationDocument(`${name}-v2`, name), version: 'v2' })
  const before = two.requests.length
  for (let i = 0; i < 5; i++) expect((await callThrough(shop.outbound, `http://${name}-v2/`)).body).toBe('two')
  expect(two.requests.length).toBe(before + 5)
})

// No route, no backend, a redirect, a rewrite: what the Gateway API says.
test('routes answer, redirect, rewrite and change headers', async () => {
  await using app = await startBackend((request, response) => {
    response.setHeader('x-app', 'yes')
    response.end(JSON.stringify({ url: request.url, host: request.headers.host, added: request.headers['x-added'] }))
  })
  const name = newName()
  mesh.publish(await mesh.start(name, { appPort: app.port }))
  const at = (value: string, change: Partial<WireRule>): WireRule =>
    rule({
      label: `route/${value.slice(1)}`,
      matches: [{ path: { type: 'PathPrefix', value }, method: null, headers: [], queryParams: [] }],
      ...change,
    })
  mesh.config.set({
    ...destinationDocument(name),
    routes: [
      route(
        at('/gone', { backends: [backend('nothing', null, null, 1)] }),
        at('/old', {
          filters: [
            {
              type: 'RequestRedirect',
              requestRedirect: { statusCode: 301, path: { type: 'ReplacePrefixMatch', replacePrefixMatch: '/new' } },
            },
          ],
        }),
        at('/api', {
          filters: [
            {
              type: 'URLRewrite',
              urlRewrite: { hostname: 'inner.example', path: { type: 'ReplacePrefixMatch', replacePrefixMatch: '/' } },
            },
            { type: 'RequestHeaderModifier', requestHeaderModifier: { set: [{ name: 'X-Added', value: '1' }] } },
            {
              type: 'ResponseHeaderModifier',
              responseHeaderModifier: { remove: ['x-app'], set: [{ name: 'x-mesh', value: '2' }] },
            },
          ],
        }),
      ),
    ],
  })
  const shop = await caller()
  const call = (path: string) => callThrough(shop.outbound, `http://${name}${path}`)
  expect((await call('/nowhere')).headers['x-heddle-error']).toBe('no_route')
  const gone = await call('/gone')
  expect([gone.status, gone.headers['x-heddle-error']]).toEqual([500, 'backend_unresolved'])
  const old = await call('/old/x?y=1')
  expect([old.status, old.headers.location]).toEqual([301, `http://${name}/new/x?y=1`])
  const api = await call('/api/v1/x?y=1')
  expect(JSON.parse(api.body)).toEqual({ url: '/v1/x?y=1', host: 'inner.example', added: '1' })
  expect([api.headers['x-app'], api.headers['x-mesh']]).toEqual([undefined, '2'])
})

// A mirrored request changes nothing for its caller.
test('mirrors get a copy with its body', async () => {
  await using app = await startBackend()
  await using shadow = await startBackend((_request, response) => response.writeHead(500).end())
  const name = newName()
  const mirrored = newName()
  mesh.publish(await mesh.start(name, { appPort: app.port }), await mesh.start(mirrored, { appPort: shadow.port }))
  mesh.config.set({
    ...destinationDocument(name),
    routes: [route(rule({ mirrors: [{ backend: backend(mirrored, mirrored, null, 1), share: 1 }] }))],
  })
  const shop = await caller()
  expect((await callThrough(shop.outbound, `http://${name}/a`)).status).toBe(200)
  expect((await callThrough(shop.outbound, `http://${name}/b`, { method: 'POST', body: 'hello' })).status).toBe(200)
  const big = Buffer.alloc(100_000)
  expect((await callThrough(shop.outbound, `http://${name}/c`, { method: 'POST', body: big })).status).toBe(200)
  await eventually('the copies', () => (shadow.requests.length >= 2 ? true : undefined))
  expect(shadow.requests.map((r) => r.url)).toEqual(['/a', '/b'])
  expect(shadow.requests[1]?.headers['content-length']).toBe('5')
  // The caller may have the last octet of a large answer before its end has come to its proxy.
  await eventually('the records', () => (shop.telemetry.requests.length >= 3 ? true : undefined))
  expect(shop.telemetry.requests).toHaveLength(3)
})

// Limits are the server's to keep: for all callers, and for each.
test('rate limits are 429 with the limit’s name', async () => {
  await using app = await startBackend()
  const name = newName()
  mesh.config.set({
    ...inboundDocument(name),
    settings: { ...SETTINGS, limits: { requestsPerSecond: null, perCaller: 5 } },
  })
  const node = await mesh.start(name, { appPort: app.port })
  mesh.publish(node)
  const [a, b] = [await caller(), await caller()]
  const statuses = async (from: TestNode) => {
    const list: number[] = []
    for (let i = 0; i < 20; i++) list.push((await callThrough(from.outbound, `http://${name}/`)).status)
    return list
  }
  const first = await statuses(a)
  expect(first.slice(0, 3)).toEqual([200, 200, 200])
  expect(first).toContain(429)
  expect((await statuses(b)).slice(0, 3)).toEqual([200, 200, 200])
  expect(node.telemetry.requests.filter((r) => r.outcome === 'limited')[0]).toMatchObject({
    meshError: 'rate_limited',
    source: a.service,
  })
  expect(a.telemetry.requests.filter((r) => r.outcome === 'limited').length).toBeGreaterThan(0)
})

// More in flight than the bound is refused at once.
test('overload is 503 overloaded', async () => {
  await using app = await startBackend(() => {})
  const name = newName()
  mesh.publish(await mesh.start(name, { appPort: app.port }))
  const shop = await mesh.start(`caller-${++count}`, { limits: { maxInFlight: 3 } })
  for (let i = 0; i < 3; i++) callThrough(shop.outbound, `http://${name}/`).catch(() => {})
  await eventually('three in flight', () => (shop.path.inFlight === 3 ? true : undefined))
  const answer = await callThrough(shop.outbound, `http://${name}/`)
  expect([answer.status, answer.headers['x-heddle-error']]).toEqual([503, 'overloaded'])
})

// A proxy whose application is a proxy that leads back to it stops at 508.
test('a circle is 508 loop', async () => {
  const name = newName()
  const relay = createServer((socket) => {
    // Whatever comes is sent to the proxy's own outbound port, as a wrong --app-port would.
    import('node:net').then(({ connect }) => {
      const back = connect(node.outbound, '127.0.0.1')
      socket.pipe(back).pipe(socket)
      back.on('error', () => socket.destroy())
      socket.on('error', () => back.destroy())
    })
  })
  await new Promise<void>((resolve) => relay.listen(0, '127.0.0.1', resolve))
  const address = relay.address()
  const node = await mesh.start(name, { appPort: typeof address === 'object' && address !== null ? address.port : 0 })
  mesh.publish(node)
  const shop = await caller()
  const answer = await callThrough(shop.outbound, `http://${name}/`)
  expect([answer.status, answer.headers['x-heddle-error']]).toEqual([508, 'loop'])
  relay.close()
})

// Draining finishes what is in flight, tells callers to turn elsewhere, and still lets the application call out.
test('drain finishes what is in flight', async () => {
  let finish: () => void = () => {}
  await using app = await startBackend((_request, response) => {
    finish = () => response.end('late')
  })
  await using other = await startBackend()
  const name = newName()
  const node = await mesh.start(name, { appPort: app.port })
  const rest = await mesh.start(name, { appPort: other.port })
  mesh.publish(node)
  const shop = await caller()
  const slow = callThrough(shop.outbound, `http://${name}/slow`)
  await eventually('the slow request', () => (app.requests.length === 1 ? true : undefined))
  mesh.publish(rest)
  const drained = node.path.drain(10_000)
  expect((await callThrough(shop.outbound, `http://${name}/`)).status).toBe(200)
  expect((await callThrough(node.outbound, `http://${name}/out`)).status).toBe(200)
  finish()
  expect((await slow).body).toBe('late')
  await drained
  expect(other.requests).toHaveLength(2)
})

// What does not end by the deadline is ended.
test('drain ends at its deadline', async () => {
  await using app = await startBackend(() => {})
  const name = newName()
  const node = await mesh.start(name, { appPort: app.port })
  mesh.publish(node)
  const shop = await caller()
  const hanging = callThrough(shop.outbound, `http://${name}/`)
  await eventually('the request', () => (app.requests.length === 1 ? true : undefined))
  await node.path.drain(200)
  expect((await hanging).status).toBe(502)
})

/** The mesh port of `node`, as a caller's proxy reaches it; `socket`: already connected, its handshake to come. */
async function dial(node: TestNode, socket?: Socket) {
  const { key, chain } = await mesh.authority.service('caller-raw')
  const target = socket === undefined ? { port: node.inbound, host: '127.0.0.1' } : { socket }
  const checkServerIdentity = (): undefined => undefined
  const tls = connectTls({
    ...target,
    servername: `${node.service}.mesh`,
    ca: mesh.authority.root,
    key,
    cert: chain,
    checkServerIdentity,
  })
  await once(tls, 'secureConnect')
  return {
    /** A POST whose head and body leave apart; what came until the connection was closed. */
    async post(): Promise<string> {
      let received = ''
      tls.on('data', (chunk) => {
        received += chunk
      })
      tls.write(`POST / HTTP/1.1\r\nHost: ${node.service}\r\nContent-Length: 4\r\n\r\n`)
      setImmediate(() => tls.write('body'))
      await once(tls, 'close')
      return received
    },
  }
}

// Whoever was not told of the end may still send a request on an idle connection. It gets an answer after which its
// proxy sends even a POST elsewhere, never a reset; and the application, which is about to end, does not see it.
test('a request that comes after the drain is refused for elsewhere', async () => {
  await using app = await startBackend()
  const node = await mesh.start(newName(), { appPort: app.port })
  const late = await dial(node)
  await node.path.drain(10_000)
  const answer = await late.post()
  expect(answer).toMatch(/^HTTP\/1\.1 502 /)
  expect(answer).toMatch(/^x-heddle-error: app_unreachable\r$/im)
  expect(answer).toMatch(/^connection: close\r$/im)
  expect(app.requests).toEqual([])
})

// A connection whose handshake is under way when the drain begins may bring a request: it is served, and waited for.
test('a drain waits for a connection that is being made', async () => {
  await using app = await startBackend()
  const node = await mesh.start(newName(), { appPort: app.port })
  const slow = connectTcp({ port: node.inbound, host: '127.0.0.1' })
  await once(slow, 'connect')
  // Accepted in order: with the second connection served, the first is there.
  await dial(node)
  let isDrained = false
  const drained = node.path.drain(10_000).then(() => {
    isDrained = true
  })
  const opened = await dial(node, slow)
  expect(isDrained).toBe(false)
  expect(await opened.post()).toMatch(/^HTTP\/1\.1 200 /)
  await drained
  expect(app.requests).toHaveLength(1)
})

// Instances come and go under traffic without one failed request.
test('a rolling restart fails no request', async () => {
  await using app = await startBackend()
  const name = newName()
  let nodes = [await mesh.start(name, { appPort: app.port }), await mesh.start(name, { appPort: app.port })]
  mesh.publish(...nodes)
  const shop = await caller()
  let isOver = false
  const failures: unknown[] = []
  let good = 0
  const traffic = Array.from({ length: 4 }, async () => {
    while (!isOver) {
      const answer = await callThrough(shop.outbound, `http://${name}/`, { method: 'POST', body: 'x' })
      if (answer.status === 200) good++
      else failures.push(answer)
    }
  })
  for (let i = 0; i < 4; i++) {
    const [old, kept] = nodes
    if (old === undefined || kept === undefined) throw new Error('two nodes')
    const fresh = await mesh.start(name, { appPort: app.port })
    nodes = [kept, fresh]
    mesh.publish(...nodes)
    await old.path.drain(5_000)
    await old.path.close()
    const before = good
    await eventually('traffic', () => (good > before + 10 ? true : undefined))
  }
  isOver = true
  await Promise.all(traffic)
  expect(failures).toEqual([])
})

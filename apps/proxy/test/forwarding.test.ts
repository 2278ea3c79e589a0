// What HTTP promises must hold through two proxies: methods, bodies, framing, statuses, trailers, connections.
import type { RequestListener } from 'node:http'
import { Agent, request as httpRequest } from 'node:http'
import { PassThrough, Readable } from 'node:stream'
import { eventually, startBackend, startRawBackend } from '@heddle/testkit'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { callThrough, exchangeBytes } from './appClient.ts'
import { startTestMesh, type TestMesh, type TestNode } from './testMesh.ts'

let mesh: TestMesh
let shop: TestNode
beforeAll(async () => {
  mesh = await startTestMesh()
  shop = await mesh.start('shop')
})
afterAll(() => mesh[Symbol.asyncDispose]())

/** A service of its own for each test, with the listener as its application. */
let services = 0
async function serve(listener?: RequestListener): Promise<{
  url: string
  node: TestNode
  backend: Awaited<ReturnType<typeof startBackend>>
  [Symbol.asyncDispose](): Promise<void>
}> {
  const backend = await startBackend(listener)
  const node = await mesh.start(`svc-${++services}`, { appPort: backend.port })
  mesh.publish(node)
  return {
    url: `http://${node.service}`,
    node,
    backend,
    [Symbol.asyncDispose]: async () => {
      await node.path.close()
      await backend[Symbol.asyncDispose]()
    },
  }
}

// A plain call by service name arrives at the application of that service, and both sides record it.
test('one request through two proxies over mutual TLS', async () => {
  await using service = await serve()
  const before = shop.telemetry.requests.length

  const answer = await callThrough(shop.outbound, `${service.url}/products?limit=3`)

  expect(answer.status).toBe(200)
  expect(JSON.parse(answer.body)).toEqual({ method: 'GET', url: '/products?limit=3', body: '' })
  const name = service.node.service
  expect(shop.telemetry.requests.slice(before)).toMatchObject([
    {
      side: 'outbound',
      source: 'shop',
      destination: name,
      version: 'v1',
      route: 'default',
      outcome: 'ok',
      status: 200,
    },
  ])
  expect(service.node.telemetry.requests).toMatchObject([
    { side: 'inbound', source: 'shop', destination: name, version: 'v1', outcome: 'ok', status: 200 },
  ])
})

// The ways of writing a mesh name all lead to the same service; the port says nothing.
test('a service is reached by Host, with a port, in capitals and as name.mesh', async () => {
  await using service = await serve()
  const name = service.node.service
  for (const host of [name, `${name}:80`, `${name}:9999`, name.toUpperCase(), `${name}.mesh`, `${name}.`]) {
    const answer = await callThrough(shop.outbound, '/x', { headers: { host } })
    expect([host, answer.status]).toEqual([host, 200])
  }
})

// Every method arrives with its body, however that was framed, and framed correctly again.
test.each(['POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'GET', 'PROPFIND'])(
  '%s with a chunked body and with a length',
  async (method) => {
    await using service = await serve()
    const chunked = await callThrough(shop.outbound, `${service.url}/x`, {
      method,
      headers: { 'transfer-encoding': 'chunked' },
      body: Readable.from([Buffer.from('abc'), Buffer.from('def')]),
    })
    expect(JSON.parse(chunked.body)).toEqual({ method, url: '/x', body: 'abcdef' })
    const sized = await callThrough(shop.outbound, `${service.url}/x`, {
      method,
      headers: { 'content-length': '6' },
      body: 'ghijkl',
    })
    expect(JSON.parse(sized.body)).toEqual({ method, url: '/x', body: 'ghijkl' })
    expect(service.backend.requests).toHaveLength(2)
  },
)

// HEAD keeps the length that GET would have and has no body; the connection goes on.
test('HEAD has headers and no body', async () => {
  await using service = await serve((_request, response) => {
    response.setHeader('content-length', '1000')
    response.end()
  })
  for (let i = 0; i < 3; i++) {
    const answer = await callThrough(shop.outbound, `${service.url}/x`, { method: 'HEAD' })
    expect(answer).toMatchObject({ status: 200, body: '' })
    expect(answer.headers['content-length']).toBe('1000')
    expect(answer.headers['transfer-encoding']).toBeUndefined()
  }
})

// 204 and 304 have neither body nor framing of one.
test.each([204, 304])('%i passes without a body', async (status) => {
  await using service = await serve((_request, response) => {
    response.writeHead(status, { etag: '"1"' })
    response.end()
  })
  const answer = await callThrough(shop.outbound, `${service.url}/x`)
  expect(answer).toMatchObject({ status, body: '' })
  expect(answer.headers.etag).toBe('"1"')
  expect(answer.headers['transfer-encoding']).toBeUndefined()
  expect(answer.headers['content-length']).toBeUndefined()
})

// 103 Early Hints reach the caller before the answer.
test('informational answers pass', async () => {
  await using service = await serve((_request, response) => {
    response.writeEarlyHints({ link: '</style.css>; rel=preload' }, () => response.end('done'))
  })
  const name = service.node.service
  const { received } = await exchangeBytes(
    shop.outbound,
    `GET / HTTP/1.1\r\nHost: ${name}\r\nConnection: close\r\n\r\n`,
  )
  expect(received).toMatch(/^HTTP\/1\.1 103 [^\r]*\r\nlink: <\/style\.css>; rel=preload\r\n\r\nHTTP\/1\.1 200/i)
})

// "Expect: 100-continue" is answered when the body is wanted, and not where the call is refused anyway.
test('a waiting caller is invited to send its body', async () => {
  await using service = await serve()
  const answer = await new Promise<string>((resolve, reject) => {
    const request = httpRequest({
      port: shop.outbound,
      method: 'POST',
      path: `${service.url}/x`,
      headers: { expect: '100-continue', 'content-length': 5 },
    })
    request.on('continue', () => request.end('hello'))
    request.on('response', (response) => {
      response.setEncoding('utf8')
      let body = ''
      response.on('data', (chunk) => {
        body += chunk
      })
      response.on('end', () => resolve(body))
    })
    request.on('error', reject)
    request.flushHeaders()
  })
  expect(JSON.parse(answer)).toMatchObject({ body: 'hello' })
  const refused = await exchangeBytes(
    shop.outbound,
    'POST http://nobody/ HTTP/1.1\r\nHost: nobody\r\nExpect: 100-continue\r\nContent-Length: 5\r\n\r\n',
    (text) => text.includes('destination_unknown'),
  )
  expect(refused.received).toMatch(/^HTTP\/1\.1 503 /)
})

// Trailers of an answer arrive, but not those that could change what the message is.
test('trailers pass, dangerous ones do not', async () => {
  await using service = await serve((_request, response) => {
    response.writeHead(200, { trailer: 'grpc-status' })
    response.write('body')
    response.addTrailers([
      ['grpc-status', '0'],
      ['authorization', 'Bearer x'],
      ['set-cookie', 'a=b'],
      ['x-forwarded-client-cert', 'URI=spiffe://x/service/admin'],
    ])
    response.end()
  })
  const answer = await callThrough(shop.outbound, `${service.url}/x`)
  expect(answer.body).toBe('body')
  expect(answer.trailers).toEqual({ 'grpc-status': '0' })
})

// An answer that ends with its connection comes whole, and one that is broken off is seen to be broken off.
test('an answer that ends with the connection is whole; one that breaks off is not', async () => {
  await using whole = await startRawBackend((socket) => {
    socket.once('data', () => socket.end('HTTP/1.1 200 OK\r\n\r\nall of it'))
  })
  const closing = await mesh.start('closing', { appPort: whole.port })
  mesh.publish(closing)
  expect((await callThrough(shop.outbound, 'http://closing/')).body).toBe('all of it')

  for (const [name, head] of [
    ['sized', 'Content-Length: 100\r\n\r\npart'],
    ['chunked', 'Transfer-Encoding: chunked\r\n\r\n4\r\npart\r\n'],
  ] as const) {
    await using broken = await startRawBackend((socket) => {
      socket.once('data', () => socket.write(`HTTP/1.1 200 OK\r\n${head}`, () => socket.destroySoon()))
    })
    const node = await mesh.start(`broken-${name}`, { appPort: broken.port })
    mesh.publish(node)
    await expect(callThrough(shop.outbound, `http://broken-${name}/`)).rejects.toThrow()
    const record = await eventually('the record', () =>
      shop.telemetry.requests.find((r) => r.destination === `broken-${name}`),
    )
    expect(record).toMatchObject({ outcome: 'meshError', meshError: 'protocol_error', status: 200 })
  }
})

// An answer that is no HTTP is 502, whatever is wrong with it.
test.each([
  ['a bad status line', 'HTTP/1.1 abc OK\r\n\r\n'],
  ['two lengths', 'HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab'],
  [
    'length beside chunks',
    'HTTP/1.1 200 OK\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n',
  ],
  ['101 that nobody asked for', 'HTTP/1.1 101 Switching Protocols\r\nConnection: upgrade\r\nUpgrade: x\r\n\r\n'],
  ['a head of 20 KiB', `HTTP/1.1 200 OK\r\nx: ${'a'.repeat(20_000)}\r\n\r\n`],
  ['nothing', ''],
])('an application that answers with %s', async (_what, bytes) => {
  await using backend = await startRawBackend((socket) => {
    socket.once('data', () => socket.end(bytes))
  })
  const node = await mesh.start(`wrong-${++services}`, { appPort: backend.port })
  mesh.publish(node)
  const answer = await callThrough(shop.outbound, `http://${node.service}/`)
  expect(answer.status).toBe(502)
  expect(answer.headers['x-heddle-error']).toBe('protocol_error')
})

// Many requests share few connections on every hop.
test('connections are used again on every hop', async () => {
  await using service = await serve()
  const agent = new Agent({ keepAlive: true, maxSockets: 1 })
  for (let i = 0; i < 20; i++)
    await new Promise<void>((resolve, reject) => {
      const request = httpRequest({ agent, port: shop.outbound, path: `${service.url}/x` }, (response) => {
        response.resume()
        response.on('end', resolve)
      })
      request.on('error', reject)
      request.end()
    })
  agent.destroy()
  expect(service.backend.requests).toHaveLength(20)
  expect(service.backend.connections).toBe(1)
})

// Pipelined requests are answered in order, each once.
test('pipelined requests are answered in order', async () => {
  await using service = await serve()
  const name = service.node.service
  const requests = [1, 2, 3].map((n) => `GET /${n} HTTP/1.1\r\nHost: ${name}\r\n\r\n`).join('')
  const { received } = await exchangeBytes(shop.outbound, requests, (text) => text.includes('"/3"'))
  expect([...received.matchAll(/"url":"(\/\d)"/g)].map((match) => match[1])).toEqual(['/1', '/2', '/3'])
  expect(service.backend.requests).toHaveLength(3)
})

// A body is passed on while it comes: the application reads its beginning before the caller has sent its end.
test('a request body streams', async () => {
  let firstChunk: (text: string) => void = () => {}
  const seen = new Promise<string>((resolve) => {
    firstChunk = resolve
  })
  await using service = await serve((request, response) => {
    request.once('data', (chunk: Buffer) => firstChunk(chunk.toString()))
    request.resume()
    request.on('end', () => response.end('ok'))
  })
  const body = new PassThrough()
  const answer = callThrough(shop.outbound, `${service.url}/x`, { method: 'POST', body })
  body.write('beginning')
  expect(await seen).toBe('beginning')
  body.end('end')
  expect((await answer).status).toBe(200)
})

// The head of an answer does not wait for its body: a stream of events may begin with silence.
test('the head of an answer arrives before its body', async () => {
  await using service = await serve((_request, response) => {
    response.writeHead(200, { 'content-type': 'text/event-stream' })
    response.flushHeaders()
  })
  const status = await new Promise((resolve, reject) => {
    const request = httpRequest({ port: shop.outbound, path: `${service.url}/events` }, (response) => {
      resolve(response.statusCode)
      response.on('error', () => {})
      request.destroy()
    })
    request.on('error', reject)
    request.end()
  })
  expect(status).toBe(200)
})

// With a reader that takes nothing, what lies in the proxies is bounded, and nothing is lost when it reads on.
test('64 MB with a reader that stops: backpressure reaches the application', async () => {
  const total = 64 * 1024 * 1024
  const chunk = Buffer.alloc(256 * 1024, 'x')
  let written = 0
  await using service = await serve((_request, response) => {
    response.writeHead(200, { 'content-length': total })
    const write = (): void => {
      while (written < total) {
        written += chunk.length
        if (!response.write(chunk)) {
          response.once('drain', write)
          return
        }
      }
      response.end()
    }
    write()
  })
  const received = await new Promise<number>((resolve, reject) => {
    const request = httpRequest({ port: shop.outbound, path: `${service.url}/big` }, async (response) => {
      response.pause()
      let last = -1
      await eventually('the application to stop writing', () => {
        const isStill = written === last
        last = written
        return isStill ? true : undefined
      })
      expect(written).toBeLessThan(40 * 1024 * 1024)
      let bytes = 0
      response.on('data', (part: Buffer) => {
        bytes += part.length
      })
      response.on('end', () => resolve(bytes))
      response.on('error', reject)
      response.resume()
    })
    request.on('error', reject)
    request.end()
  })
  expect(received).toBe(total)
})

// The same for an upload to an application that does not read.
test('an upload waits for the application', async () => {
  let read: (() => void) | undefined
  await using service = await serve((request, response) => {
    read = () => {
      let bytes = 0
      request.on('data', (part: Buffer) => {
        bytes += part.length
      })
      request.on('end', () => response.end(String(bytes)))
    }
  })
  const total = 64 * 1024 * 1024
  let sent = 0
  const body = new Readable({
    read(size) {
      if (sent >= total) {
        this.push(null)
        return
      }
      const part = Buffer.alloc(Math.min(size, total - sent))
      sent += part.length
      this.push(part)
    },
  })
  const answer = callThrough(shop.outbound, `${service.url}/up`, { method: 'POST', body })
  let last = -1
  await eventually('the caller to stop sending', () => {
    const isStill = sent === last && read !== undefined
    last = sent
    return isStill ? true : undefined
  })
  expect(sent).toBeLessThan(40 * 1024 * 1024)
  read?.()
  expect((await answer).body).toBe(String(total))
})

// A caller that goes away in the middle of its body takes the request to the application with it.
test('a caller that goes away is seen by the application, and counted as cancelled', async () => {
  let began: () => void = () => {}
  let aborted: () => void = () => {}
  const hasBegun = new Promise<void>((resolve) => {
    began = resolve
  })
  const wasAborted = new Promise<void>((resolve) => {
    aborted = resolve
  })
  await using service = await serve((request) => {
    request.once('data', () => began())
    request.on('error', () => {})
    request.on('close', () => aborted())
  })
  const request = httpRequest({ port: shop.outbound, method: 'POST', path: `${service.url}/x` })
  request.on('error', () => {})
  request.write('half')
  await hasBegun
  request.destroy()
  await wasAborted
  const name = service.node.service
  for (const node of [shop, service.node])
    expect(
      await eventually('the record', () => node.telemetry.requests.find((r) => r.destination === name)),
    ).toMatchObject({ outcome: 'cancelled', status: 0 })
  expect(shop.telemetry.gauges.outbound).toBe(0)
  expect(service.node.telemetry.gauges.inbound).toBe(0)
})

// A reader that goes away in the middle of the answer ends the application's work; the call counts by its status.
test('a caller that goes away within the answer ends it', async () => {
  let closed: () => void = () => {}
  const wasClosed = new Promise<void>((resolve) => {
    closed = resolve
  })
  await using service = await serve((_request, response) => {
    response.on('close', () => closed())
    response.write('first')
  })
  const request = httpRequest({ port: shop.outbound, path: `${service.url}/x` }, (response) => {
    response.on('error', () => {})
    response.once('data', () => request.destroy())
  })
  request.on('error', () => {})
  request.end()
  await wasClosed
  expect(
    await eventually('the record', () => shop.telemetry.requests.find((r) => r.destination === service.node.service)),
  ).toMatchObject({ outcome: 'ok', status: 200 })
})

// An application that answers before it has read the body is heard, and the next request finds a clean connection.
test('an early answer to a large upload arrives', async () => {
  await using service = await serve((request, response) => {
    if (request.method === 'POST') response.writeHead(413).end('too large')
    else response.end('fine')
  })
  const answer = await callThrough(shop.outbound, `${service.url}/x`, {
    method: 'POST',
    headers: { 'content-length': String(700_000) },
    body: Buffer.alloc(700_000),
  })
  expect(answer).toMatchObject({ status: 413, body: 'too large' })
  expect((await callThrough(shop.outbound, `${service.url}/x`)).body).toBe('fine')
})

// gRPC from end to end: HTTP/2 from the caller, between the proxies, and to an application that is declared to speak it.
// What gRPC asks of a proxy is of HTTP/2 (https://github.com/grpc/grpc/blob/master/doc/PROTOCOL-HTTP2.md): messages as
// they come in both directions, the status in trailers, and a cancel that reaches the other end.
import { once } from 'node:events'
import {
  type ClientHttp2Session,
  type ClientHttp2Stream,
  createServer,
  type IncomingHttpHeaders,
  type ServerHttp2Session,
  type ServerHttp2Stream,
} from 'node:http2'
import { eventually } from '@heddle/testkit'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { callThrough } from './appClient.ts'
import { destinationDocument, inboundDocument, SETTINGS } from './documents.ts'
import { answerOf, ask, plainSession, tunnelSession } from './http2Clients.ts'
import { startTestMesh, type TestMesh, type TestNode } from './testMesh.ts'

const GRPC = { ...SETTINGS, protocol: 'grpc' as const }

let mesh: TestMesh
let shop: TestNode
const sessions: ServerHttp2Session[] = []
const streams: { stream: ServerHttp2Stream; headers: IncomingHttpHeaders }[] = []
const app = createServer()
const clients: ClientHttp2Session[] = []

beforeAll(async () => {
  mesh = await startTestMesh()
  app.on('session', (session) => sessions.push(session))
  app.on('stream', serve)
  await new Promise<void>((resolve) => app.listen(0, '127.0.0.1', resolve))
  const address = app.address()
  const appPort = typeof address === 'object' && address !== null ? address.port : 0
  mesh.config.set(
    { ...inboundDocument('quotes'), settings: GRPC },
    { ...destinationDocument('quotes'), settings: GRPC },
  )
  mesh.publish(await mesh.start('quotes', { appPort }))
  shop = await mesh.start('shop')
})
afterAll(async () => {
  for (const client of clients) client.destroy()
  await mesh[Symbol.asyncDispose]()
  for (const session of sessions) session.destroy()
  app.close()
})

/** The application: by path, what services of gRPC do. */
function serve(stream: ServerHttp2Stream, headers: IncomingHttpHeaders): void {
  streams.push({ stream, headers })
  stream.on('error', () => {})
  const status = { 'grpc-status': '0', 'grpc-message': 'fine' }
  const respond = (): void => {
    stream.respond({ ':status': 200, 'content-type': 'application/grpc' }, { waitForTrailers: true })
    stream.on('wantTrailers', () => stream.sendTrailers(status))
  }
  switch (headers[':path']) {
    case '/Quotes/Get':
      stream.once('data', (message: Buffer) => {
        respond()
        stream.end(`quote of ${message}`)
      })
      return
    case '/Quotes/Watch':
      respond()
      stream.resume()
      for (let i = 0; i < 1_000; i++) stream.write(`${i};`)
      stream.end()
      return
    case '/Quotes/Talk':
      respond()
      stream.on('data', (message: Buffer) => stream.write(`echo ${message};`))
      stream.on('end', () => stream.end())
      return
    case '/Quotes/Sum':
      stream.once('trailers', (trailers) => {
        status['grpc-message'] = String(trailers['x-sum'])
      })
      stream.resume().on('end', () => {
        respond()
        stream.end()
      })
      return
    case '/Quotes/Refuse':
      stream.respond({ ':status': 200, 'grpc-status': '7', 'grpc-message': 'no' }, { endStream: true })
  }
}

const call = (path: string) => ({
  ':method': 'POST',
  ':path': path,
  'content-type': 'application/grpc',
  te: 'trailers',
})

async function client(): Promise<ClientHttp2Session> {
  const session = await plainSession(shop.outbound, 'quotes')
  clients.push(session)
  return session
}

const said = (stream: ClientHttp2Stream): Promise<string> => once(stream, 'data').then(([message]) => String(message))

test('a unary call, with its status in trailers, by prior knowledge and in a tunnel', async () => {
  const tunnel = await tunnelSession(shop.outbound, 'quotes')
  clients.push(tunnel)
  for (const session of [await client(), tunnel]) {
    const answer = await ask(session, call('/Quotes/Get'), 'ACME')
    expect(answer).toMatchObject({ status: 200, body: 'quote of ACME' })
    expect(answer.trailers).toMatchObject({ 'grpc-status': '0', 'grpc-message': 'fine' })
  }
  expect(streams.at(-1)?.headers).toMatchObject({ te: 'trailers', ':authority': 'quotes' })
  expect(streams.at(-1)?.headers['x-forwarded-client-cert']).toContain('/service/shop')
})

test('server streaming', async () => {
  const answer = await ask(await client(), call('/Quotes/Watch'), 'all')
  expect(answer.body.split(';')).toHaveLength(1_001)
  expect(answer.trailers).toMatchObject({ 'grpc-status': '0' })
})

// Each side waits for the other's message: nothing may be held back for more to come.
test('bidirectional streaming, message by message', async () => {
  const stream = (await client()).request(call('/Quotes/Talk'), { endStream: false })
  for (const word of ['one', 'two', 'three']) {
    stream.write(word)
    expect(await said(stream)).toBe(`echo ${word};`)
  }
  const answer = answerOf(stream)
  stream.end()
  expect((await answer).trailers).toMatchObject({ 'grpc-status': '0' })
})

test('trailers of a request reach the application', async () => {
  const stream = (await client()).request(call('/Quotes/Sum'), { endStream: false, waitForTrailers: true })
  stream.on('wantTrailers', () => stream.sendTrailers({ 'x-sum': '42' }))
  stream.end('40+2')
  expect((await answerOf(stream)).trailers).toMatchObject({ 'grpc-message': '42' })
})

// gRPC calls this "Trailers-Only": the head is the whole answer, and its clients tell it from a head whose trailers lack.
test('an error without a message is one head that ends its stream', async () => {
  const stream = (await client()).request(call('/Quotes/Refuse'), { endStream: false })
  let flags = 0
  stream.on('response', (_headers, given) => {
    flags = given
  })
  stream.end('x')
  const answer = await answerOf(stream)
  expect(answer.headers).toMatchObject({ 'grpc-status': '7', 'grpc-message': 'no' })
  const END_STREAM = 1
  expect(flags & END_STREAM).toBe(END_STREAM)
})

// A deadline that has passed at the caller is a cancel, and what works for nobody ends.
test('a cancel reaches the application, and costs no other call', async () => {
  const session = await client()
  const before = streams.length
  const stream = session.request(call('/Quotes/Hang'), { endStream: false })
  stream.on('error', () => {})
  stream.write('x')
  const there = await eventually('the call', () => streams[before])
  const other = session.request(call('/Quotes/Talk'), { endStream: false })
  other.write('one')
  expect(await said(other)).toBe('echo one;')
  stream.close(8)
  await eventually('the cancel', () => (there.stream.aborted ? true : undefined))
  other.write('two')
  expect(await said(other)).toBe('echo two;')
  other.end()
  await answerOf(other)
})

test('all calls share one connection to the application, which ends it as it likes', async () => {
  const before = sessions.length
  const session = await client()
  const many = await Promise.all(Array.from({ length: 50 }, () => ask(session, call('/Quotes/Get'), 'X')))
  expect(many.map(({ trailers }) => trailers['grpc-status'])).toEqual(Array.from({ length: 50 }, () => '0'))
  expect(sessions.length).toBeLessThanOrEqual(Math.max(1, before))
  sessions.at(-1)?.close()
  expect((await ask(session, call('/Quotes/Get'), 'X')).trailers).toMatchObject({ 'grpc-status': '0' })
})

// Whoever calls it in HTTP/1.1 gets its answer too.
test('a caller of HTTP/1.1 reaches it', async () => {
  const answer = await callThrough(shop.outbound, 'http://quotes/Quotes/Get', { method: 'POST', body: 'ACME' })
  expect(answer).toMatchObject({ status: 200, body: 'quote of ACME', trailers: { 'grpc-status': '0' } })
})

// What one kind of caller has in flight leaves room for the others.
import { connect, type Socket } from 'node:net'
import { eventually, startBackend } from '@heddle/testkit'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { callThrough, exchangeBytes } from './appClient.ts'
import { startTestMesh, type TestMesh, type TestNode } from './testMesh.ts'

const MAX_IN_FLIGHT = 4
let mesh: TestMesh
let catalog: TestNode
let shop: TestNode
let cart: TestNode
let backend: Awaited<ReturnType<typeof startBackend>>
beforeAll(async () => {
  mesh = await startTestMesh()
  backend = await startBackend((request, response) => {
    request.resume()
    if (request.url !== '/held') request.on('end', () => response.end('ok'))
  })
  catalog = await mesh.start('catalog', {
    appPort: backend.port,
    publicPort: 0,
    limits: { maxInFlight: MAX_IN_FLIGHT },
  })
  shop = await mesh.start('shop')
  cart = await mesh.start('cart')
  mesh.publish(catalog)
})
afterAll(async () => {
  await mesh[Symbol.asyncDispose]()
  await backend[Symbol.asyncDispose]()
})

const BEGUN_POST = 'POST /x HTTP/1.1\r\nHost: catalog\r\nContent-Length: 1000\r\n\r\n.'
const statusOf = async (port: number, url: string) => (await callThrough(port, url)).status

/** Requests of strangers whose body never comes to its end. */
async function holdPublicDoor(): Promise<Disposable> {
  const sockets: Socket[] = []
  for (let i = 0; i < MAX_IN_FLIGHT; i++) {
    const socket = connect(catalog.publicPort ?? 0, '127.0.0.1', () => socket.write(BEGUN_POST))
    socket.on('error', () => {})
    sockets.push(socket)
  }
  await eventually('the public door full', () => (catalog.path.inFlight === MAX_IN_FLIGHT ? true : undefined))
  return { [Symbol.dispose]: () => sockets.forEach((socket) => void socket.destroy()) }
}

// Strangers who begin requests and do not end them take nothing from the mesh, nor from what our application calls.
test('unfinished requests on the public port stand in nobody else’s way', async () => {
  using _held = await holdPublicDoor()
  const refused = await callThrough(catalog.publicPort ?? 0, '/x', { headers: { host: 'catalog' } })
  expect([refused.status, refused.headers['x-heddle-error']]).toEqual([503, 'overloaded'])
  expect(await statusOf(shop.outbound, 'http://catalog/x')).toBe(200)
  expect(await statusOf(catalog.outbound, 'http://catalog/x')).toBe(200)
})

// One calling service gets half of the mesh's door at most; another one still comes in.
test('one caller cannot take the whole inbound bound', async () => {
  await eventually('nothing in flight', () => (catalog.path.inFlight === 0 ? true : undefined))
  const held: Promise<unknown>[] = []
  for (let i = 0; i < MAX_IN_FLIGHT / 2; i++)
    held.push(callThrough(shop.outbound, 'http://catalog/held').catch(() => {}))
  await eventually('half in flight', () => (catalog.path.inFlight === MAX_IN_FLIGHT / 2 ? true : undefined))
  const refused = await callThrough(shop.outbound, 'http://catalog/x')
  expect([refused.status, refused.headers['x-heddle-error']]).toEqual([503, 'overloaded'])
  expect(await statusOf(cart.outbound, 'http://catalog/x')).toBe(200)
})

// A stranger's request has a time for the whole of it, however steadily it trickles …
test('a request that trickles in on the public port ends', async () => {
  const node = await mesh.start('slow', { appPort: backend.port, publicPort: 0, limits: { publicRequestMs: 200 } })
  const socket = connect(node.publicPort ?? 0, '127.0.0.1', () => socket.write(BEGUN_POST))
  const trickle = setInterval(() => socket.write('.'), 50)
  socket.on('error', () => {})
  await new Promise((resolve) => socket.once('close', resolve))
  clearInterval(trickle)
  await eventually('nothing in flight', () => (node.path.inFlight === 0 ? true : undefined))
})

// … and a shorter one in which something of it must come; a stream of the mesh may be quiet for longer.
test('a body that stops coming on the public port ends before a quiet stream of the mesh', async () => {
  const node = await mesh.start('still', { appPort: backend.port, publicPort: 0, limits: { publicBodyIdleMs: 200 } })
  const quiet = connect(node.outbound, '127.0.0.1', () => quiet.write(BEGUN_POST.replace('catalog', 'still')))
  quiet.on('error', () => {})
  mesh.publish(node)
  const { received } = await exchangeBytes(node.publicPort ?? 0, BEGUN_POST)
  expect(received).toMatch(/^HTTP\/1\.1 504 [\s\S]*x-heddle-error: timeout/i)
  expect(quiet.destroyed).toBe(false)
  expect(node.telemetry.requests).toMatchObject([{ source: 'public', meshError: 'timeout' }])
  quiet.destroy()
})

import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { expect, test } from 'vitest'
import { afterProbe, UNPROBED } from './appHealth.ts'
import { probe } from './appProbe.ts'

async function startServer(status: number, host = '127.0.0.1') {
  const server = createServer((_request, response) => {
    response.statusCode = status
    response.end()
  })
  await new Promise<void>((resolve, reject) => server.once('error', reject).listen(0, host, resolve))
  const { port } = server.address() as AddressInfo
  return { port, [Symbol.asyncDispose]: () => new Promise<void>((resolve) => server.close(() => resolve())) }
}

// Three failures in a row end readiness, one success brings it back; a lost probe is no outage.
test('counts failures in a row', () => {
  let health = afterProbe(UNPROBED, 'refused')
  expect(health.isReady).toBe(false)
  health = afterProbe(health, null)
  expect(health.isReady).toBe(true)
  const readiness = ['x', 'x', null, 'x', 'x', 'x', 'x', null].map((failure) => {
    health = afterProbe(health, failure)
    return health.isReady
  })
  expect(readiness).toEqual([true, true, true, true, true, false, false, true])
})

// Without a path a connection suffices, on either loopback address.
test.each(['127.0.0.1', '::1'])('finds an app on %s', async (host) => {
  await using server = await startServer(500, host)
  expect(await probe(server.port, null)).toBeNull()
})

test('says why there is no connection', async () => {
  const server = await startServer(200)
  await server[Symbol.asyncDispose]()
  expect(await probe(server.port, null)).toContain('ECONNREFUSED')
})

// With a path the answer must be 2xx or 3xx.
test.each([
  [200, null],
  [204, null],
  [302, null],
  [404, 'GET /ready answered 404'],
  [503, 'GET /ready answered 503'],
])('an answer of %i', async (status, expected) => {
  await using server = await startServer(status)
  expect(await probe(server.port, '/ready')).toBe(expected)
})

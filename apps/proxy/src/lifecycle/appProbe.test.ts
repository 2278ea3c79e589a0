import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { expect, test } from 'vitest'
import { afterProbe, pauseMs, UNPROBED } from './appHealth.ts'
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
  expect(await probe(server.port, null)).toEqual({ failure: null, wasAsked: true })
})

test('says why there is no connection', async () => {
  const server = await startServer(200)
  await server[Symbol.asyncDispose]()
  const { failure, wasAsked } = await probe(server.port, null)
  expect(failure).toContain('ECONNREFUSED')
  expect(wasAsked).toBe(false)
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
  expect(await probe(server.port, '/ready')).toEqual({ failure: expected, wasAsked: true })
})

// An app that listens is asked each second, ready or not; only one that does not listen yet is looked at more often,
// and not for ever.
test('asks each second, and looks for a port that is not open yet more often', () => {
  expect(pauseMs({ isReady: true, failures: 0, reason: null }, true)).toBe(1_000)
  expect(pauseMs({ isReady: false, failures: 1, reason: 'GET /ready answered 503' }, true)).toBe(1_000)
  expect(pauseMs({ isReady: false, failures: 1, reason: 'connect ECONNREFUSED' }, false)).toBe(100)
  expect(pauseMs({ isReady: false, failures: 101, reason: 'connect ECONNREFUSED' }, false)).toBe(1_000)
  // The first two failures of a ready app do not hurry the third.
  expect(pauseMs({ isReady: true, failures: 1, reason: 'connect ECONNREFUSED' }, false)).toBe(1_000)
})

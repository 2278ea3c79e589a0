import { once } from 'node:events'
import { createServer } from 'node:net'
import { FakeClock } from '@heddle/testkit/fakeClock'
import { expect, test } from 'vitest'
import { dialTcp } from './dial.ts'
import { Pool } from './pool.ts'

// A connection that is over before it begins, as with a certificate of our own that has expired, fails the request
// that waits for it: dialling for ever would hold the caller for ever.
test('fails a request whose connection is dead on arrival', async () => {
  const server = createServer((socket) => socket.on('error', () => {}).resume()).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  const port = typeof address === 'object' && address !== null ? address.port : 0
  const clock = new FakeClock()
  let dials = 0
  const dial = async () => {
    dials++
    return { socket: await dialTcp('127.0.0.1', port), peer: null, endAtMs: clock.now() }
  }
  const pool = new Pool(dial, { to: 'mesh', idleMs: 60_000 }, clock)
  const request = {
    method: 'GET',
    target: '/',
    authority: 'catalog',
    headers: [],
    body: null,
    contentLength: null,
    upgrade: null,
  }
  const outcome = await pool.send(request, () => {}).outcome
  expect(outcome).toMatchObject({ kind: 'failed', code: 'tls_failed' })
  expect(dials).toBe(1)
  pool.destroy()
  server.close()
})

import { Socket } from 'node:net'
import { FakeClock } from '@heddle/testkit'
import { expect, test } from 'vitest'
import { Connections } from './connections.ts'

const settle = () => new Promise(setImmediate)

function drainOf(connections: Connections) {
  const state = { isOver: false }
  void connections.drain(60_000, 60_000).then(() => {
    state.isOver = true
  })
  return state
}

// A client may send a request with the last bytes of its handshake: while one is under way, draining is not over.
test('draining waits for handshakes and for what comes with them', async () => {
  const connections = new Connections(new FakeClock())
  connections.opens()
  const drain = drainOf(connections)
  await settle()
  expect(drain.isOver).toBe(false)

  const connection = connections.add(new Socket(), { kind: 'app' })
  connections.began(connection)
  connections.opened()
  await settle()
  expect(drain.isOver).toBe(false)
  expect(connections.isDrained).toBe(false)
  expect(connection.isRetiring).toBe(true)

  connections.ended(connection)
  connection.socket.destroy()
  await settle()
  expect(drain.isOver).toBe(true)
  expect(connections.isDrained).toBe(true)
})

// A handshake that comes to nothing does not hold it up.
test('draining ends when a handshake has failed', async () => {
  const connections = new Connections(new FakeClock())
  connections.opens()
  const drain = drainOf(connections)
  connections.opened()
  await settle()
  expect(drain.isOver).toBe(true)
})

// The listener's end waits for its last connection: one whose handshake is over only then must not keep it.
test('a connection that comes after the end is ended', () => {
  const connections = new Connections(new FakeClock())
  connections.close()
  expect(connections.add(new Socket(), { kind: 'app' }).socket.destroyed).toBe(true)
})

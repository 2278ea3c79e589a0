// DATA is cut to what its taker has allowed: between two proxies a read of a socket is one frame, everybody else gets the
// frames that everybody takes, and nobody may send us larger ones than we have allowed.
import { expect, test } from 'vitest'
import { ClientConnection } from './clientConnection.ts'
import { LIMITS, MESH_LIMITS } from './limits.ts'
import { ServerConnection } from './serverConnection.ts'
import { block, data, framesIn, GET, headers, preface, settings, windowUpdate } from './testFrames.ts'

const END = 0x1
const END_HEADERS = 0x4
const BODY = Buffer.alloc(200_000, 'x')
const ANSWER = { status: 200, fields: [], contentLength: null }

/** Octets of the frames of DATA with which a server of the mesh answers a client that has said this first. */
function frameBytes(...said: Buffer[]): number[] {
  const connection = new ServerConnection(MESH_LIMITS)
  connection.feed(
    Buffer.concat([preface, ...said, windowUpdate(0, 1_000_000), headers(1, block(...GET), END_HEADERS | END)]),
    0,
  )
  for (let step = connection.next(); step !== 'more'; step = connection.next())
    if (step === 'head') {
      connection.respond(connection.stream, ANSWER, false)
      connection.send(connection.stream, BODY)
    }
  return framesIn(connection.take(1_000_000), { maxFrameBytes: 1_000_000 })
    .filter((frame) => frame.startsWith('DATA'))
    .map((frame) => JSON.parse(frame.slice(frame.indexOf('"'))).length)
}

test('who has said nothing of it gets frames of 16 KiB', () => {
  expect(frameBytes(settings([4, 1_000_000])).slice(0, 3)).toEqual([16_384, 16_384, 16_384])
})

test('frames are as large as the peer takes them, up to what is fair to other streams', () => {
  expect(frameBytes(settings([4, 1_000_000], [5, 20_000]))[0]).toBe(20_000)
  expect(frameBytes(settings([4, 1_000_000], [5, 1_000_000]))[0]).toBe(MESH_LIMITS.frameBytes)
})

test('two proxies allow each other large frames, and a caller in clear does not get that', () => {
  const said = (connection: { take(bytes: number): Buffer[] }, isServer: boolean) =>
    framesIn(connection.take(0), { isServer })[0]
  const large = `\\u0000\\u0005\\u0000\\u0001\\u0000\\u0000`
  expect(said(new ClientConnection(MESH_LIMITS), true)).toContain(large)
  expect(said(new ServerConnection(MESH_LIMITS), false)).toContain(large)
  expect(said(new ServerConnection(LIMITS), false)).not.toContain('\\u0000\\u0005')
})

test('a frame larger than was allowed ends the connection', () => {
  for (const limits of [LIMITS, MESH_LIMITS]) {
    const connection = new ServerConnection(limits)
    const frame = data(1, Buffer.alloc(limits.frameBytes + 1))
    connection.feed(Buffer.concat([preface, settings(), headers(1, block(...GET), END_HEADERS), frame]), 0)
    for (let step = connection.next(); step !== 'more' && step !== 'refused'; step = connection.next());
    expect(connection.fault?.detail).toBe('a frame larger than was allowed')
  }
})

// One connection carries a service's calls: the longer the line, the smaller the frames.
test('a small answer behind a hundred large ones waits no longer than frames of 16 KiB would make it', () => {
  const octetsBefore = (frameBytes: number): number => {
    const connection = new ServerConnection(MESH_LIMITS)
    const calls = Array.from({ length: 101 }, (_, i) => headers(1 + 2 * i, block(...GET), END_HEADERS | END))
    const allowed = [settings([4, 1_000_000], [5, frameBytes]), windowUpdate(0, 100_000_000)]
    connection.feed(Buffer.concat([preface, ...allowed, ...calls]), 0)
    let answered = 0
    for (let step = connection.next(); step !== 'more'; step = connection.next())
      if (step === 'head') {
        connection.respond(connection.stream, ANSWER, false)
        connection.send(connection.stream, ++answered <= 100 ? BODY : Buffer.from('small'))
      }
    const sent = Buffer.concat(connection.take(100_000_000))
    return sent.indexOf('small')
  }
  expect(octetsBefore(65_536)).toBe(octetsBefore(16_384))
})

// What a socket reads comes to its reader whole and in order, in clear or under TLS, whoever else has a hand in it: pauses,
// what was put back, other listeners, and the end.
import { once } from 'node:events'
import { connect, createServer, type Socket } from 'node:net'
import { connect as connectTls, createServer as createTlsServer } from 'node:tls'
import { createAuthority } from '@heddle/testkit'
import { expect, test } from 'vitest'
import { readDirectly } from './readDirectly.ts'

const KINDS = ['TCP', 'TLS'] as const
type Kind = (typeof KINDS)[number]

const authority = await createAuthority()
const { key, chain: cert } = await authority.service('catalog')

async function socketPair(kind: Kind): Promise<{ far: Socket; near: Socket } & AsyncDisposable> {
  const server = kind === 'TCP' ? createServer() : createTlsServer({ key, cert })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('no port')
  const to = { port: address.port, host: '127.0.0.1' }
  const near =
    kind === 'TCP' ? connect(to) : connectTls({ ...to, ca: authority.root, checkServerIdentity: () => undefined })
  const [[far]]: [Socket[], unknown] = await Promise.all([
    once(server, kind === 'TCP' ? 'connection' : 'secureConnection'),
    once(near, kind === 'TCP' ? 'connect' : 'secureConnect'),
  ])
  if (far === undefined) throw new Error('no connection')
  return {
    far,
    near,
    [Symbol.asyncDispose]: async () => {
      near.destroy()
      far.destroy()
      server.close()
      await once(server, 'close')
    },
  }
}

const MANY = Buffer.from(Array.from({ length: 1_000_000 }, (_, at) => at % 251))

// Otherwise all of this costs as much as a listener of 'data', and nobody would notice.
test.each(KINDS)('on the Node that we ship, what %s brings goes past the stream, up to its end', async (kind) => {
  await using pair = await socketPair(kind)
  const { near, far } = pair
  const chunks: Buffer[] = []
  readDirectly(near, (chunk) => chunks.push(chunk))
  const ended = once(near, 'end')
  far.end(MANY)
  await ended
  expect(Buffer.concat(chunks).equals(MANY)).toBe(true)
  expect(near.bytesRead).toBeGreaterThanOrEqual(MANY.length)
  expect(near.readableDidRead).toBe(false)
})

// Who pauses at each chunk and is read slowly holds up the other side, and gets all of it in the end.
test.each(KINDS)('a reader that pauses at each chunk gets all of it in order over %s', async (kind) => {
  await using pair = await socketPair(kind)
  const { near, far } = pair
  const chunks: Buffer[] = []
  readDirectly(near, (chunk) => {
    chunks.push(chunk)
    near.pause()
    setImmediate(() => near.resume())
  })
  const ended = once(near, 'end')
  far.end(MANY)
  await ended
  expect(Buffer.concat(chunks).equals(MANY)).toBe(true)
})

test.each(KINDS)('while it is paused the other side of %s is held up', async (kind) => {
  await using pair = await socketPair(kind)
  const { near, far } = pair
  let bytes = 0
  readDirectly(near, (chunk) => {
    bytes += chunk.length
    if (bytes < MANY.length) near.pause()
  })
  const large = Buffer.alloc(64 * MANY.length)
  far.end(large)
  await once(near, 'pause')
  // The stream has taken what it takes, and does not read on.
  while (near.readableLength < near.readableHighWaterMark) await new Promise(setImmediate)
  for (let i = 0; i < 10; i++) await new Promise(setImmediate)
  expect(bytes + near.readableLength).toBeLessThan(MANY.length)
  expect(far.writableLength).toBeGreaterThan(0)
  bytes = MANY.length
  const ended = once(near, 'end')
  near.resume()
  await ended
  expect(near.bytesRead).toBeGreaterThanOrEqual(large.length)
})

test('what was put back comes first', async () => {
  await using pair = await socketPair('TCP')
  const { near, far } = pair
  near.pause()
  near.unshift('put back, ')
  let text = ''
  readDirectly(near, (chunk) => {
    text += chunk.toString()
  })
  const ended = once(near, 'end')
  far.end('read')
  near.resume()
  await ended
  expect(text).toBe('put back, read')
})

test('another listener hears all that comes while it listens', async () => {
  await using pair = await socketPair('TCP')
  const { near, far } = pair
  const heard: string[] = []
  const note = (who: string) => (chunk: Buffer) => void heard.push(`${who} ${chunk}`)
  readDirectly(near, note('reader'))
  const other = note('other')
  for (const [word, change] of [
    ['one', () => {}],
    ['two', () => near.on('data', other)],
    ['three', () => near.off('data', other)],
  ] as const) {
    change()
    far.write(word)
    while (!heard.includes(`reader ${word}`)) await new Promise(setImmediate)
  }
  expect(heard).toEqual(['reader one', 'reader two', 'other two', 'reader three'])
})

// The TLS records of one read come without a tick between them, and so before the stream has given what it holds.
test('what comes before the stream goes on waits for its turn', async () => {
  await using pair = await socketPair('TCP')
  const { near } = pair
  const heard: string[] = []
  readDirectly(near, (chunk) => heard.push(chunk.toString()))
  near.pause()
  near.push(Buffer.from('one'))
  near.resume()
  near.push(Buffer.from('two'))
  await new Promise(setImmediate)
  expect(heard).toEqual(['one', 'two'])
})

// As a connection is handed over that a tunnel, a WebSocket or HTTP/2 goes on with.
test.each(
  KINDS.flatMap(
    (kind) =>
      [
        [kind, 'directly', readDirectly],
        [kind, 'from the stream', (socket: Socket, take: (chunk: Buffer) => void) => socket.on('data', take)],
      ] as const,
  ),
)(
  'stopped within a chunk of %s, whoever reads on %s gets all that follows, and what was put back',
  async (kind, _, readOn) => {
    await using pair = await socketPair(kind)
    const { near, far } = pair
    const first: string[] = []
    const rest: Buffer[] = []
    const ended = once(near, 'end')
    const stop = readDirectly(near, (chunk) => {
      first.push(chunk.toString())
      stop()
      near.pause()
      near.unshift(chunk.subarray(2))
      readOn(near, (later) => rest.push(later))
      near.resume()
      far.end(MANY)
    })
    far.write('one')
    await ended
    expect(first).toEqual(['one'])
    expect(Buffer.concat(rest).equals(Buffer.concat([Buffer.from('e'), MANY]))).toBe(true)
  },
)

test('a socket that its reader destroys gives no more', async () => {
  await using pair = await socketPair('TCP')
  const { near, far } = pair
  let chunks = 0
  readDirectly(near, () => {
    chunks++
    near.destroy()
  })
  const closed = once(near, 'close')
  far.on('error', () => {})
  far.write(MANY)
  await closed
  expect(chunks).toBe(1)
})

test('a reset is told as an error', async () => {
  await using pair = await socketPair('TCP')
  const { near, far } = pair
  readDirectly(near, () => {})
  far.resetAndDestroy()
  await expect(once(near, 'end')).rejects.toMatchObject({ code: 'ECONNRESET' })
})

// Research, 3b C: what is allowed but only costs ends with ENHANCE_YOUR_CALM, and soon; what a busy peer does, does not.
import { expect, test } from 'vitest'
import { ERROR } from './fault.ts'
import { FLAG, FRAME } from './frame.ts'
import { LIMITS, MESH_LIMITS } from './limits.ts'
import { ServerConnection } from './serverConnection.ts'
import {
  block,
  data,
  frame,
  GET,
  headers,
  POST,
  ping,
  preface,
  rstStream,
  settings,
  settingsAck,
  windowUpdate,
} from './testFrames.ts'

const get = (id: number) => headers(id, block(...GET), FLAG.END_HEADERS | FLAG.END_STREAM)
const post = (id: number, ...fields: string[]) => headers(id, block(...POST, ...fields))

function server(...frames: Buffer[]): ServerConnection {
  const connection = new ServerConnection(LIMITS)
  connection.feed(Buffer.concat([preface, settings(), ...frames]), 0)
  while (connection.next() !== 'more');
  return connection
}

/** How many turns it takes of `frames`, one a turn, until the connection is refused; each at its time. */
function turnsUntilCalm(
  connection: ServerConnection,
  frames: (turn: number) => Buffer,
  { turns = 20_000, everyMs = 0, isRead = true } = {},
): number | string {
  for (let turn = 0; turn < turns; turn++) {
    connection.feed(frames(turn), turn * everyMs)
    for (let step = connection.next(); step !== 'more'; step = connection.next()) {
      if (step === 'refused') return connection.fault?.code === 11 ? turn : `${connection.fault?.detail}`
    }
    if (isRead) connection.take(100_000)
  }
  return 'never'
}

test.each<[string, Buffer[], (turn: number) => Buffer]>([
  ['rapid reset (CVE-2023-44487)', [], (turn) => Buffer.concat([get(2 * turn + 1), rstStream(2 * turn + 1, 8)])],
  // CVE-2025-8671, where it is us who reset.
  ['malformed requests', [], (turn) => headers(2 * turn + 1, block('x', 'y'))],
  ['windows of nothing', [], (turn) => Buffer.concat([get(2 * turn + 1), windowUpdate(2 * turn + 1, 0)])],
  ['windows beyond', [], (turn) => Buffer.concat([get(2 * turn + 1), windowUpdate(2 * turn + 1, 0x7fffffff)])],
  ['data behind the end', [], (turn) => Buffer.concat([get(2 * turn + 1), data(2 * turn + 1, 'x')])],
  ['heads behind the end', [], (turn) => Buffer.concat([get(2 * turn + 1), get(2 * turn + 1)])],
  [
    'lengths that are not kept',
    [],
    (turn) => Buffer.concat([post(2 * turn + 1, 'content-length', '0'), data(2 * turn + 1, 'x')]),
  ],
  ['streams beyond the limit', Array.from({ length: 100 }, (_, i) => post(2 * i + 1)), (turn) => post(2 * turn + 201)],
  ['PING (CVE-2019-9512)', [], () => ping()],
  ['SETTINGS (CVE-2019-9515)', [], () => settings([4, 65_535])],
  ['acknowledgements', [], () => settingsAck],
  ['PRIORITY (CVE-2019-9513)', [], () => frame(FRAME.PRIORITY, 0, 1, '\0\0\0\0\x10')],
  ['empty DATA (CVE-2019-9518)', [post(1)], () => data(1, '')],
  ['DATA of padding', [post(1)], () => data(1, '\x08........', FLAG.PADDED)],
  ['unknown frames', [], () => frame(99, 0, 0)],
  ['resets of streams that are over', [post(1), rstStream(1, 8)], () => rstStream(1, 8)],
  ['GOAWAY', [], () => frame(FRAME.GOAWAY, 0, 0, '\0\0\0\0\0\0\0\0')],
])('%s', (_name, before, frames) => {
  const turn = turnsUntilCalm(server(...before), frames)
  expect(turn).toBeGreaterThan(800)
  expect(turn).toBeLessThan(1_010)
})

test('window-update games (CVE-2019-9517)', () => {
  expect(turnsUntilCalm(server(post(1)), () => windowUpdate(1, 1))).toBeLessThan(200)
})

// A peer that reads nothing is not answered without end (CVE-2019-9512, 9515): by number, whatever the time.
test.each<[string, (turn: number) => Buffer]>([
  ['acknowledgements', () => ping()],
  ['resets', (turn) => headers(2 * turn + 1, block('x', 'y'))],
])('%s that nobody reads', (_name, frames) => {
  const turn = turnsUntilCalm(server(), frames, { everyMs: 100, isRead: false })
  expect(turn).toBeGreaterThan(990)
  expect(turn).toBeLessThan(1_002)
})

// All the calls of a mesh connection may end at once, for whatever reason of ours: that is nobody's fault.
test('streams that we reset are no flood', () => {
  const connection = new ServerConnection(MESH_LIMITS)
  const opened = Array.from({ length: 1_000 }, (_, i) => post(2 * i + 1))
  connection.feed(Buffer.concat([preface, settings(), ...opened]), 0)
  const streams: (typeof connection.stream)[] = []
  while (connection.next() === 'head') streams.push(connection.stream)
  for (const stream of streams) connection.reset(stream, ERROR.CANCEL)
  connection.feed(Buffer.concat([ping(), data(1, 'x'), post(2_001)]), 0)
  expect([streams.length, connection.next(), connection.fault]).toEqual([1_000, 'head', undefined])
})

// CVE-2019-9511: a large answer fetched by the octet.
test('windows of drops', () => {
  const connection = server(windowUpdate(0, 1_000_000), settings([4, 1]), get(1))
  const { stream } = connection
  connection.respond(stream, { status: 200, fields: [], contentLength: null }, false)
  connection.send(stream, Buffer.alloc(60_000))
  expect(turnsUntilCalm(connection, () => windowUpdate(1, 1))).toBeLessThan(1_100)
})

// What a busy peer does for an hour: it cancels, probes, and keeps its windows open.
test('a peer that is only busy', () => {
  const connection = server(settings([4, 1_000_000]))
  const turn = turnsUntilCalm(
    connection,
    (turn) => {
      const id = 2 * turn + 1
      const frames = [post(id), data(id, 'x'.repeat(100)), ping()]
      return Buffer.concat(turn % 4 === 0 ? [...frames, rstStream(id, 8)] : [...frames, data(id, '', FLAG.END_STREAM)])
    },
    { everyMs: 10, turns: 99 },
  )
  expect(turn).toBe('never')
  const cancelling = turnsUntilCalm(
    server(),
    (turn) => Buffer.concat([get(2 * turn + 1), rstStream(2 * turn + 1, 8)]),
    {
      everyMs: 32,
      turns: 10_000,
    },
  )
  expect(cancelling).toBe('never')
  // gRPC measures its path with a PING for data that it sends, however fast that goes.
  expect(turnsUntilCalm(server(post(1)), () => Buffer.concat([data(1, 'x'), ping()]))).toBe('never')
})

// Frames are read the same whatever pieces they come in, and those that RFC 9113 forbids end the connection.
import { fuzz, seededRandom } from '@heddle/testkit'
import { expect, test } from 'vitest'
import { split } from '../http1/testReading.ts'
import { FLAG, FRAME, PREFACE } from './frame.ts'
import { FrameReader } from './frameReader.ts'
import { FrameWriter } from './frameWriter.ts'
import {
  data,
  frame,
  framesIn,
  goAway,
  headers,
  ping,
  rstStream,
  settings,
  settingsAck,
  uint32,
  windowUpdate,
} from './testFrames.ts'

const { ACK, END_STREAM, END_HEADERS, PADDED, PRIORITY } = FLAG
const first = settings()

test('every type of frame, with padding, priority and CONTINUATION, split anyhow', () => {
  const bytes = Buffer.concat([
    Buffer.from(PREFACE),
    settings([3, 100], [4, 65_535]),
    settingsAck,
    headers(1, '\x03\0\0\0\0\x10block\0\0\0', END_HEADERS | PADDED | PRIORITY),
    headers(3, 'one', END_STREAM),
    frame(FRAME.CONTINUATION, 0, 3, 'two'),
    frame(FRAME.CONTINUATION, END_HEADERS, 3, 'three'),
    data(1, 'hello'),
    data(1, '\x02padded\0\0', PADDED),
    data(1, '\x00', PADDED),
    data(1, '', END_STREAM),
    frame(FRAME.PRIORITY, 0, 5, '\0\0\0\0\x10'),
    ping(),
    rstStream(1, 8),
    windowUpdate(0, 10),
    frame(0xbe, 0xff, 77, 'whatever'),
    goAway(3, 0),
  ])
  const whole = framesIn([bytes], { isServer: true })
  expect(whole).toEqual([
    'SETTINGS 0 0 "\\u0000\\u0003\\u0000\\u0000\\u0000d\\u0000\\u0004\\u0000\\u0000ÿÿ"',
    'SETTINGS 1 0 ""',
    'HEADERS 2c 1 "block"',
    'HEADERS 1 3 "onetwothree"',
    'DATA 0 1 "hello"',
    'DATA 8 1 "padded"',
    'DATA 8 1 ""',
    'DATA 1 1 ""',
    'PRIORITY 0 5 "\\u0000\\u0000\\u0000\\u0000\\u0010"',
    'PING 0 0 "12345678"',
    'RST_STREAM 0 1 "\\u0000\\u0000\\u0000\\b"',
    'WINDOW_UPDATE 0 0 "\\u0000\\u0000\\u0000\\n"',
    '190 ff 77 ""',
    'GOAWAY 0 0 "\\u0000\\u0000\\u0000\\u0003\\u0000\\u0000\\u0000\\u0000"',
  ])
  const random = seededRandom(3)
  for (let i = 0; i < 300; i++) expect(framesIn(split(bytes, random), { isServer: true })).toEqual(whole)
  expect(
    framesIn(
      Array.from(bytes, (octet) => Buffer.from([octet])),
      { isServer: true },
    ),
  ).toEqual(whole)
})

// RFC 9113, 6.9.1: the whole payload counts, once, padding and its length included.
test('what DATA takes of the windows', () => {
  const reader = new FrameReader({ maxFrameBytes: 16_384, maxBlockBytes: 100 }, false)
  reader.feed(first)
  reader.next()
  const bytes = data(1, `\x04hello\0\0\0\0`, PADDED)
  const seen: unknown[] = []
  for (const octet of bytes) {
    reader.feed(Buffer.from([octet]))
    if (reader.next() === 'data') seen.push([reader.data.toString(), reader.frameBytes, reader.isLastPiece])
  }
  expect(seen).toEqual([
    ['h', 10, false],
    ['e', 0, false],
    ['l', 0, false],
    ['l', 0, false],
    ['o', 0, true],
  ])
})

const TOO_LONG = Buffer.alloc(16_385)
test.each<[string, Buffer[], string]>([
  ['no SETTINGS first', [ping()], '1: the first frame is not SETTINGS'],
  ['an acknowledgement first', [settingsAck], '1: the first frame is not SETTINGS'],
  ['a large frame', [first, data(1, TOO_LONG)], '6: a frame larger than was allowed'],
  ['a large frame of no type', [first, frame(99, 0, 0, TOO_LONG)], '6: a frame larger than was allowed'],
  ['DATA on 0', [first, data(0, 'x')], '1: a message without a stream'],
  ['HEADERS on 0', [first, headers(0, 'x')], '1: a message without a stream'],
  ['PRIORITY on 0', [first, frame(FRAME.PRIORITY, 0, 0, '12345')], '1: PRIORITY without a stream'],
  ['PRIORITY of four', [first, frame(FRAME.PRIORITY, 0, 1, '1234')], '6: PRIORITY of a wrong length'],
  ['PRIORITY of oneself', [first, frame(FRAME.PRIORITY, 0, 1, '\x80\0\0\x01\0')], '1: a stream that depends on itself'],
  [
    'HEADERS that depend on themselves',
    [first, headers(3, '\x01\0\0\0\x03\0x\0', END_HEADERS | PADDED | PRIORITY)],
    '1: a stream that depends on itself',
  ],
  ['RST_STREAM on 0', [first, rstStream(0, 1)], '1: RST_STREAM without a stream'],
  ['RST_STREAM of five', [first, frame(FRAME.RST_STREAM, 0, 1, '12345')], '6: RST_STREAM of a wrong length'],
  ['SETTINGS on 1', [frame(FRAME.SETTINGS, 0, 1)], '1: SETTINGS of a stream'],
  ['SETTINGS of seven', [frame(FRAME.SETTINGS, 0, 0, '1234567')], '6: SETTINGS of a wrong length'],
  ['SETTINGS ACK of six', [first, frame(FRAME.SETTINGS, ACK, 0, '123456')], '6: SETTINGS of a wrong length'],
  ['PUSH_PROMISE', [first, frame(FRAME.PUSH_PROMISE, 4, 1, uint32(2))], '1: PUSH_PROMISE'],
  ['PING on 1', [first, frame(FRAME.PING, 0, 1, '12345678')], '1: PING of a stream'],
  ['PING of seven', [first, frame(FRAME.PING, 0, 0, '1234567')], '6: PING of a wrong length'],
  ['GOAWAY on 1', [first, frame(FRAME.GOAWAY, 0, 1, uint32(0, 0))], '1: GOAWAY of a stream'],
  ['GOAWAY of four', [first, frame(FRAME.GOAWAY, 0, 0, uint32(0))], '6: GOAWAY of a wrong length'],
  ['WINDOW_UPDATE of three', [first, frame(FRAME.WINDOW_UPDATE, 0, 0, '123')], '6: WINDOW_UPDATE of a wrong length'],
  ['CONTINUATION alone', [first, frame(FRAME.CONTINUATION, 4, 1, 'x')], '1: CONTINUATION of nothing'],
  ['HEADERS within', [first, headers(1, 'x', 0), headers(3, 'x')], '1: another frame within a field section'],
  ['PING within', [first, headers(1, 'x', 0), ping()], '1: another frame within a field section'],
  ['no type within', [first, headers(1, 'x', 0), frame(99, 0, 1)], '1: another frame within a field section'],
  [
    'another CONTINUATION within',
    [first, headers(1, 'x', 0), frame(FRAME.CONTINUATION, 4, 3, 'x')],
    '1: another frame within a field section',
  ],
  ['DATA all padding', [first, data(1, '\x06hello', PADDED)], '1: more padding than frame'],
  ['DATA without the length of its padding', [first, data(1, '', PADDED)], '6: padding without its length'],
  ['HEADERS with more padding', [first, headers(1, '\x05four', END_HEADERS | PADDED)], '1: more padding than frame'],
  [
    'HEADERS too short',
    [first, headers(1, '\0\0\0', END_HEADERS | PRIORITY)],
    '6: HEADERS too short for what they announce',
  ],
])('%s', (_name, frames, fault) => {
  expect(framesIn(frames).at(-1)).toBe(`refused ${fault}`)
  expect(framesIn(Array.from(Buffer.concat(frames), (octet) => Buffer.from([octet]))).at(-1)).toBe(`refused ${fault}`)
})

// Research, 3b 44: bounded in octets and in frames, so that empty ones do not go on for ever either.
test('a flood of CONTINUATION', () => {
  const read = (fragment: string) => {
    const reader = new FrameReader({ maxFrameBytes: 16_384, maxBlockBytes: 32_768 }, false)
    reader.feed(Buffer.concat([first, headers(1, fragment, 0)]))
    let frames = 0
    for (let step = reader.next(); step !== 'refused'; step = reader.next())
      if (step === 'more') {
        reader.feed(frame(FRAME.CONTINUATION, 0, 1, fragment))
        frames++
      }
    return [frames, reader.fault?.code, reader.fault?.detail]
  }
  expect(read('')).toEqual([17, 11, 'a field section in too many frames'])
  expect(read('x'.repeat(16_384))).toEqual([2, 11, 'a field section too large'])
})

test.each(['GET / HTTP/1.1\r\nHost: a\r\n\r\n', '\x16\x03\x01', `${PREFACE.slice(0, 23)}x`])(
  '%j is not HTTP/2',
  (text) => {
    expect(framesIn([Buffer.from(text, 'latin1')], { isServer: true })).toEqual(['refused 1: this is not HTTP/2'])
  },
)

test('what is written is read', () => {
  const writer = new FrameWriter()
  writer.preface()
  writer.settings([
    [3, 100],
    [4, 70_000],
  ])
  writer.settingsAck()
  writer.ping(Buffer.from('abcdefgh'), true)
  writer.headers(1, 'x'.repeat(40_000), true)
  writer.headers(3, 'x'.repeat(32_768), false)
  writer.data(1, Buffer.from('..hello..'), 2, 7, false)
  writer.data(1, Buffer.alloc(16_384, 'y'), 0, 16_384, true)
  writer.rstStream(3, 8, false)
  writer.windowUpdate(0, 0x7fffffff)
  writer.goAway(5, { code: 11, detail: 'too much' })
  const waiting = writer.bytes
  const list = writer.take()
  // One list, and large data in it as it was given.
  expect(list.filter(({ length }) => length === 16_384)).toHaveLength(1)
  expect(list.reduce((sum, { length }) => sum + length, 0)).toBe(waiting)
  expect(framesIn(list, { isServer: true })).toEqual([
    'SETTINGS 0 0 "\\u0000\\u0003\\u0000\\u0000\\u0000d\\u0000\\u0004\\u0000\\u0001\\u0011p"',
    'SETTINGS 1 0 ""',
    'PING 1 0 "abcdefgh"',
    `HEADERS 1 1 "${'x'.repeat(40_000)}"`,
    `HEADERS 0 3 "${'x'.repeat(32_768)}"`,
    'DATA 0 1 "hello"',
    `DATA 1 1 "${'y'.repeat(16_384)}"`,
    'RST_STREAM 0 3 "\\u0000\\u0000\\u0000\\b"',
    'WINDOW_UPDATE 0 0 "\u007f\u00ff\u00ff\u00ff"',
    'GOAWAY 0 0 "\\u0000\\u0000\\u0000\\u0005\\u0000\\u0000\\u0000\\u000btoo much"',
  ])
  expect([writer.bytes, writer.take()]).toEqual([0, []])
})

// What was taken is the socket's: later frames must not write over it.
test('what was taken stays as it was', () => {
  const writer = new FrameWriter()
  const taken: Buffer[] = []
  for (let i = 0; i < 2_000; i++) {
    writer.data(1, Buffer.from(`${i}`), 0, `${i}`.length, false)
    if (i % 3 === 0) taken.push(...writer.take())
  }
  taken.push(...writer.take())
  expect(framesIn([first, ...taken]).slice(1)).toEqual(Array.from({ length: 2_000 }, (_, i) => `DATA 0 1 "${i}"`))
})

test('random octets end in a frame or a fault', () => {
  const { random, cases } = fuzz(9, 5_000)
  for (let i = 0; i < cases; i++) {
    const bytes = Buffer.from(Array.from({ length: 60 }, () => Math.floor(random() * (random() < 0.6 ? 10 : 256))))
    bytes[0] = bytes[1] = 0
    const chunks = [first, bytes]
    expect(framesIn(split(Buffer.concat(chunks), random))).toEqual(framesIn(chunks))
  }
})

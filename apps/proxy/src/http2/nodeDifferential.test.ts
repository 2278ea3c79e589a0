// Every request that our server takes is the same request to nghttp2, through Node's http2: its fields, body and trailers;
// what nghttp2 takes and we do not is on a list here, with its reason. Seeded and bounded here, without end in
// `npm run soak -- fuzz`; octets are mutations of well-formed conversations, so that both get far into them.
import { createServer, type IncomingHttpHeaders, type ServerHttp2Stream } from 'node:http2'
import { duplexPair } from 'node:stream'
import { fuzz, pickOne } from '@heddle/testkit'
import { expect, test } from 'vitest'
import { FLAG, FRAME } from './frame.ts'
import { integerText } from './hpack/integer.ts'
import { huffman } from './hpack/testHuffman.ts'
import { LIMITS } from './limits.ts'
import { ServerConnection } from './serverConnection.ts'
import { data, frame, ping, preface, rstStream, settings, windowUpdate } from './testFrames.ts'

/** What the PING says that ends a conversation. */
const LAST = 'the last'
/** In which Node gives out what one write has brought. */
const TURNS = 6

interface Seen {
  method: string
  target: string
  host: string
  fields: string
  body: string
  trailers: string
}

/** Fields as lines, without those that our reader takes apart. */
function lines(flat: readonly string[]): string {
  const list: string[] = []
  for (let i = 0; i < flat.length; i += 2)
    if (!/^(?::.*|host|content-length|expect)$/.test(flat[i] ?? '')) list.push(`${flat[i]}: ${flat[i + 1]}`)
  return list.join('\n')
}

async function readByNode(bytes: Buffer): Promise<Map<number, Seen>> {
  const whole = new Map<number, Seen>()
  const server = createServer()
  server.on('session', (session) => session.on('error', () => {}))
  server.on('sessionError', () => {})
  server.on('stream', (stream: ServerHttp2Stream, head: IncomingHttpHeaders, _flags, raw?: readonly string[]) => {
    const rawHead = raw ?? []
    let body = ''
    let trailers = ''
    stream.on('error', () => {})
    stream.on('trailers', (_fields, _flags, rawTrailers: readonly string[]) => {
      trailers = lines(rawTrailers)
    })
    stream.on('data', (chunk: Buffer) => {
      body += chunk.toString('latin1')
    })
    stream.on('end', () => {
      // It says so of a stream that was cut off, too.
      if (stream.aborted || stream.rstCode !== 0 || stream.id === undefined) return
      const method = head[':method'] ?? ''
      const host = head[':authority'] ?? head.host ?? ''
      whole.set(stream.id, { method, target: head[':path'] ?? host, host, fields: lines(rawHead), body, trailers })
    })
  })
  const [ours, theirs] = duplexPair()
  server.emit('connection', theirs)
  const gone = new Promise<void>((resolve) => theirs.once('close', resolve))
  ours.on('error', () => {})
  theirs.on('error', () => {})
  ours.resume()
  ours.write(bytes)
  // Its end would cut off what was read and not given out yet.
  for (let turn = 0; turn < TURNS; turn++) await new Promise((resolve) => setImmediate(resolve))
  ours.end()
  await gone
  return whole
}

interface Reading {
  whole: Map<number, Seen>
  /** Why streams, and the connection, were refused. */
  faults: string[]
  /** The last frame was read as one. nghttp2 looks into fields before their frame is whole, and may refuse them then. */
  isWhole: boolean
}

function readByUs(bytes: Buffer): Reading {
  const connection = new ServerConnection(LIMITS)
  const bodies = new Map<number, string>()
  const whole = new Map<number, Seen>()
  const faults: string[] = []
  connection.feed(bytes, 0)
  for (let step = connection.next(); step !== 'more' && step !== 'closed'; step = connection.next()) {
    if (step === 'refused') {
      faults.push(connection.fault?.detail ?? '')
      break
    }
    if (step === 'goaway' || step === 'pong') continue
    const { id, head, trailers, fault, refusal } = connection.stream
    if (step === 'data') bodies.set(id, (bodies.get(id) ?? '') + connection.data.toString('latin1'))
    if (step === 'reset') {
      if (fault?.by === 'connection') continue
      faults.push(fault?.detail ?? '')
      whole.delete(id)
    }
    if (step === 'refused_head') faults.push(refusal?.detail ?? '')
    if (step === 'end' && head !== undefined)
      whole.set(id, {
        method: head.method,
        target: head.target,
        host: head.host,
        fields: lines(head.fields),
        body: bodies.get(id) ?? '',
        trailers: lines(trailers),
      })
  }
  const isWhole = Buffer.concat(connection.take(0)).includes(LAST)
  return { whole, faults, isWhole }
}

function string(random: () => number, text: string): string {
  if (random() < 0.6) return integerText(text.length, 7, 0) + text
  const coded = huffman(text).toString('latin1')
  return integerText(coded.length, 7, 0x80) + coded
}

/** A conversation of up to four requests, in every form that frames and fields have. */
function conversation(random: () => number): Buffer {
  let isInTable = false
  const field = (name: string, value: string): string => {
    const kind = pickOne(random, ['\0', '\x10', '\x40'])
    if (kind === '\x40') isInTable = true
    return kind + string(random, name) + string(random, value)
  }
  const frames: Buffer[] = [preface, settings(...(random() < 0.3 ? [[4, 100_000] as [number, number]] : []))]
  const section = (id: number, block: string, isEnd: boolean): void => {
    const end = isEnd ? FLAG.END_STREAM : 0
    const form = random()
    if (form < 0.2) {
      const cut = Math.floor(random() * block.length)
      frames.push(frame(FRAME.HEADERS, end, id, block.slice(0, cut)))
      frames.push(frame(FRAME.CONTINUATION, FLAG.END_HEADERS, id, block.slice(cut)))
    } else if (form < 0.4)
      frames.push(
        frame(FRAME.HEADERS, end | FLAG.END_HEADERS | FLAG.PADDED | FLAG.PRIORITY, id, `\x02\0\0\0\0\x10${block}\0\0`),
      )
    else frames.push(frame(FRAME.HEADERS, end | FLAG.END_HEADERS, id, block))
  }
  for (let n = 0, count = 1 + Math.floor(random() * 4); n < count; n++) {
    const id = 2 * n + 1
    const body = 'z'.repeat(Math.floor(random() * 30))
    const hasBody = random() < 0.6
    const hasTrailers = hasBody && random() < 0.3
    let block = `${hasBody ? '\x83' : '\x82'}\x86`
    block += random() < 0.5 ? '\x84' : `\x04${string(random, '/a?b=c')}`
    block += `\x01${string(random, 'catalog')}`
    if (isInTable && random() < 0.5) block += '\xbe'
    if (random() < 0.5) block += field('x-a', pickOne(random, ['', 'b', 'a b', '\xe9']))
    if (random() < 0.3) block += field('te', 'trailers')
    if (hasBody && random() < 0.5) block += `\x0f\x0d${string(random, `${body.length}`)}`
    section(id, block, !hasBody)
    if (!hasBody) continue
    const cut = Math.floor(random() * body.length)
    frames.push(data(id, body.slice(0, cut)))
    if (random() < 0.2)
      frames.push(pickOne(random, [ping(), windowUpdate(0, 5), windowUpdate(id, 5), frame(99, 7, id, 'x')]))
    if (random() < 0.05) {
      frames.push(rstStream(id, 8))
      continue
    }
    const isPadded = random() < 0.2
    const rest = isPadded ? `\x03${body.slice(cut)}\0\0\0` : body.slice(cut)
    frames.push(data(id, rest, (isPadded ? FLAG.PADDED : 0) | (hasTrailers ? 0 : FLAG.END_STREAM)))
    if (hasTrailers) section(id, field('x-t', '1'), true)
  }
  const bytes = [...Buffer.concat(frames)]
  const from = preface.length + 9
  for (let n = Math.floor(random() * 3); n > 0; n--) {
    const at = from + Math.floor(random() * (bytes.length - from))
    const octet = random() < 0.5 ? Math.floor(random() * 256) : (bytes[at] ?? 0) ^ (1 << Math.floor(random() * 8))
    bytes.splice(at, random() < 0.8 ? 1 : 0, octet)
  }
  return Buffer.concat([Buffer.from(bytes), ping(LAST)])
}

/** What nghttp2 takes and we do not. */
const DELIBERATE: readonly string[] = [
  // It drops such a field and takes the rest; a request that has one is malformed (RFC 9113, 8.2.1).
  'a name of a field that is none',
  'a space around the value of a field',
  'a control character in the value of a field',
  // It takes a few characters more.
  'an authority that is none',
  // It does not look into the frames of a stream that it has given up or that is over.
  'DATA behind the end of its stream',
  'padding without its length',
  'more padding than frame',
]

test('what we take, nghttp2 takes the same way', async () => {
  const { random, cases } = fuzz(31, 1_500)
  let compared = 0
  const surprises: unknown[] = []
  for (let i = 0; i < cases; i++) {
    const bytes = conversation(random)
    const ours = readByUs(bytes)
    const theirs = await readByNode(bytes)
    // Where the connection is refused, whichever of what came before was given up already is a matter of time.
    for (const [id, seen] of ours.whole) {
      const other = theirs.get(id)
      if (other !== undefined) {
        compared++
        expect([i, id, seen]).toEqual([i, id, other])
      } else if (ours.isWhole && ours.faults.length === 0) surprises.push([i, id, 'only we', seen])
    }
    for (const [id, seen] of theirs)
      if (!ours.whole.has(id) && !ours.faults.some((fault) => DELIBERATE.includes(fault)))
        surprises.push([i, id, 'only nghttp2', ours.faults, seen])
  }
  expect(surprises).toEqual([])
  // Most of what is generated is read by both.
  expect(compared).toBeGreaterThan(cases)
})

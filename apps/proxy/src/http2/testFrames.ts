// For tests: frames made by hand, and bytes as the frames in them.

import type { Connection } from './connection.ts'
import { FLAG, FRAME, PREFACE } from './frame.ts'
import { FrameReader } from './frameReader.ts'
import { HpackDecoder } from './hpack/decoder.ts'
import { integerText } from './hpack/integer.ts'

export function frame(type: number, flags: number, streamId: number, payload: Buffer | string = ''): Buffer {
  const bytes = typeof payload === 'string' ? Buffer.from(payload, 'latin1') : payload
  const head = Buffer.alloc(9)
  head.writeUIntBE(bytes.length, 0, 3)
  head[3] = type
  head[4] = flags
  head.writeUInt32BE(streamId, 5)
  return Buffer.concat([head, bytes])
}

export const uint32 = (...values: number[]): Buffer => {
  const bytes = Buffer.alloc(4 * values.length)
  for (const [i, value] of values.entries()) bytes.writeUInt32BE(value, 4 * i)
  return bytes
}

export const settings = (...entries: [id: number, value: number][]): Buffer =>
  frame(
    FRAME.SETTINGS,
    0,
    0,
    Buffer.concat(entries.map(([id, value]) => Buffer.concat([Buffer.from([0, id]), uint32(value)]))),
  )
export const settingsAck = frame(FRAME.SETTINGS, FLAG.ACK, 0)
export const ping = (text = '12345678'): Buffer => frame(FRAME.PING, 0, 0, text)
export const windowUpdate = (streamId: number, bytes: number): Buffer =>
  frame(FRAME.WINDOW_UPDATE, 0, streamId, uint32(bytes))
export const rstStream = (streamId: number, code: number): Buffer => frame(FRAME.RST_STREAM, 0, streamId, uint32(code))
export const goAway = (lastStreamId: number, code: number): Buffer =>
  frame(FRAME.GOAWAY, 0, 0, uint32(lastStreamId, code))
export const data = (streamId: number, payload: string | Buffer, flags = 0): Buffer =>
  frame(FRAME.DATA, flags, streamId, payload)
export const headers = (streamId: number, block: string, flags: number = FLAG.END_HEADERS): Buffer =>
  frame(FRAME.HEADERS, flags, streamId, block)

const names = Object.fromEntries(Object.entries(FRAME).map(([name, type]) => [type, name]))

/** The frames in `bytes`, each as text: name, flags, stream, payload. DATA in pieces are put together. */
export function framesIn(
  chunks: readonly Buffer[],
  options: { isServer?: boolean; maxFrameBytes?: number } = {},
): string[] {
  const { isServer = false, maxFrameBytes = 16_384 } = options
  const reader = new FrameReader({ maxFrameBytes, maxBlockBytes: 1_000_000 }, isServer)
  const list: string[] = []
  let body = ''
  for (const chunk of chunks) {
    reader.feed(chunk)
    for (let step = reader.next(); step !== 'more'; step = reader.next()) {
      if (step === 'refused') return [...list, `refused ${reader.fault?.code}: ${reader.fault?.detail}`]
      if (step === 'data') body += reader.data.toString('latin1')
      if (step === 'data' && !reader.isLastPiece) continue
      const payload = step === 'data' ? body : reader.payload.toString('latin1')
      body = ''
      list.push(
        `${names[reader.type] ?? reader.type} ${reader.flags.toString(16)} ${reader.streamId} ${JSON.stringify(payload)}`,
      )
    }
  }
  return list
}

export const preface = Buffer.from(PREFACE, 'latin1')

/** A field section of literals, whatever they say. */
export function block(...fields: string[]): string {
  let text = ''
  for (let i = 0; i < fields.length; i += 2)
    text += `\x10${integerText(fields[i]?.length ?? 0, 7, 0)}${fields[i]}${integerText(fields[i + 1]?.length ?? 0, 7, 0)}${fields[i + 1]}`
  return text
}

export const GET = [':method', 'GET', ':scheme', 'http', ':path', '/', ':authority', 'catalog']
export const POST = [':method', 'POST', ':scheme', 'http', ':path', '/', ':authority', 'catalog']
export const OK = [':status', '200']

/** Every step until 'more' or the end, as text. */
export function stepsOf<Head>(connection: Connection<Head>): string[] {
  const list: string[] = []
  for (;;) {
    const step = connection.next()
    if (step === 'more') return list
    if (step === 'refused') return [...list, `refused ${connection.fault?.code}: ${connection.fault?.detail}`]
    if (step === 'closed') return [...list, step]
    if (step === 'goaway' || step === 'pong') {
      list.push(step)
      continue
    }
    const { id, fault, refusal, trailers } = connection.stream
    const more =
      step === 'data'
        ? ` ${connection.data.toString('latin1')}`
        : step === 'reset'
          ? ` ${fault?.code} by ${fault?.by}: ${fault?.detail}${fault?.isUnprocessed === true ? ' (unprocessed)' : ''}`
          : step === 'refused_head'
            ? ` ${refusal?.status}`
            : step === 'end' && trailers.length > 0
              ? ` ${trailers.join(' ')}`
              : ''
    list.push(`${step} ${id}${more}`)
  }
}

/** Feeds and steps. */
export function says<Head>(connection: Connection<Head>, ...frames: Buffer[]): string[] {
  connection.feed(Buffer.concat(frames), 0)
  return stepsOf(connection)
}

/** What the connection writes, as text; field sections as their fields. */
export function writes<Head>(connection: Connection<Head>, maxBytes = 1_000_000): string[] {
  const decoder = new HpackDecoder({ listBytes: 1_000_000, fields: 1_000 })
  const frames: string[] = []
  for (const text of framesIn([settings(), Buffer.concat(connection.take(maxBytes))]).slice(1)) {
    const [name = '', flags = '', id = '', ...rest] = text.split(' ')
    const payload = JSON.parse(rest.join(' '))
    const end = name !== 'SETTINGS' && name !== 'PING' && (Number.parseInt(flags, 16) & 1) === 1 ? ' end' : ''
    const ack = (name === 'SETTINGS' || name === 'PING') && flags === '1' ? ' ack' : ''
    const bytes = Buffer.from(payload, 'latin1')
    if (name === 'HEADERS') {
      decoder.decode(bytes)
      frames.push(`${id} ${decoder.fields.join(' ')}${end}`)
    } else if (name === 'DATA')
      frames.push(`${id} ${payload.length > 40 ? payload.length : JSON.stringify(payload)}${end}`)
    else if (name === 'RST_STREAM') frames.push(`${id} RST ${bytes.readUInt32BE(0)}`)
    else if (name === 'WINDOW_UPDATE') frames.push(`${id} WINDOW +${bytes.readUInt32BE(0)}`)
    else if (name === 'GOAWAY') frames.push(`GOAWAY ${bytes.readUInt32BE(0)} ${bytes.readUInt32BE(4)}`)
    else frames.push(`${name}${ack}`)
  }
  return frames
}

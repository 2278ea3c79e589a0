// For tests: frames made by hand, and bytes as the frames in them.
import { FLAG, FRAME, PREFACE } from './frame.ts'
import { FrameReader } from './frameReader.ts'

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
export function framesIn(chunks: readonly Buffer[], options: { isServer?: boolean } = {}): string[] {
  const { isServer = false } = options
  const reader = new FrameReader({ maxBlockBytes: 1_000_000, isServer })
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

export { PREFACE }

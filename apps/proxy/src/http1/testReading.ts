// For tests: what a reader makes of bytes, as one value that can be compared.
import type { MessageReader } from './messageReader.ts'

export const LIMITS = { bytes: 16 * 1024, fields: 100, lineBytes: 16 * 1024 }

export interface Reading<Head> {
  messages: { head: Head; body: string; trailers: readonly string[]; isWhole: boolean }[]
  /** How it ended: the last step, or the reason of the refusal. */
  end: string
  rest: string
}

/** Feeds the chunks one after the other, and reads after each as far as it goes; `isHeld`: only after the last one. */
export function readAll<Head>(
  reader: MessageReader<Head>,
  chunks: readonly Buffer[],
  options: { endsThere?: boolean; isHeld?: boolean } = {},
): Reading<Head> {
  const reading: Reading<Head> = { messages: [], end: 'more', rest: '' }
  const take = (step: string): boolean => {
    const last = reading.messages.at(-1)
    if (step === 'head') reading.messages.push({ head: reader.head, body: '', trailers: [], isWhole: false })
    else if (step === 'data' && last !== undefined) last.body += reader.data.toString('latin1')
    else if (step === 'end' && last !== undefined) {
      last.trailers = reader.trailers
      last.isWhole = true
    } else {
      reading.end = step === 'refused' ? `refused: ${reader.refusal?.reason} ${reader.refusal?.detail}` : step
      return false
    }
    return true
  }
  for (const [i, chunk] of chunks.entries()) {
    reader.feed(chunk)
    if (options.isHeld === true && i < chunks.length - 1) continue
    while (take(reader.next()));
  }
  if (options.endsThere === true && reading.end === 'more') while (take(reader.end()));
  if (reading.end === 'handover') reading.rest = reader.takeRest().toString('latin1')
  return reading
}

export function bytesOf(text: string): Buffer {
  return Buffer.from(text, 'latin1')
}

/** The bytes in pieces of random lengths, some of them one octet. */
export function split(bytes: Buffer, random: () => number): Buffer[] {
  const pieces: Buffer[] = []
  for (let at = 0; at < bytes.length; ) {
    const length = random() < 0.3 ? 1 : 1 + Math.floor(random() * 40)
    pieces.push(bytes.subarray(at, at + length))
    at += length
  }
  return pieces
}

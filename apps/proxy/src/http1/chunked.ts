// The chunked coding, undone (RFC 9112, 7.1). Sizes are plain hexadecimal, extensions are well-formed and dropped, and a
// body may not spend more on extensions than on data.
import { CR, IS_TEXT, LF } from './octets.ts'
import { malformed, type Refusal } from './refusal.ts'

/** 2^48 octets: nobody means more, and sums stay exact. Leading zeros count. */
const MAX_SIZE_DIGITS = 12
/** Of one line of a chunk. */
const MAX_LINE_BYTES = 512
/** Extensions beyond what there is data. Honest ones sign chunks of kilobytes. */
const MAX_EXCESS_BYTES = 16 * 1024
const EXTENSIONS =
  /^(?:;[!#$%&'*+\-.^_`|~0-9A-Za-z]+(?:=(?:[!#$%&'*+\-.^_`|~0-9A-Za-z]+|"(?:[\t \x21\x23-\x5b\x5d-\x7e\x80-\xff]|\\[\t \x21-\x7e\x80-\xff])*"))?)*$/

export type ChunkStep = 'more' | 'data' | 'last' | 'refused'

export class ChunkReader {
  /** After 'data': the piece is bytes[from, to). */
  from = 0
  to = 0
  /** After every step: what was read ends here. */
  at = 0
  refusal: Refusal | undefined
  #rest = 0
  #isBehindData = false
  #excess = 0

  begin(): void {
    this.#rest = 0
    this.#isBehindData = false
    this.#excess = 0
  }

  /** One step from `at` on; 'last': the zero chunk's line was read, trailers follow. */
  step(bytes: Buffer, at: number): ChunkStep {
    this.at = at
    if (this.#rest === 0) {
      if (this.#isBehindData) {
        if (bytes.length > at && bytes[at] !== CR) return this.#refuse('a chunk longer than it says')
        if (bytes.length > at + 1 && bytes[at + 1] !== LF) return this.#refuse('a CR without LF behind a chunk')
        if (bytes.length < at + 2) return 'more'
        this.#isBehindData = false
        this.at += 2
      }
      const step = this.#sizeLine(bytes, this.at)
      if (step !== 'data') return step
    }
    if (this.at === bytes.length) return 'more'
    this.from = this.at
    this.to = Math.min(bytes.length, this.at + this.#rest)
    this.at = this.to
    this.#rest -= this.to - this.from
    this.#isBehindData = this.#rest === 0
    return 'data'
  }

  #sizeLine(bytes: Buffer, start: number): ChunkStep {
    const bound = start + MAX_LINE_BYTES + 1
    const stop = Math.min(bytes.length, bound)
    let end = start
    while (end < stop && IS_TEXT[bytes[end] ?? 0] === 1) end++
    if (end === bound) return this.#refuse('the line of a chunk is too long')
    if (end === bytes.length) return 'more'
    if (bytes[end] !== CR) return this.#refuse('the line of a chunk does not end with CRLF')
    if (end + 1 === bytes.length) return 'more'
    if (bytes[end + 1] !== LF) return this.#refuse('the line of a chunk does not end with CRLF')
    let at = start
    let size = 0
    for (; at < end; at++) {
      const digit = hexDigit(bytes[at] ?? 0)
      if (digit < 0) break
      size = size * 16 + digit
    }
    if (at === start || at - start > MAX_SIZE_DIGITS) return this.#refuse('the size of a chunk is no number')
    if (at < end && !EXTENSIONS.test(bytes.toString('latin1', at, end)))
      return this.#refuse('a malformed chunk extension')
    this.#excess = Math.max(0, this.#excess + (end - at) - size)
    if (this.#excess > MAX_EXCESS_BYTES) return this.#refuse('more chunk extensions than data')
    this.at = end + 2
    this.#rest = size
    return size === 0 ? 'last' : 'data'
  }

  #refuse(detail: string): 'refused' {
    this.refusal = malformed(detail)
    return 'refused'
  }
}

function hexDigit(octet: number): number {
  if (octet >= 0x30 && octet <= 0x39) return octet - 0x30
  const letter = octet | 0x20
  return letter >= 0x61 && letter <= 0x66 ? letter - 0x57 : -1
}

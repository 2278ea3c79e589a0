// A section of lines: a head with its start line, or trailers. Scanned once, whatever pieces it comes in: what was seen
// of an incomplete section is kept as offsets, and the scan goes on behind it.
import { COLON, CR, HTAB, IS_TEXT, LF, SPACE, TOKEN_LOWER } from './octets.ts'
import { malformed, type Refusal, type RefusalReason, refuse } from './refusal.ts'

export interface HeadLimits {
  /** Octets of a head from its first to the last of the empty line, and of trailers alike. */
  readonly bytes: number
  /** Field lines, and again as many in trailers. */
  readonly fields: number
  /** Octets of one line without its end. */
  readonly lineBytes: number
}

/** Reads the start line in bytes[from, to); undefined where it is well-formed. */
export type StartLine = (bytes: Buffer, from: number, to: number) => Refusal | undefined

export const MORE = -1
export const REFUSED = -2

export class FieldSection {
  /** Of each field, relative to the section: first octet of the name, the colon, first of the value, behind its last. */
  readonly offsets: number[] = []
  /** How many of them are of this section; those behind are of one before, whose memory is used again. */
  offsetCount = 0
  refusal: Refusal | undefined
  readonly #limits: HeadLimits
  readonly #readStartLine: StartLine | null
  readonly #startLineTooLong: RefusalReason
  #isInStartLine = false
  #lineAt = 0
  #at = 0

  constructor(limits: HeadLimits, readStartLine: StartLine | null, startLineTooLong: RefusalReason) {
    this.#limits = limits
    this.#readStartLine = readStartLine
    this.#startLineTooLong = startLineTooLong
  }

  begin(): void {
    this.offsetCount = 0
    this.refusal = undefined
    this.#isInStartLine = this.#readStartLine !== null
    this.#lineAt = 0
    this.#at = 0
  }

  /**
   * Scans the section that begins at `start`. Its length with the empty line, MORE where `bytes` end before it, or
   * REFUSED. To be called again with the same start of the section and more behind it.
   */
  scan(bytes: Buffer, start: number): number {
    const { bytes: maxBytes, lineBytes } = this.#limits
    const end = bytes.length
    for (;;) {
      const line = start + this.#lineAt
      // The octet behind the bound is looked at too: it may be the CR that ends a line of just the length.
      const bound = Math.min(start + maxBytes, line + lineBytes + 1)
      let at = start + this.#at
      const stop = Math.min(end, bound)
      while (at < stop && IS_TEXT[bytes[at] ?? 0] === 1) at++
      this.#at = at - start
      if (at === bound) return this.#refuse(this.#tooLong())
      if (at === end) return MORE
      if (bytes[at] !== CR) return this.#refuse(malformed(badOctet(bytes[at])))
      if (at + 2 > start + maxBytes) return this.#refuse(this.#tooLong())
      if (at + 1 === end) return MORE
      if (bytes[at + 1] !== LF) return this.#refuse(malformed('a CR without LF'))
      this.#at += 2
      this.#lineAt = this.#at
      if (this.#isInStartLine) {
        this.#isInStartLine = false
        const refusal = this.#readStartLine?.(bytes, line, at)
        if (refusal !== undefined) return this.#refuse(refusal)
      } else if (at === line) return this.#at
      else {
        const refusal = this.#field(bytes, start, line, at)
        if (refusal !== undefined) return this.#refuse(refusal)
      }
    }
  }

  #field(bytes: Buffer, start: number, line: number, end: number): Refusal | undefined {
    let colon = line
    while (colon < end && TOKEN_LOWER[bytes[colon] ?? 0] !== 0) colon++
    if (colon === line || colon === end || bytes[colon] !== COLON) return malformed(badName(bytes, line, colon, end))
    if (this.offsetCount === 4 * this.#limits.fields)
      return refuse('head_too_large', `more than ${this.#limits.fields} header fields`)
    let from = colon + 1
    let to = end
    while (from < to && isSpace(bytes[from])) from++
    while (to > from && isSpace(bytes[to - 1])) to--
    const { offsets, offsetCount } = this
    offsets[offsetCount] = line - start
    offsets[offsetCount + 1] = colon - start
    offsets[offsetCount + 2] = from - start
    offsets[offsetCount + 3] = to - start
    this.offsetCount = offsetCount + 4
    return undefined
  }

  #tooLong(): Refusal {
    return this.#isInStartLine
      ? refuse(this.#startLineTooLong, 'the first line is too long')
      : refuse('head_too_large', 'the head is too large')
  }

  #refuse(refusal: Refusal): typeof REFUSED {
    this.refusal = refusal
    return REFUSED
  }
}

function isSpace(octet: number | undefined): boolean {
  return octet === SPACE || octet === HTAB
}

function badOctet(octet: number | undefined): string {
  return octet === LF ? 'an LF without CR' : 'a control character in a line'
}

function badName(bytes: Buffer, line: number, at: number, end: number): string {
  if (at === line && isSpace(bytes[at])) return 'a line that begins with a space (RFC 9112, 5.2)'
  if (at === end) return 'a field without a colon'
  if (at === line) return 'a field without a name'
  return isSpace(bytes[at]) ? 'a space before the colon (RFC 9112, 5.1)' : 'a name of a field that is none'
}

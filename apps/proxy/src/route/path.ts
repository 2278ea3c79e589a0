// The path of a request in its canonical form (RFC 3986, 6.2.2) and in its worst reading. Routing and forwarding use the
// canonical form; access rules are judged on both. What a target, a query or a host is: canonical.ts.

const SLASH = 0x2f
const PERCENT = 0x25
const DOT = 0x2e
const BACKSLASH = 0x5c
const SEMICOLON = 0x3b

/** What one character of a path means for its canonical form. */
const KEEP = 0
const ENCODE = 1
const REFUSE = 2
const ESCAPE = 3

/** Characters that RFC 3986, 3.3 does not allow in a path are percent-encoded, so that each path has one spelling. */
const CLASS_OF = Uint8Array.from({ length: 256 }, (_, code) => {
  if (code === PERCENT) return ESCAPE
  if (code <= 0x20 || code === 0x7f) return REFUSE
  if (code === 0x23 || code === 0x3f) return REFUSE // # and ? end a path
  if (code >= 0x80) return ENCODE
  return '"<>\\^`{|}'.includes(String.fromCharCode(code)) ? ENCODE : KEEP
})

/** ALPHA, DIGIT, "-", ".", "_" and "~" (RFC 3986, 2.3). */
const IS_UNRESERVED = Uint8Array.from({ length: 256 }, (_, code) =>
  /[A-Za-z0-9._~-]/.test(String.fromCharCode(code)) ? 1 : 0,
)

/** `%2F` for 0x2f: upper-case digits, as RFC 3986, 6.2.2.1 wants them. */
const ESCAPE_OF = Array.from({ length: 256 }, (_, code) => `%${code.toString(16).toUpperCase().padStart(2, '0')}`)

/** The path, or why it is none. */
export type PathReading = string | { readonly malformed: string }

/**
 * Unreserved characters decoded, other escapes in capitals, what a path may not carry encoded, dot segments removed
 * (RFC 3986, 5.2.4). `%2F`, `%5C`, `;` and `//` stay: package registries need them. Idempotent.
 */
export function readPath(raw: string): PathReading {
  if (raw.charCodeAt(0) !== SLASH) return { malformed: 'the path does not begin with "/"' }
  let needsRewrite = false
  let hasDotSegment = false
  for (let i = 0; i < raw.length; i++) {
    const code = raw.charCodeAt(i)
    const kind = code < 256 ? CLASS_OF[code] : REFUSE
    if (kind === REFUSE) return { malformed: 'the path has a character that is not allowed there' }
    if (kind !== KEEP) needsRewrite = true
    else if (code === DOT && raw.charCodeAt(i - 1) === SLASH) hasDotSegment = true
  }
  if (!needsRewrite) return hasDotSegment ? removeDotSegments(raw) : raw
  return rewrite(raw)
}

function rewrite(raw: string): PathReading {
  let path = ''
  let kept = 0
  for (let i = 0; i < raw.length; i++) {
    const code = raw.charCodeAt(i)
    const kind = CLASS_OF[code]
    if (kind === KEEP) continue
    path += raw.slice(kept, i)
    if (kind === ENCODE) {
      path += ESCAPE_OF[code]
      kept = i + 1
      continue
    }
    const byte = escapedByte(raw, i)
    if (byte < 0) return { malformed: 'the path has a "%" without two hexadecimal digits' }
    if (byte < 0x20 || byte === 0x7f) return { malformed: 'the path has an encoded control character' }
    path += IS_UNRESERVED[byte] === 1 ? String.fromCharCode(byte) : ESCAPE_OF[byte]
    i += 2
    kept = i + 1
  }
  path += raw.slice(kept)
  if (OVERLONG.test(path)) return { malformed: 'the path has an overlong UTF-8 sequence' }
  return path.includes('/.') ? removeDotSegments(path) : path
}

/** Longer encodings of a character than UTF-8 allows (RFC 3629, 3): a lenient decoder reads "/" or "." in them. */
const OVERLONG = /%C[01]%[89AB]|%E0%[89]|%F0%8/

/** The byte of the escape at `at`, -1 where there is none. */
function escapedByte(text: string, at: number): number {
  const high = hexDigit(text.charCodeAt(at + 1))
  const low = hexDigit(text.charCodeAt(at + 2))
  return high < 0 || low < 0 ? -1 : high * 16 + low
}

/** Value of a hexadecimal digit; -1 for anything else, NaN (past the end) included. */
function hexDigit(code: number): number {
  if (code >= 0x30 && code <= 0x39) return code - 0x30
  if (code >= 0x41 && code <= 0x46) return code - 0x37
  if (code >= 0x61 && code <= 0x66) return code - 0x57
  return -1
}

/** RFC 3986, 5.2.4. Empty segments are segments: `/a//../b` is `/a/b`. */
function removeDotSegments(path: string): string {
  const kept: string[] = []
  const segments = path.split('/')
  for (let i = 1; i < segments.length; i++) {
    const segment = segments[i] ?? ''
    const isLast = i === segments.length - 1
    if (segment === '..') kept.pop()
    else if (segment !== '.') kept.push(segment)
    if (isLast && (segment === '.' || segment === '..')) kept.push('')
  }
  return `/${kept.join('/')}`
}

/**
 * What the most careless server could make of a canonical path: percent-decoded until nothing changes, `\` as `/`,
 * `;parameters` dropped, slashes merged, and only then dot segments removed. The same string where there is nothing to
 * read worse. Its length bounds the work, however deep the encoding.
 */
export function worstReading(path: string): string {
  let isPlain = true
  for (let i = 0; i < path.length; i++) {
    const code = path.charCodeAt(i)
    if (
      code === PERCENT ||
      code === SEMICOLON ||
      code === BACKSLASH ||
      (code === SLASH && path.charCodeAt(i + 1) === SLASH)
    ) {
      isPlain = false
      break
    }
  }
  if (isPlain) return path
  const decoded = path.includes('%') ? decodeCompletely(path) : path
  const read = decoded
    .replaceAll('\\', '/')
    .replaceAll(/;[^/]*/g, '')
    .replaceAll(/\/{2,}/g, '/')
  return read.includes('/.') ? removeDotSegments(read) : read
}

/**
 * The fixed point of percent-decoding, overlong UTF-8 read as the character that it hides. The rules cannot overlap, so
 * that reducing at the end of a stack gives what repeated passes would, without a pass for each layer of `%2525…`.
 */
function decodeCompletely(text: string): string {
  const stack: number[] = []
  for (let i = 0; i < text.length; i++) {
    stack.push(text.charCodeAt(i))
    while (reduceEnd(stack)) {
      // Each step shortens the stack: a decoded character may complete the next escape.
    }
  }
  let decoded = ''
  for (const code of stack) decoded += String.fromCharCode(code)
  return decoded
}

/** Replaces an escape or an overlong sequence at the end of `stack`; false where there is none. */
function reduceEnd(stack: number[]): boolean {
  const size = stack.length
  const last = stack[size - 1] ?? -1
  if (stack[size - 3] === PERCENT) {
    const high = hexDigit(stack[size - 2] ?? -1)
    const low = hexDigit(last)
    if (high >= 0 && low >= 0) return replaceEnd(stack, 3, high * 16 + low)
  }
  if (last < 0x80 || last > 0xbf) return false
  const second = stack[size - 2] ?? -1
  if (second === 0xc0 || second === 0xc1) return replaceEnd(stack, 2, ((second & 1) << 6) | (last & 0x3f))
  const third = stack[size - 3] ?? -1
  if (third === 0xe0 && (second === 0x80 || second === 0x81))
    return replaceEnd(stack, 3, ((second & 1) << 6) | (last & 0x3f))
  if (stack[size - 4] === 0xf0 && third === 0x80 && (second === 0x80 || second === 0x81))
    return replaceEnd(stack, 4, ((second & 1) << 6) | (last & 0x3f))
  return false
}

function replaceEnd(stack: number[], count: number, code: number): true {
  stack.length -= count
  stack.push(code)
  return true
}

// What makes a field malformed by itself (RFC 9113, 8.2.1), judged on octets before they are text. Stricter than the RFC in
// one thing, as the HTTP/1.1 side is: no control character but the tab stands in a value.
import { COLON, HTAB, IS_TEXT, SPACE, TOKEN_LOWER } from '../../http1/octets.ts'

/** Of a name in bytes[from, to), with or without the colon of a pseudo-header field before it. */
export function nameFlaw(bytes: Buffer, from: number, to: number): string | null {
  const start = bytes[from] === COLON ? from + 1 : from
  if (start >= to) return 'a field without a name'
  for (let at = start; at < to; at++) {
    const octet = bytes[at] ?? 0
    if (TOKEN_LOWER[octet] === octet && octet !== 0) continue
    return TOKEN_LOWER[octet] === 0 ? 'a name of a field that is none' : 'a capital letter in the name of a field'
  }
  return null
}

export function valueFlaw(bytes: Buffer, from: number, to: number): string | null {
  for (let at = from; at < to; at++)
    if (IS_TEXT[bytes[at] ?? 0] !== 1) return 'a control character in the value of a field'
  return from < to && (isSpace(bytes[from]) || isSpace(bytes[to - 1])) ? 'a space around the value of a field' : null
}

function isSpace(octet: number | undefined): boolean {
  return octet === SPACE || octet === HTAB
}

// Ids of traces and requests, begun once for each request that has none: cut from random octets that are drawn many at a
// time, since three calls of `randomUUID` and the cutting of their hyphens were a tenth of what a request allocates.
import { randomFillSync } from 'node:crypto'

/** Of 200 requests. */
const octets = Buffer.alloc(8_000)
let at = octets.length

/** So many octets as hexadecimal digits, in lower case. */
export function randomHex(bytes: number): string {
  if (at + bytes > octets.length) {
    randomFillSync(octets)
    at = 0
  }
  const text = octets.toString('hex', at, at + bytes)
  at += bytes
  return text
}

/** A UUID of version 4 (RFC 9562, 5.4). */
export function randomUuid(): string {
  const hex = randomHex(16)
  const variant = VARIANT[Number.parseInt(hex.charAt(16), 16) & 3] ?? '8'
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-${variant}${hex.slice(17, 20)}-${hex.slice(20)}`
}

const VARIANT = ['8', '9', 'a', 'b']

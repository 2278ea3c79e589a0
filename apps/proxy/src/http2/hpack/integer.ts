// Integers of HPACK: the low bits of an octet, and where they are all ones, more octets of seven bits each
// (RFC 7541, 5.1).

/** Four octets behind the prefix: 2^28 and a little, more than any string or index that is taken. */
const MAX_MORE_OCTETS = 4

export const NOT_AN_INTEGER = -1

export class IntegerReader {
  /** Behind the integer that was read. */
  at = 0

  /** The integer that begins at `at` with `prefix` bits; NOT_AN_INTEGER where it has no end or is too large to be meant. */
  read(bytes: Buffer, at: number, end: number, prefix: number): number {
    if (at >= end) return NOT_AN_INTEGER
    const mask = (1 << prefix) - 1
    let value = (bytes[at] ?? 0) & mask
    this.at = at + 1
    if (value < mask) return value
    for (let shift = 0; shift < 7 * MAX_MORE_OCTETS; shift += 7) {
      if (this.at >= end) return NOT_AN_INTEGER
      const octet = bytes[this.at++] ?? 0
      value += (octet & 0x7f) << shift
      if (octet < 0x80) return value
    }
    return NOT_AN_INTEGER
  }
}

/** An integer as latin1 text, `flags` in the bits before its prefix. */
export function integerText(value: number, prefix: number, flags: number): string {
  const mask = (1 << prefix) - 1
  if (value < mask) return String.fromCharCode(flags | value)
  let text = String.fromCharCode(flags | mask)
  let rest = value - mask
  for (; rest >= 0x80; rest >>>= 7) text += String.fromCharCode((rest & 0x7f) | 0x80)
  return text + String.fromCharCode(rest)
}

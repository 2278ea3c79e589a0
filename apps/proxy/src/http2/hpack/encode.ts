// HPACK as latin1 text, to be written with one call for a whole block: an index where the static table has the field, and
// a literal otherwise. No dynamic table is used (a block then means the same wherever it lands, and nothing is kept for a
// connection) and no Huffman code (between two proxies it would cost more than the octets it saves). Blocks can therefore
// be made in any order. What is fixed of a field is made once for its name and kept.
//
// Literals are the never-indexed ones, because those must be passed on as such, and a list of fields does not say which of
// them came so (RFC 7541, 6.2.3).
import { integerText } from './integer.ts'
import { STATIC_TABLE } from './staticTable.ts'

/** Makes the peer's table empty, which is how large it stays: goes before the first block (RFC 7541, 4.2). */
export const EMPTY_TABLE_TEXT = integerText(0, 5, 0x20)

/** Names that come from whoever calls are kept up to this, and then forgotten together. */
const MAX_NAMES = 1_024

export interface NameCode {
  /** A literal up to the length of its value. */
  readonly literal: string
  /** Whole fields, by their values. */
  readonly indexed: ReadonlyMap<string, string> | null
}

const staticCodes = new Map<string, { literal: string; indexed: Map<string, string> }>()
for (const [at, [name, value]] of STATIC_TABLE.entries()) {
  const code = staticCodes.get(name) ?? { literal: integerText(at + 1, 4, 0x10), indexed: new Map<string, string>() }
  if (value !== '' || !name.startsWith(':')) code.indexed.set(value, integerText(at + 1, 7, 0x80))
  staticCodes.set(name, code)
}
const otherCodes = new Map<string, NameCode>()

/** Lengths below the prefix's end, which most values have. */
const LENGTHS = Array.from({ length: 127 }, (_, length) => integerText(length, 7, 0))

/** Both must be well-formed and latin1. */
export function fieldText(name: string, value: string): string {
  return codedText(codeOf(name), value)
}

export function codeOf(name: string): NameCode {
  return staticCodes.get(name) ?? otherCodes.get(name) ?? otherCode(name)
}

export function codedText(code: NameCode, value: string): string {
  const indexed = code.indexed?.get(value)
  return indexed ?? code.literal + (LENGTHS[value.length] ?? integerText(value.length, 7, 0)) + value
}

function otherCode(name: string): NameCode {
  if (otherCodes.size === MAX_NAMES) otherCodes.clear()
  const code = { literal: integerText(0, 4, 0x10) + integerText(name.length, 7, 0) + name, indexed: null }
  otherCodes.set(name, code)
  return code
}

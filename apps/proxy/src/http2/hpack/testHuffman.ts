// For tests: Huffman-coded strings, which our own encoder does not write.
import { HUFFMAN_CODES } from './huffmanCode.ts'

const bitsOf = new Map(
  HUFFMAN_CODES.map(({ symbol, length, code }) => [symbol, code.toString(2).padStart(length, '0')]),
)

/** Padded with ones, as the code wants it. */
export function huffman(text: string): Buffer {
  let bits = ''
  for (const octet of Buffer.from(text, 'latin1')) bits += bitsOf.get(octet) ?? ''
  return ofBits(bits + '1'.repeat((8 - (bits.length % 8)) % 8))
}

export function ofBits(bits: string): Buffer {
  return Buffer.from(bits.match(/.{8}/g)?.map((octet) => Number.parseInt(octet, 2)) ?? [])
}

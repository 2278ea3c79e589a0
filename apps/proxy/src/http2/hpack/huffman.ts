// Huffman-coded strings, decoded by an automaton: its states are the inner nodes of the code's tree, and half an octet is
// one step. No code is shorter than five bits, so a step gives one symbol at most, and the table is 16 KB, which stays in
// the processor's first cache.
import { EOS, HUFFMAN_CODES } from './huffmanCode.ts'

/** Of 2^8 inner nodes (a binary tree of 257 leaves), each with 16 steps: next state << 16 | flags | symbol. */
const steps = new Int32Array(256 * 16)
const GIVES_SYMBOL = 0x100
const FAILS = 0x200
/** 1 for the states in which a string may end: all bits since the last symbol are ones, and they are fewer than eight. */
const mayEnd = new Uint8Array(256)

buildTable()

/** What is not a string of this code. */
export const NOT_HUFFMAN = -1

/**
 * Decodes bytes[from, to) to `target`, which has room for 8/5 of it, and gives the length. NOT_HUFFMAN where EOS stands in
 * it, or where the padding is not the beginning of EOS or is a whole octet (RFC 7541, 5.2).
 */
export function decodeHuffman(bytes: Buffer, from: number, to: number, target: Buffer): number {
  let state = 0
  let length = 0
  for (let at = from; at < to; at++) {
    const octet = bytes[at] ?? 0
    let step = steps[(state << 4) | (octet >> 4)] ?? FAILS
    if ((step & GIVES_SYMBOL) !== 0) target[length++] = step
    let flags = step
    step = steps[((step >> 16) << 4) | (octet & 0xf)] ?? FAILS
    if ((step & GIVES_SYMBOL) !== 0) target[length++] = step
    flags |= step
    if ((flags & FAILS) !== 0) return NOT_HUFFMAN
    state = step >> 16
  }
  return mayEnd[state] === 1 ? length : NOT_HUFFMAN
}

/** How much room `decodeHuffman` may need: the shortest code has five bits. */
export function decodedBound(length: number): number {
  return Math.floor((length * 8) / 5)
}

function buildTable(): void {
  // A node is the two numbers of where a bit leads: another node, or LEAF + symbol.
  const LEAF = 1000
  const nodes: [number, number][] = [[-1, -1]]
  for (const { symbol, length, code } of HUFFMAN_CODES) {
    let at = 0
    for (let bit = length - 1; bit >= 0; bit--) {
      const node = nodes[at] ?? [-1, -1]
      const side = Math.floor(code / 2 ** bit) % 2 === 1 ? 1 : 0
      if (bit === 0) node[side] = LEAF + symbol
      else if (node[side] === -1) node[side] = nodes.push([-1, -1]) - 1
      at = node[side]
    }
  }
  for (let state = 0; state < nodes.length; state++)
    for (let half = 0; half < 16; half++) {
      let at = state
      let flags = 0
      for (let bit = 3; bit >= 0; bit--) {
        at = nodes[at]?.[((half >> bit) & 1) as 0 | 1] ?? 0
        if (at < LEAF) continue
        flags |= at === LEAF + EOS ? FAILS : GIVES_SYMBOL | (at - LEAF)
        at = 0
      }
      steps[state * 16 + half] = (at << 16) | flags
    }
  for (let ones = 0, at = 0; ones < 8 && at < LEAF; ones++, at = nodes[at]?.[1] ?? LEAF) mayEnd[at] = 1
}

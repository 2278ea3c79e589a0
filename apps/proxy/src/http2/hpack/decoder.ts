// Field sections out of HPACK (RFC 7541). A block is decoded to its end whatever it says, because the table that the peer
// builds with it belongs to the whole connection: a field that is malformed or too much is noted and left out, and costs
// its message only. What is not HPACK costs the connection.
//
// A literal that is not Huffman-coded (our own proxies send no others) is a substring of one text made of the whole block,
// and common names are found by their octets without an allocation, as in the HTTP/1.1 reader.
import { fieldName } from '../../http1/fieldNames.ts'
import { COLON } from '../../http1/octets.ts'
import { nameFlaw, valueFlaw } from './fieldFlaw.ts'
import { type Field, FieldTable, fieldBytes } from './fieldTable.ts'
import { decodedBound, decodeHuffman, NOT_HUFFMAN } from './huffman.ts'
import { IntegerReader, NOT_AN_INTEGER } from './integer.ts'

export interface ListLimits {
  /** Octets of a list, its names and values and 32 for each field (RFC 9113, 6.5.2). */
  readonly listBytes: number
  readonly fields: number
}

/** What every peer may take for granted (RFC 9113, 6.5.2), and we never announce another size. */
const TABLE_BYTES = 4_096
/** After a change, the smallest size that it had in between and the last (RFC 7541, 4.2). */
const MAX_SIZE_UPDATES = 2

/** Huffman strings become octets here first. One for the process: nothing is kept in it. */
let scratch = Buffer.alloc(1_024)

export class HpackDecoder {
  /** Of the block: names and values, alternating. Complete only where `flaw` is null and `isTooLarge` false. */
  fields: string[] = []
  /** Why the message is malformed, by the first field that is. */
  flaw: string | null = null
  isTooLarge = false
  readonly #limits: ListLimits
  readonly #table = new FieldTable(TABLE_BYTES)
  readonly #integers = new IntegerReader()
  #listBytes = 0
  #at = 0
  #block: Buffer = scratch
  #text: string | null = null
  /** Where the string that was read lies. */
  #bytes: Buffer = scratch
  #from = 0
  #to = 0

  constructor(limits: ListLimits) {
    this.#limits = limits
  }

  /** Why it is not HPACK (COMPRESSION_ERROR), or undefined. */
  decode(block: Buffer): string | undefined {
    this.fields = []
    this.flaw = null
    this.isTooLarge = false
    this.#listBytes = 0
    this.#block = block
    this.#text = null
    this.#at = 0
    const problem = this.#sizeUpdates() ?? this.#representations()
    this.#block = this.#bytes = scratch
    this.#text = null
    return problem
  }

  #sizeUpdates(): string | undefined {
    for (let count = 0; ((this.#block[this.#at] ?? 0) & 0xe0) === 0x20; count++) {
      const size = this.#integer(5)
      if (size === NOT_AN_INTEGER || size > TABLE_BYTES) return 'a larger table than is allowed'
      if (count === MAX_SIZE_UPDATES) return 'more changes of the table than can be meant'
      this.#table.resize(size)
    }
    return undefined
  }

  #representations(): string | undefined {
    const block = this.#block
    while (this.#at < block.length) {
      const octet = block[this.#at] ?? 0
      if (octet >= 0x80) {
        const entry = this.#table.at(this.#integer(7))
        if (entry === undefined) return 'an index of nothing'
        this.#take(entry.name, entry.value, entry.flaw)
        continue
      }
      const isKept = octet >= 0x40
      if (!isKept && octet >= 0x20) return 'a change of the table behind a field'
      const problem = this.#literal(isKept)
      if (problem !== undefined) return problem
    }
    return undefined
  }

  #take(name: string, value: string, flaw: string | null): void {
    this.#listBytes += fieldBytes(name, value)
    this.flaw ??= flaw
    if (this.#listBytes > this.#limits.listBytes || this.fields.length >= 2 * this.#limits.fields)
      this.isTooLarge = true
    if (!this.isTooLarge && this.flaw === null) this.fields.push(name, value)
  }

  #literal(isKept: boolean): string | undefined {
    const index = this.#integer(isKept ? 6 : 4)
    let name: string
    let flaw: string | null = null
    if (index === 0) {
      if (!this.#string()) return 'a name that is no string'
      flaw = nameFlaw(this.#bytes, this.#from, this.#to)
      name =
        flaw === null && this.#bytes[this.#from] !== COLON
          ? fieldName(this.#bytes, this.#from, this.#to)
          : this.#bytes.toString('latin1', this.#from, this.#to)
    } else {
      const named = this.#table.at(index)
      if (named === undefined) return 'an index of nothing'
      name = named.name
      flaw = nameFlawOf(named)
    }
    if (!this.#string()) return 'a value that is no string'
    const value = this.#value(isKept)
    flaw ??= valueFlaw(this.#bytes, this.#from, this.#to)
    this.#take(name, value, flaw)
    if (isKept) this.#table.add({ name, value, flaw })
    return undefined
  }

  /** A substring would keep the text of its whole block for as long as the table has it. */
  #value(isKept: boolean): string {
    if (isKept || this.#bytes !== this.#block) return this.#bytes.toString('latin1', this.#from, this.#to)
    this.#text ??= this.#block.toString('latin1')
    return this.#text.substring(this.#from, this.#to)
  }

  #string(): boolean {
    const block = this.#block
    const isHuffman = (block[this.#at] ?? 0) >= 0x80
    const length = this.#integer(7)
    const from = this.#at
    if (length === NOT_AN_INTEGER || length > block.length - from) return false
    this.#at = from + length
    this.#bytes = block
    this.#from = from
    this.#to = this.#at
    if (!isHuffman) return true
    const bound = decodedBound(length)
    if (scratch.length < bound) scratch = Buffer.alloc(bound)
    this.#bytes = scratch
    this.#from = 0
    this.#to = decodeHuffman(block, from, this.#at, scratch)
    return this.#to !== NOT_HUFFMAN
  }

  #integer(prefix: number): number {
    const value = this.#integers.read(this.#block, this.#at, this.#block.length, prefix)
    this.#at = this.#integers.at
    return value
  }
}

/** A name of an entry is refused wherever it is used, its value only with it. */
function nameFlawOf({ name, flaw }: Field): string | null {
  if (flaw === null) return null
  const bytes = Buffer.from(name, 'latin1')
  return nameFlaw(bytes, 0, bytes.length)
}

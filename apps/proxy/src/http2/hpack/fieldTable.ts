// What an index means (RFC 7541, 2.3): the static table, and behind it what the peer had us remember, newest first.
import { STATIC_TABLE } from './staticTable.ts'

export interface Field {
  readonly name: string
  readonly value: string
  /** Why a message with this field is malformed, or null. Known once, for however often it is referred to. */
  readonly flaw: string | null
}

/** What a field counts for, in the table and in a list of fields (RFC 7541, 4.1; RFC 9113, 6.5.2). */
export function fieldBytes(name: string, value: string): number {
  return name.length + value.length + 32
}

const statics: readonly Field[] = STATIC_TABLE.map(([name, value]) => ({ name, value, flaw: null }))

export class FieldTable {
  /** Oldest first. */
  readonly #entries: Field[] = []
  #size = 0
  #capacity: number

  constructor(capacity: number) {
    this.#capacity = capacity
  }

  /** In octets, as the peer's encoder has chosen it. */
  get capacity(): number {
    return this.#capacity
  }

  /** `index` as it is sent: 1 is the first of the static table. */
  at(index: number): Field | undefined {
    if (index <= statics.length) return statics[index - 1]
    return this.#entries[this.#entries.length - (index - statics.length)]
  }

  /** Evicts the oldest for its room; what is larger than the table empties it (RFC 7541, 4.4). */
  add(entry: Field): void {
    const bytes = fieldBytes(entry.name, entry.value)
    this.#evictTo(this.#capacity - bytes)
    if (bytes > this.#capacity) return
    this.#entries.push(entry)
    this.#size += bytes
  }

  resize(capacity: number): void {
    this.#capacity = capacity
    this.#evictTo(capacity)
  }

  #evictTo(size: number): void {
    while (this.#size > size) {
      const oldest = this.#entries.shift()
      if (oldest === undefined) return
      this.#size -= fieldBytes(oldest.name, oldest.value)
    }
  }
}

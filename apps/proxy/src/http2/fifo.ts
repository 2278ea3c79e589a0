// A line whose memory stays: of an array that is pushed to and shifted from, V8 makes a new store for nearly every entry.

const FIRST_SLOTS = 16

export class Fifo<T> {
  #size = 0
  /** A power of two. */
  #slots: (T | undefined)[] = emptySlots(FIRST_SLOTS)
  #from = 0

  get size(): number {
    return this.#size
  }

  push(item: T): void {
    if (this.#size === this.#slots.length) this.#grow()
    this.#slots[(this.#from + this.#size) & (this.#slots.length - 1)] = item
    this.#size++
  }

  shift(): T | undefined {
    if (this.#size === 0) return undefined
    const item = this.#slots[this.#from]
    this.#slots[this.#from] = undefined
    this.#from = (this.#from + 1) & (this.#slots.length - 1)
    this.#size--
    return item
  }

  /** Wherever it stands. */
  remove(item: T): void {
    for (let left = this.#size; left > 0; left--) {
      const other = this.shift()
      if (other !== undefined && other !== item) this.push(other)
    }
  }

  #grow(): void {
    const slots = emptySlots<T>(2 * this.#slots.length)
    for (let i = 0; i < this.#size; i++) slots[i] = this.#slots[(this.#from + i) & (this.#slots.length - 1)]
    this.#slots = slots
    this.#from = 0
  }
}

function emptySlots<T>(count: number): (T | undefined)[] {
  return Array.from({ length: count }, () => undefined)
}

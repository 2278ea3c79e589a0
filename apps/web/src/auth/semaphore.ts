// So many at once, and no more in line than are worth waiting for. Pure but for what it counts.

export class Semaphore {
  #free: number
  readonly #mostWaiting: number
  readonly #waiting: (() => void)[] = []

  constructor(places: number, mostWaiting: number) {
    this.#free = places
    this.#mostWaiting = mostWaiting
  }

  /** Resolves, in order of coming, to a place that is given back when disposed; null: too many wait already. */
  async enter(): Promise<Disposable | null> {
    if (this.#free === 0) {
      if (this.#waiting.length >= this.#mostWaiting) return null
      await new Promise<void>((resolve) => this.#waiting.push(resolve))
    } else this.#free--
    let isHeld = true
    return {
      [Symbol.dispose]: () => {
        if (!isHeld) return
        isHeld = false
        const next = this.#waiting.shift()
        if (next === undefined) this.#free++
        else next()
      },
    }
  }
}

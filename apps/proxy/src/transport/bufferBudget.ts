// What all connections of HTTP/2 together may keep of bodies on their way. Each stream is bounded by its windows and each
// connection by its streams; but many of both, each with a reader that stands still, would be more than a proxy has.

export class BufferBudget {
  readonly #limitBytes: number
  #bytes = 0

  constructor(limitBytes: number) {
    this.#limitBytes = limitBytes
  }

  get bytes(): number {
    return this.#bytes
  }

  /** Nothing new is to be taken on until some of what there is has left. */
  get isSpent(): boolean {
    return this.#bytes >= this.#limitBytes
  }

  change(bytes: number): void {
    this.#bytes += bytes
  }
}

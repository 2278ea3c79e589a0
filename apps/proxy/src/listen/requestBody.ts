// The body of a request between the connection that reads it and whoever takes it.
import { Readable } from 'node:stream'
import type { HeaderList } from './exchange.ts'

export class RequestBody extends Readable {
  /** Behind its end. */
  trailers: HeaderList = []
  readonly #onWanted: () => void
  #isWanted = false

  /** `onWanted`: somebody wants more, where nobody did. `heldBytes`: what may lie here before nobody does. */
  constructor(onWanted: () => void, heldBytes?: number) {
    super(heldBytes === undefined ? undefined : { highWaterMark: heldBytes })
    this.#onWanted = onWanted
  }

  /** Something may be added. */
  get isWanted(): boolean {
    return this.#isWanted
  }

  add(chunk: Buffer): void {
    this.#isWanted = this.push(chunk)
  }

  end(trailers: HeaderList): void {
    this.trailers = trailers
    this.push(null)
  }

  override _read(): void {
    if (this.#isWanted) return
    this.#isWanted = true
    this.#onWanted()
  }
}

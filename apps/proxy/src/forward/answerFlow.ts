// The body of an answer between the connection that reads it and whoever takes it: held until somebody reads, and while
// the reader wants no more.
import type { HeaderList } from '../listen/exchange.ts'
import type { AnswerBody, BodyReader, Failure } from './upstream.ts'

export interface FlowEvents {
  /** Somebody wants more, where nobody did. */
  onWanted(): void
  /** Nobody wants the rest. */
  onAborted(): void
}

export class AnswerFlow implements AnswerBody {
  readonly #events: FlowEvents
  #reader: BodyReader | undefined
  #isWaiting = false
  #isOver = false
  /** How it ended, while nobody reads. */
  #ending: ((reader: BodyReader) => void) | undefined
  #onFlowing: (() => void) | undefined

  constructor(events: FlowEvents) {
    this.#events = events
  }

  /** Nothing is to be given to it now. */
  get isHeld(): boolean {
    return !this.#isOver && (this.#reader === undefined || this.#isWaiting)
  }

  /** Called once, when it is not held any more and what was there has been given. */
  onFlowing(action: () => void): void {
    this.#onFlowing = action
  }

  read(reader: BodyReader): void {
    this.#reader = reader
    if (this.#ending === undefined) this.#flow()
    else this.#ending(reader)
  }

  resume(): void {
    if (!this.#isWaiting) return
    this.#isWaiting = false
    this.#flow()
  }

  abort(): void {
    if (this.#isOver) return
    this.#isOver = true
    this.#events.onAborted()
  }

  data(chunk: Buffer): void {
    if (this.#isOver || this.#reader === undefined) return
    if (!this.#reader.data(chunk)) this.#isWaiting = true
  }

  end(trailers: HeaderList): void {
    this.#finish((reader) => reader.end(trailers))
  }

  /** What is held is not delivered first: the answer is broken anyway. */
  failed(failure: Failure): void {
    this.#finish((reader) => reader.failed(failure))
  }

  #finish(ending: (reader: BodyReader) => void): void {
    if (this.#isOver) return
    this.#isOver = true
    if (this.#reader === undefined) this.#ending = ending
    else ending(this.#reader)
  }

  #flow(): void {
    this.#events.onWanted()
    if (this.isHeld || this.#onFlowing === undefined) return
    const action = this.#onFlowing
    this.#onFlowing = undefined
    action()
  }
}

// One request over HTTP/2 and the body of its answer, from the line in which it may wait for a connection to its end. One
// object for all of it, because there are as many as there are requests.
import { BodyQueue } from '../http2/bodyQueue.ts'
import type { HeaderList } from '../listen/exchange.ts'
import type { BufferBudget } from '../transport/bufferBudget.ts'
import { overloaded } from './classifyError.ts'
import type {
  Answer,
  AnswerBody,
  BodyReader,
  Failure,
  Outcome,
  OutcomeListener,
  OutgoingRequest,
  Sending,
} from './upstream.ts'

/** Where a request is: in a line, or on a stream. */
export interface Carrier {
  /** Nobody wants it any more, and it is to be forgotten. Gives what is said of it where it has no answer. */
  leave(request: Http2Request): Failure
  /** So many octets of its answer's body are out of the way. */
  consumed(request: Http2Request, bytes: number): void
}

export class Http2Request implements Sending, AnswerBody {
  readonly outgoing: OutgoingRequest
  readonly inform: (status: number, headers: HeaderList) => void
  readonly #budget: BufferBudget
  #carrier: Carrier
  /** Of its stream; 0 while it waits for one. */
  #id = 0
  #outcome: Outcome | undefined
  #listener: OutcomeListener | undefined
  /** Where somebody would rather wait for one. */
  #promise: Promise<Outcome> | undefined
  /** Nothing more comes of it, or nobody wants it. */
  #isOver = false
  #reader: BodyReader | undefined
  /** The reader wants no more for now … */
  #isWaiting = false
  /** … and has so many octets that it has not passed on. */
  #passing = 0
  #held: BodyQueue | undefined
  #heldBytes = 0
  #ending: { trailers: HeaderList } | { failure: Failure } | undefined

  constructor(
    outgoing: OutgoingRequest,
    inform: (status: number, headers: HeaderList) => void,
    budget: BufferBudget,
    carrier: Carrier,
  ) {
    this.outgoing = outgoing
    this.inform = inform
    this.#budget = budget
    this.#carrier = carrier
  }

  // For whoever has sent it.

  get outcome(): Promise<Outcome> {
    this.#promise ??= new Promise((resolve) => this.whenSettled({ settled: resolve }))
    return this.#promise
  }

  whenSettled(listener: OutcomeListener): void {
    if (this.#outcome === undefined) this.#listener = listener
    else listener.settled(this.#outcome)
  }

  abort(): void {
    if (this.#isOver) return
    this.#isOver = true
    const failure = this.#carrier.leave(this)
    this.outgoing.body?.abort()
    this.#release()
    this.#ending = this.#reader === undefined ? { failure } : undefined
    this.#settle(failure)
  }

  read(reader: BodyReader): void {
    this.#reader = reader
    this.#flow()
  }

  resume(): void {
    if (!this.#isWaiting) return
    this.#isWaiting = false
    const bytes = this.#passing
    this.#passing = 0
    if (!this.#isOver) this.#carrier.consumed(this, bytes)
    this.#flow()
  }

  // For whoever carries it.

  get id(): number {
    return this.#id
  }

  /** Its outcome is known. */
  get isSettled(): boolean {
    return this.#outcome !== undefined
  }

  carryBy(carrier: Carrier, id: number): void {
    this.#carrier = carrier
    this.#id = id
  }

  /** Another protocol carries it, and gives its outcome. */
  handOver(sending: Sending): void {
    const gone: Failure = overloaded('the request was broken off', true)
    this.#carrier = {
      leave: () => {
        sending.abort()
        return gone
      },
      consumed: () => {},
    }
    sending.whenSettled({ settled: (outcome) => this.#settle(outcome) })
  }

  answered(status: number, headers: HeaderList): void {
    const answer: Answer = { kind: 'answered', status, statusText: '', headers, body: this }
    this.#settle(answer)
  }

  data(chunk: Buffer): void {
    if (this.#isOver) return
    if (this.#reader !== undefined && !this.#isWaiting && this.#heldBytes === 0) {
      this.#pass(this.#reader, chunk)
      return
    }
    this.#held ??= new BodyQueue()
    this.#held.add(chunk)
    this.#heldBytes += chunk.length
    this.#budget.change(chunk.length)
  }

  /** The answer is whole. */
  end(trailers: HeaderList): void {
    this.outgoing.body?.abort()
    this.#ending = { trailers }
    this.#flow()
  }

  /** What is held is not delivered first: the answer is broken anyway. */
  failed(failure: Failure): void {
    if (this.#isOver) return
    this.outgoing.body?.abort()
    this.#release()
    this.#ending = { failure }
    this.#settle(failure)
    this.#flow()
  }

  #settle(outcome: Outcome): void {
    if (this.#outcome !== undefined) return
    this.#outcome = outcome
    this.#listener?.settled(outcome)
  }

  #flow(): void {
    const reader = this.#reader
    if (reader === undefined) return
    for (;;) {
      if (this.#isWaiting && this.#heldBytes > 0) return
      const piece = this.#held?.first
      if (piece === undefined) break
      this.#held?.take(piece.length)
      this.#heldBytes -= piece.length
      this.#budget.change(-piece.length)
      this.#pass(reader, piece)
    }
    if (this.#ending === undefined) return
    this.#isOver = true
    const ending = this.#ending
    this.#ending = undefined
    if ('failure' in ending) reader.failed(ending.failure)
    else reader.end(ending.trailers)
  }

  #pass(reader: BodyReader, piece: Buffer): void {
    if (reader.data(piece)) {
      if (!this.#isOver) this.#carrier.consumed(this, piece.length)
      return
    }
    this.#isWaiting = true
    this.#passing += piece.length
  }

  #release(): void {
    this.#budget.change(-this.#heldBytes)
    this.#heldBytes = 0
    this.#held?.clear()
  }
}

// One request over HTTP/1.1 and the body of its answer, from the turn in which it waits to its end. One object for all of
// it, because there are as many as there are requests. What comes of the body is held by its connection until somebody
// reads, and while the reader wants no more.
import type { HeaderList } from '../listen/exchange.ts'
import type { Progress } from './classifyError.ts'
import type { BodyEvents, SentBody } from './sentBody.ts'
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

/** The connection, as far as one request needs it. */
export interface Http1Carrier {
  /** Somebody wants more of the answer, where nobody did. */
  wanted(): void
  /** Nobody wants it any more: the connection ends. Gives what is said of it where it has no answer. */
  leave(request: Http1Request, why: Error): Failure
}

export class Http1Request implements Sending, AnswerBody, BodyEvents, Progress {
  readonly outgoing: OutgoingRequest
  readonly inform: (status: number, headers: HeaderList) => void
  readonly onFree: () => void
  readonly isConnected = true
  readonly isReused: boolean
  hasSentBytes = false
  hasAnswerBytes = false
  /** It was begun to be written. */
  hasBegun = false
  hasSentAll = false
  sentBody: SentBody | undefined
  readonly #carrier: Http1Carrier
  #outcome: Outcome | undefined
  #listener: OutcomeListener | undefined
  /** Where somebody asked for a promise. */
  #promised: PromiseWithResolvers<Outcome> | undefined
  #isAnswered = false
  #reader: BodyReader | undefined
  /** The reader wants no more for now. */
  #isWaiting = false
  /** Nothing more comes of it, or nobody wants it. */
  #isOver = false
  /** How it ended, while nobody reads. */
  #ending: { trailers: HeaderList } | { failure: Failure } | undefined
  #onFlowing: (() => void) | undefined

  constructor(
    outgoing: OutgoingRequest,
    inform: (status: number, headers: HeaderList) => void,
    onFree: () => void,
    carrier: Http1Carrier,
    isReused: boolean,
  ) {
    this.outgoing = outgoing
    this.inform = inform
    this.onFree = onFree
    this.#carrier = carrier
    this.isReused = isReused
  }

  // For whoever has sent it.

  get outcome(): Promise<Outcome> {
    this.#promised ??= Promise.withResolvers<Outcome>()
    if (this.#outcome !== undefined) this.#promised.resolve(this.#outcome)
    return this.#promised.promise
  }

  whenSettled(listener: OutcomeListener): void {
    if (this.#outcome === undefined) this.#listener = listener
    else listener.settled(this.#outcome)
  }

  abort(): void {
    if (this.#isOver) return
    this.#isOver = true
    const failure = this.#carrier.leave(this, new Error('the request was broken off'))
    if (this.#reader === undefined) this.#ending = { failure }
    this.#settle(failure)
  }

  read(reader: BodyReader): void {
    this.#reader = reader
    if (this.#ending === undefined) this.#flow()
    else this.#tell(reader, this.#ending)
  }

  resume(): void {
    if (!this.#isWaiting) return
    this.#isWaiting = false
    this.#flow()
  }

  // For its connection.

  get isAnswered(): boolean {
    return this.#isAnswered
  }

  /** Nothing of the answer's body is to be given now. */
  get isHeld(): boolean {
    return this.#isAnswered && !this.#isOver && (this.#reader === undefined || this.#isWaiting)
  }

  /** Called once, when it is not held any more and what was there has been given. */
  onFlowing(action: () => void): void {
    this.#onFlowing = action
  }

  answered(status: number, statusText: string, headers: HeaderList): void {
    this.#isAnswered = true
    const answer: Answer = { kind: 'answered', status, statusText, headers, body: this }
    this.#settle(answer)
  }

  /** Anything but an answer with a body. */
  settled(outcome: Exclude<Outcome, Answer>): void {
    this.#isOver = true
    this.#settle(outcome)
  }

  data(chunk: Buffer): void {
    if (this.#isOver || this.#reader === undefined) return
    if (!this.#reader.data(chunk)) this.#isWaiting = true
  }

  /** The answer is whole. */
  end(trailers: HeaderList): void {
    this.#finish({ trailers })
  }

  /** The answer is broken: what is held of it is not given first. */
  failed(failure: Failure): void {
    this.#finish({ failure })
  }

  // For the body of the request.

  headLeft(): void {
    this.hasSentBytes = true
  }

  bodyLeft(): void {
    this.hasSentAll = true
  }

  bodyBroke(error: Error): void {
    if (this.#isOver) return
    const failure = this.#carrier.leave(this, error)
    if (this.#isAnswered) this.failed(failure)
    else this.settled(failure)
  }

  #settle(outcome: Outcome): void {
    if (this.#outcome !== undefined) return
    this.#outcome = outcome
    this.#promised?.resolve(outcome)
    this.#listener?.settled(outcome)
  }

  #finish(ending: { trailers: HeaderList } | { failure: Failure }): void {
    if (this.#isOver) return
    this.#isOver = true
    if (this.#reader === undefined) this.#ending = ending
    else this.#tell(this.#reader, ending)
  }

  #tell(reader: BodyReader, ending: { trailers: HeaderList } | { failure: Failure }): void {
    if ('failure' in ending) reader.failed(ending.failure)
    else reader.end(ending.trailers)
  }

  #flow(): void {
    this.#carrier.wanted()
    if (this.isHeld || this.#onFlowing === undefined) return
    const action = this.#onFlowing
    this.#onFlowing = undefined
    action()
  }
}

// Sending one request somewhere and getting its answer: the narrow side of forward/. Nothing above knows which
// protocol is behind it.
import type { Duplex } from 'node:stream'
import type { MeshErrorCode } from '@heddle/shared/errors'
import type { BodyTaker, HeaderList } from '../listen/exchange.ts'

export interface OutgoingRequest {
  method: string
  /** Origin-form. */
  target: string
  /** The Host field. */
  authority: string
  /** End-to-end fields; without Host and what frames the message. */
  headers: HeaderList
  /** Is broken off when the attempt ends, however it ends. */
  body: RequestBody | null
  /** null: chunked, where there is a body. */
  contentLength: number | null
  /** The protocol to switch to. */
  upgrade: string | null
}

/** The body of a request that is sent. `read` is called once at most. */
export interface RequestBody {
  read(taker: BodyTaker): void
  /** After `data` returned false. */
  resume(): void
  /** Nobody wants more of it, and its taker is told nothing. */
  abort(): void
}

/** Why there is no answer. */
export interface Failure {
  readonly kind: 'failed'
  readonly code: MeshErrorCode
  /**
   * not_sent: no byte of the request left, or the other side refused it before it was read; stale_connection: a reused
   * connection died before any byte of the answer; no_answer: a new one did, or what came was not HTTP.
   */
  readonly end: 'not_sent' | 'stale_connection' | 'no_answer'
  /** There was a connection: that it failed says nothing of whether another can be had. */
  readonly wasConnected: boolean
  /** For the log, never for a caller. */
  readonly cause: Error
}

/** The head of an answer; its body waits. */
export interface Answer {
  readonly kind: 'answered'
  readonly status: number
  readonly statusText: string
  readonly headers: HeaderList
  readonly body: AnswerBody
}

/** The other side switched protocols (101). */
export interface Switched {
  readonly kind: 'switched'
  readonly headers: HeaderList
  readonly stream: Duplex
}

export type Outcome = Answer | Switched | Failure

/** The body of an answer. `read` is called once, or `abort` instead. */
export interface AnswerBody {
  read(reader: BodyReader): void
  /** After `data` returned false. */
  resume(): void
  /** Breaks off; the connection is not used again. */
  abort(): void
}

export interface BodyReader {
  /** False: no more until `resume`. */
  data(chunk: Buffer): boolean
  end(trailers: HeaderList): void
  /** The body broke off: what came is not the whole. Not called after `abort`. */
  failed(failure: Failure): void
}

/** Who wants to know what came of a request. Must not throw. */
export interface OutcomeListener {
  settled(outcome: Outcome): void
}

/** One request under way. */
export interface Sending {
  /** Never rejects. */
  readonly outcome: Promise<Outcome>
  /** The same without a promise, and before one could say it. Once; called back at once where the outcome is known. */
  whenSettled(listener: OutcomeListener): void
  /** Breaks it off wherever it is; `outcome` is then a Failure, if it was not there yet. */
  abort(): void
}

export interface Upstream {
  /** `inform` gets informational answers (1xx but 100 and 101). */
  send(request: OutgoingRequest, inform: (status: number, headers: HeaderList) => void): Sending
}

/** One of which a promise tells the outcome. */
export function sendingOf(outcome: Promise<Outcome>, abort: () => void): Sending {
  return {
    outcome,
    whenSettled: (listener) => {
      outcome.then((known) => listener.settled(known))
    },
    abort,
  }
}

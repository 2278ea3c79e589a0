// Why a message is refused. There is one reading of every message or none: what two programs could read differently is
// refused whole, and since nobody knows where the next message would begin, its connection ends with it.

export type RefusalReason =
  /** Not HTTP/1.1 as RFC 9112 has it, or framed in a way that somebody reads differently. */
  | 'malformed'
  | 'target_too_long'
  | 'head_too_large'
  | 'expectation'
  | 'coding'
  | 'version'
  /** The connection ended within a message. */
  | 'incomplete'
  /** An answer that nobody asked for. */
  | 'unexpected'

/** RFC 9110, 15.5 and 15.6. `unexpected` is said of answers only, which are all 502. */
const STATUS: Readonly<Record<RefusalReason, number>> = {
  malformed: 400,
  target_too_long: 414,
  head_too_large: 431,
  expectation: 417,
  coding: 501,
  version: 505,
  incomplete: 400,
  unexpected: 502,
}

export interface Refusal {
  readonly reason: RefusalReason
  /** What to answer; of an answer that is refused, what its caller gets instead of it: 502. */
  readonly status: number
  /** A plain sentence about the message, without anything out of it. */
  readonly detail: string
}

export function refuse(reason: RefusalReason, detail: string): Refusal {
  return { reason, status: STATUS[reason], detail }
}

export function malformed(detail: string): Refusal {
  return refuse('malformed', detail)
}

// How long a connection of a caller may stay as it is. Asked about once a second, so that no request costs a timer.

export type Doing =
  /** Not a byte has come. */
  | 'silent'
  /** Between two requests. */
  | 'idle'
  /** A head has begun. */
  | 'head'
  /** A request is under way whose body is not at its end. */
  | 'body'
  /** What is under way is the path's business, which has limits of its own. */
  | 'served'
  /** The answer was given, and the rest of the request is read and dropped. */
  | 'rest'
  /** Something that was written does not leave. */
  | 'writing'
  /** Everything was said, and the caller has not ended. */
  | 'ended'

export interface Patience {
  /** A head from its first byte on, and a connection to its first one. */
  headMs: number
  /** Between two requests; 0: for ever, so that the other side closes first. */
  idleMs: number
  /** A request from its first byte to the end of its body; 0: for ever. */
  requestMs: number
}

/** The rest of a body that nobody wants. */
const REST_MS = 2_000
/** Envoy's time for a stream in which nothing moves. */
const WRITING_MS = 300_000
/** A caller reads our last answer, and ends. */
const ENDED_MS = 2_000

export function longestMs(doing: Doing, { headMs, idleMs, requestMs }: Patience): number {
  switch (doing) {
    case 'silent':
      // Where the other side closes first, it may also have opened it ahead of its first request.
      return idleMs > 0 ? Math.min(headMs, idleMs) : Number.POSITIVE_INFINITY
    case 'idle':
      return orEver(idleMs)
    case 'head':
      return Math.min(headMs, orEver(requestMs))
    case 'body':
      return orEver(requestMs)
    case 'served':
      return Number.POSITIVE_INFINITY
    case 'rest':
      return REST_MS
    case 'writing':
      return WRITING_MS
    case 'ended':
      return ENDED_MS
  }
}

function orEver(ms: number): number {
  return ms > 0 ? ms : Number.POSITIVE_INFINITY
}

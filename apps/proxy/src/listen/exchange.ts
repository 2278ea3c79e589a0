// One request and its answer, as the request path sees them: the narrow side of listen/. Nothing above knows which
// protocol is behind it.
import type { Duplex } from 'node:stream'
import type { MeshErrorCode } from '@heddle/shared/errors'
import type { PeerIdentity } from '../interfaces.ts'
import type { CanonicalTarget } from '../route/canonical.ts'

/** Names in lower case and values, alternating, in the order received; a name may come more than once. */
export type HeaderList = readonly string[]

/** Who is at the other end of the connection that a request came over. */
export type Origin =
  /** The application beside this proxy, over loopback. */
  | { kind: 'app' }
  /** Another proxy of the mesh; `servername` is the SNI that it asked for. */
  | { kind: 'peer'; peer: PeerIdentity; servername: string; address: string }
  /** Somebody outside the mesh, over the public port. */
  | { kind: 'public'; address: string }

export interface RequestHead {
  method: string
  /** Canonical: whom was called, and for what. */
  target: CanonicalTarget
  /** Without Host and what frames the message; other hop-by-hop fields are still there. */
  headers: HeaderList
  /** null: chunked, or no body. */
  contentLength: number | null
  /** What the caller wants to switch to (the Upgrade field), where it may; else null. */
  upgrade: string | null
}

/** Who takes the body of a request. After `end` or `broke` nothing more comes. */
export interface BodyTaker {
  /** False: no more until `resume`. */
  data(chunk: Buffer): boolean
  end(trailers: HeaderList): void
  /** What came is not the whole. */
  broke(error: Error): void
}

/** The body of a request, as its connection gives it: as it comes, and no faster than it is taken. */
export interface CallerBody {
  /** All of it has come, taken or not. */
  readonly isWhole: boolean
  /** Once. */
  read(taker: BodyTaker): void
  /** Nothing more until `resume`. */
  pause(): void
  resume(): void
}

/** Receives the body of an answer. After `end` or `abort` nothing more may be written. */
export interface AnswerSink {
  /** False: wait for `onDrain` before writing more. */
  write(chunk: Buffer): boolean
  onDrain(listener: () => void): void
  /** Sends what is there, the head too where no body has come yet. */
  flush(): void
  /** Trailers are sent where the caller's HTTP version and framing can carry them. */
  end(trailers: HeaderList): void
  /** Breaks the connection off, so that the caller cannot take what it got for a whole answer. */
  abort(): void
}

/** Where an answer to somebody who is gone goes. */
export const NOWHERE: AnswerSink = {
  write: () => true,
  onDrain: () => {},
  flush: () => {},
  end: () => {},
  abort: () => {},
}

export interface Exchange {
  readonly head: RequestHead
  readonly origin: Origin
  /** When the head had arrived, on the monotonic clock. */
  readonly receivedAtMs: number
  /** null where there is none. */
  readonly body: CallerBody | null
  /** Answer's head was handed over. */
  readonly hasAnswered: boolean
  /** The caller went away before the answer was complete. Called at most once; at once where it is gone already. */
  onGone(listener: () => void): void
  /** Tells a caller that waits for "100 Continue" to send its body. */
  invite(): void
  /** An informational answer (1xx but 100 and 101). */
  inform(status: number, headers: HeaderList): void
  answer(status: number, statusText: string, headers: HeaderList): AnswerSink
  /** The mesh's own answer: `x-heddle-error` and problem details. Only while nothing was answered. */
  refuse(code: MeshErrorCode, detail?: string, headers?: HeaderList): void
  /** 101: from here on the returned stream carries the other protocol's bytes, those received early included. */
  switchProtocols(headers: HeaderList): Duplex
  /** Breaks the connection off. */
  abort(): void
}

/** Takes one request to its end; must not throw or reject. */
export type Handler = (exchange: Exchange) => void

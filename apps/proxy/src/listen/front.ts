// What the ports in front have in common: limits on what a connection may cost, and how its time is spent.
import type { Clock } from '@heddle/shared/clock'
import type { MeshErrorCode } from '@heddle/shared/errors'
import type { HeadLimits } from '../http1/fieldSection.ts'
import type { Fault } from '../http2/fault.ts'
import type { ConnectionLimits } from '../http2/limits.ts'
import type { BufferBudget } from '../transport/bufferBudget.ts'
import type { Care } from '../transport/care.ts'
import type { Connection, Connections } from './connections.ts'
import type { Handler, Origin, RequestHead } from './exchange.ts'
import type { Patience } from './patience.ts'
import type { Refusal } from './refusal.ts'

/** Larger heads are refused with 431 (nginx, HAProxy and Node agree on 16 KiB); more fields as well (Envoy: 100). */
export const HEAD_LIMITS: HeadLimits = { bytes: 16 * 1024, fields: 100, lineBytes: 16 * 1024 }
/** Of the mesh port: what the proxy before has added must not make a head too large that was not. */
export const MESH_HEAD_LIMITS: HeadLimits = { bytes: 18 * 1024, fields: 116, lineBytes: 18 * 1024 }
/** More connections than this are closed at once (Envoy's advice for an edge). */
export const MAX_CONNECTIONS = 10_000
/** A head that is not there after this was not meant to come. */
export const HEAD_MS = 10_000

/**
 * Of every server of ours. A caller may end its side and still have to hear our last answer; what that means is for the
 * connection to say, and not for the socket.
 */
export const SOCKETS = { allowHalfOpen: true, noDelay: true } as const

/** How HTTP/2 is served. */
export interface Http2Front {
  limits: ConnectionLimits
  care: Care
  /** Of the whole process. */
  budget: BufferBudget
  /** A connection was ended for what its other end has done. */
  faulted(origin: Origin | Refusal, fault: Fault): void
}

/** What the connections of one port share. */
export interface Front {
  connections: Connections
  clock: Clock
  limits: HeadLimits
  patience: Patience
  handle: Handler
  /** A request was refused before it became one, on a connection whose other end is known. */
  refused(origin: Origin, code: MeshErrorCode): void
  /** A head that may be served on this connection, or why not. */
  admit(origin: Origin, head: RequestHead): RequestHead | Refusal
  /** CONNECT; null where it is refused. `early`: bytes that came behind it. */
  connect: ((connection: Connection, authority: string, early: Buffer) => void) | null
  /** For a caller that begins with it though nothing was negotiated (RFC 9113, 3.3); null where that is refused. */
  http2: Http2Front | null
}

// What one connection may cost. Time is never measured here: it comes with the bytes.
import { MAX_FRAME_BYTES } from './frame.ts'
import type { ListLimits } from './hpack/decoder.ts'

/** So many at once, and so many more each second. */
export interface Allowance {
  readonly burst: number
  readonly perSecond: number
}

export interface ConnectionLimits extends ListLimits {
  /** Streams that the peer may have open; more are refused (REFUSED_STREAM). */
  readonly maxStreams: number
  /** Of one frame that we take, and of DATA the most that we send where the peer takes it: 16,384 to 16,777,215. */
  readonly frameBytes: number
  /** Of a body that nobody has taken yet. At least 65,535, which a peer may send before it has read our SETTINGS. */
  readonly streamWindowBytes: number
  /** Of all bodies on their way. It is given back on receipt, so that no slow stream can use it up. */
  readonly connectionWindowBytes: number
  /** Of a body that waits to be sent, above which `send` says to stop. */
  readonly sendBufferBytes: number
  /** Streams that come to nothing: reset by the peer before their answer was whole, or by us for the peer's fault. */
  readonly failedStreams: Allowance
  /** Frames that bring nothing: PING, SETTINGS, PRIORITY, empty or unknown ones, and data that we may send in drops only. */
  readonly idleFrames: Allowance
  /** Answers to frames of both kinds that wait for a peer that does not read. Envoy's and nghttp2's number. */
  readonly waitingAnswers: number
}

/** Towards whoever is not known. Numbers as Envoy, nginx and Node have them. */
export const LIMITS: ConnectionLimits = {
  listBytes: 16 * 1024,
  fields: 100,
  maxStreams: 100,
  frameBytes: MAX_FRAME_BYTES,
  streamWindowBytes: 65_535,
  connectionWindowBytes: 1024 * 1024,
  sendBufferBytes: 64 * 1024,
  failedStreams: { burst: 1_000, perSecond: 33 },
  idleFrames: { burst: 1_000, perSecond: 100 },
  waitingAnswers: 1_000,
}

/**
 * Between two proxies of the mesh, where one connection carries the calls of a whole service: its callers' timeouts are no
 * attack, and its larger windows are used. Towards the application beside us as well.
 */
export const MESH_LIMITS: ConnectionLimits = {
  ...LIMITS,
  // What the proxy before has added, and what an octet more or less is to HPACK, must not make a head too large that was not.
  listBytes: 24 * 1024,
  fields: 128,
  maxStreams: 1_000,
  // What one read of a socket gives leaves as one frame, unless many streams wait for their turn (`Sender`).
  frameBytes: 64 * 1024,
  streamWindowBytes: 256 * 1024,
  connectionWindowBytes: 4 * 1024 * 1024,
  failedStreams: { burst: 10_000, perSecond: 2_000 },
}

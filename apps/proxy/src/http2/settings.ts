// SETTINGS (RFC 9113, 6.5): what the peer allows us, and what we allow it.
import { calm, type Fault, flowError, protocolError } from './fault.ts'
import { MAX_31_BITS, MAX_FRAME_BYTES } from './frame.ts'

export const SETTING = {
  HEADER_TABLE_SIZE: 0x1,
  ENABLE_PUSH: 0x2,
  MAX_CONCURRENT_STREAMS: 0x3,
  INITIAL_WINDOW_SIZE: 0x4,
  MAX_FRAME_SIZE: 0x5,
  MAX_HEADER_LIST_SIZE: 0x6,
  ENABLE_CONNECT_PROTOCOL: 0x8,
} as const

/** Of every window before anybody says otherwise (RFC 9113, 6.9.2). */
export const DEFAULT_WINDOW_BYTES = 65_535
/** What is recommended as the least to be allowed (RFC 9113, 6.5.2), until it is said. */
const STREAMS_BEFORE_SETTINGS = 100
/** There are seven, and reserved ones that are sent to see whether they are passed over. */
const MAX_ENTRIES = 32

export class PeerSettings {
  /** Of a stream in our direction, as it begins. */
  windowBytes = DEFAULT_WINDOW_BYTES
  /** Streams that we may have open. */
  maxStreams = STREAMS_BEFORE_SETTINGS
  /** Of one frame. */
  frameBytes = MAX_FRAME_BYTES
  #isFirst = true
  readonly #isFromServer: boolean

  constructor({ isFromServer }: { isFromServer: boolean }) {
    this.#isFromServer = isFromServer
  }

  /**
   * Takes the payload of a frame. What is not kept is not needed: our fields use no dynamic table, and a list that is too
   * long for the peer is the peer's to refuse (RFC 9113, 6.5.2).
   */
  apply(payload: Buffer): Fault | undefined {
    if (payload.length > 6 * MAX_ENTRIES) return calm('too many settings')
    if (this.#isFirst) {
      this.#isFirst = false
      this.maxStreams = Number.POSITIVE_INFINITY
    }
    for (let at = 0; at < payload.length; at += 6) {
      const value = payload.readUInt32BE(at + 2)
      switch (payload.readUInt16BE(at)) {
        case SETTING.ENABLE_PUSH:
          if (value > 1 || (value === 1 && this.#isFromServer)) return protocolError('a wrong ENABLE_PUSH')
          break
        case SETTING.MAX_CONCURRENT_STREAMS:
          this.maxStreams = value
          break
        case SETTING.INITIAL_WINDOW_SIZE:
          if (value > MAX_31_BITS) return flowError('an initial window beyond 2^31 - 1')
          this.windowBytes = value
          break
        case SETTING.MAX_FRAME_SIZE:
          if (value < MAX_FRAME_BYTES || value > 0xffffff) return protocolError('a wrong MAX_FRAME_SIZE')
          this.frameBytes = value
          break
        case SETTING.ENABLE_CONNECT_PROTOCOL:
          if (value > 1) return protocolError('a wrong ENABLE_CONNECT_PROTOCOL')
          break
      }
    }
    return undefined
  }
}

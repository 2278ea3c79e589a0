// Frames out of bytes, whatever pieces these come in (RFC 9113, 4 and 6). Pulled like the reader of HTTP/1.1: it is fed what
// a connection gives, and asked step by step what that means.
//
// Data is handed on as it comes, as views of what was fed. Everything else is whole when it is given: it is a view too where
// one chunk has it all, and copied once otherwise, into a buffer of just its size. HEADERS come with their CONTINUATION, the
// sum of which is bounded in octets and frames, and without padding and priority.
import { calm, ERROR, type Fault, protocolError } from './fault.ts'
import { FLAG, FRAME, FRAME_HEAD_BYTES, PREFACE } from './frame.ts'

export interface FrameReaderLimits {
  /** Of one frame. */
  maxFrameBytes: number
  /** Of a field section as it is sent. */
  maxBlockBytes: number
}

export type FrameStep =
  | 'more'
  /** `type`, `flags`, `streamId` and `payload`; unknown types without payload. */
  | 'frame'
  /** A piece of DATA: `data`, `frameBytes`, `isLastPiece`. */
  | 'data'
  /** `fault`: the connection ends. */
  | 'refused'

/** Honest senders fill frames. */
const MAX_CONTINUATIONS = 16

const EMPTY = Buffer.alloc(0)
const PREFACE_BYTES = Buffer.from(PREFACE, 'latin1')

export class FrameReader {
  type = 0
  flags = 0
  streamId = 0
  payload: Buffer = EMPTY
  data: Buffer = EMPTY
  /** With the first piece of DATA, what its frame takes of the flow-control windows, padding included; 0 with the others. */
  frameBytes = 0
  /** How much of `frameBytes` is not data. */
  paddingBytes = 0
  isLastPiece = false
  fault: Fault | undefined
  readonly #maxFrameBytes: number
  readonly #maxBlockBytes: number
  #state: 'preface' | 'head' | 'payload' | 'padding' | 'data' | 'ignored' | 'skip'
  #isFirstFrame = true
  #bytes: Buffer = EMPTY
  #at = 0
  /** Of what is not whole in one chunk: what is there of it. */
  #kept: Buffer | null = null
  #keptBytes = 0
  #length = 0
  /** Of DATA not given yet, and behind it. */
  #rest = 0
  #padding = 0
  /** Of HEADERS without END_HEADERS; null outside of them. */
  #fragments: Buffer[] | null = null
  #fragmentBytes = 0
  #blockStream = 0
  #blockFlags = 0

  /** `isServer`: the preface comes before the first frame. */
  constructor({ maxFrameBytes, maxBlockBytes }: FrameReaderLimits, isServer: boolean) {
    this.#maxFrameBytes = maxFrameBytes
    this.#maxBlockBytes = maxBlockBytes
    this.#state = isServer ? 'preface' : 'head'
  }

  /** `chunk` must not be changed afterwards. */
  feed(chunk: Buffer): void {
    this.#bytes = this.#at === this.#bytes.length ? chunk : Buffer.concat([this.#bytes.subarray(this.#at), chunk])
    this.#at = 0
  }

  next(): FrameStep {
    if (this.fault !== undefined) return 'refused'
    for (;;)
      switch (this.#state) {
        case 'preface': {
          // Judged octet by octet: whoever speaks something else is told before it has said all of it.
          while (this.#keptBytes < PREFACE_BYTES.length) {
            if (this.#at === this.#bytes.length) return 'more'
            if (this.#bytes[this.#at++] !== PREFACE_BYTES[this.#keptBytes++])
              return this.#refuse(protocolError('this is not HTTP/2'))
          }
          this.#keptBytes = 0
          this.#state = 'head'
          break
        }
        case 'head': {
          const fault = this.#head()
          if (fault === null) return 'more'
          if (fault !== undefined) return this.#refuse(fault)
          break
        }
        case 'payload': {
          const payload = this.#whole(this.#length)
          if (payload === null) return 'more'
          this.#state = 'head'
          const fault = this.#take(payload)
          if (fault !== undefined) return this.#refuse(fault)
          if (this.#fragments === null) return 'frame'
          break
        }
        case 'padding': {
          if (this.#at === this.#bytes.length) return 'more'
          this.#padding = this.#bytes[this.#at++] ?? 0
          if (this.#padding >= this.#length) return this.#refuse(protocolError('more padding than frame'))
          this.#rest = this.#length - 1 - this.#padding
          this.#state = 'data'
          break
        }
        case 'data':
          return this.#piece()
        case 'ignored':
          this.payload = EMPTY
          this.#padding = this.#length
          this.#state = 'skip'
          return 'frame'
        case 'skip': {
          const skipped = Math.min(this.#padding, this.#bytes.length - this.#at)
          this.#at += skipped
          this.#padding -= skipped
          if (this.#padding > 0) return 'more'
          this.#state = 'head'
          break
        }
      }
  }

  /** null: more is needed. */
  #head(): Fault | null | undefined {
    let bytes = this.#bytes
    let at = this.#at
    if (this.#kept !== null || bytes.length - at < FRAME_HEAD_BYTES) {
      const kept = this.#whole(FRAME_HEAD_BYTES)
      if (kept === null) return null
      bytes = kept
      at = 0
    } else this.#at += FRAME_HEAD_BYTES
    this.#length = ((bytes[at] ?? 0) << 16) | ((bytes[at + 1] ?? 0) << 8) | (bytes[at + 2] ?? 0)
    this.type = bytes[at + 3] ?? 0
    this.flags = bytes[at + 4] ?? 0
    this.streamId = bytes.readUInt32BE(at + 5) & 0x7fffffff
    const fault = this.#headFault()
    if (fault !== undefined) return fault
    switch (this.type) {
      case FRAME.DATA:
        this.#padding = 0
        this.#rest = this.#length
        this.#state = (this.flags & FLAG.PADDED) === 0 ? 'data' : 'padding'
        if (this.#state === 'padding' && this.#length === 0) return frameSize('padding without its length')
        return undefined
      case FRAME.HEADERS:
      case FRAME.PRIORITY:
      case FRAME.RST_STREAM:
      case FRAME.SETTINGS:
      case FRAME.PING:
      case FRAME.GOAWAY:
      case FRAME.WINDOW_UPDATE:
      case FRAME.CONTINUATION:
        this.#state = 'payload'
        return undefined
      default:
        // Unknown types mean nothing (RFC 9113, 5.5).
        this.#state = 'ignored'
        return undefined
    }
  }

  #headFault(): Fault | undefined {
    const length = this.#length
    if (length > this.#maxFrameBytes) return frameSize('a frame larger than was allowed')
    if (this.#fragments !== null && (this.type !== FRAME.CONTINUATION || this.streamId !== this.#blockStream))
      return protocolError('another frame within a field section')
    if (this.#isFirstFrame) {
      if (this.type !== FRAME.SETTINGS || (this.flags & FLAG.ACK) !== 0)
        return protocolError('the first frame is not SETTINGS')
      this.#isFirstFrame = false
    }
    switch (this.type) {
      case FRAME.DATA:
      case FRAME.HEADERS:
        return this.streamId === 0 ? protocolError('a message without a stream') : undefined
      case FRAME.PRIORITY:
        if (this.streamId === 0) return protocolError('PRIORITY without a stream')
        return length === 5 ? undefined : frameSize('PRIORITY of a wrong length')
      case FRAME.RST_STREAM:
        if (this.streamId === 0) return protocolError('RST_STREAM without a stream')
        return length === 4 ? undefined : frameSize('RST_STREAM of a wrong length')
      case FRAME.SETTINGS:
        if (this.streamId !== 0) return protocolError('SETTINGS of a stream')
        return length % 6 === 0 && (length === 0 || (this.flags & FLAG.ACK) === 0)
          ? undefined
          : frameSize('SETTINGS of a wrong length')
      case FRAME.PUSH_PROMISE:
        // Nobody may: we are not to be pushed to, and a client never pushes (RFC 9113, 8.4).
        return protocolError('PUSH_PROMISE')
      case FRAME.PING:
        if (this.streamId !== 0) return protocolError('PING of a stream')
        return length === 8 ? undefined : frameSize('PING of a wrong length')
      case FRAME.GOAWAY:
        if (this.streamId !== 0) return protocolError('GOAWAY of a stream')
        return length >= 8 ? undefined : frameSize('GOAWAY of a wrong length')
      case FRAME.WINDOW_UPDATE:
        return length === 4 ? undefined : frameSize('WINDOW_UPDATE of a wrong length')
      case FRAME.CONTINUATION:
        return this.#fragments === null ? protocolError('CONTINUATION of nothing') : undefined
      default:
        return undefined
    }
  }

  /** `need` octets as one, or null where they are not all there. */
  #whole(need: number): Buffer | null {
    const there = this.#bytes.length - this.#at
    if (this.#kept === null) {
      if (there >= need) {
        this.#at += need
        return this.#bytes.subarray(this.#at - need, this.#at)
      }
      if (there === 0) return null
      this.#kept = Buffer.alloc(need)
    }
    const kept = this.#kept
    const taken = Math.min(there, need - this.#keptBytes)
    this.#bytes.copy(kept, this.#keptBytes, this.#at, this.#at + taken)
    this.#at += taken
    this.#keptBytes += taken
    if (this.#keptBytes < need) return null
    this.#kept = null
    this.#keptBytes = 0
    return kept
  }

  #take(payload: Buffer): Fault | undefined {
    this.payload = payload
    if (this.type === FRAME.PRIORITY) return this.#priorityFault(payload, 0)
    if (this.type === FRAME.HEADERS) {
      const fault = this.#openHeaders(payload)
      if (fault !== undefined) return fault
    } else if (this.type !== FRAME.CONTINUATION) return undefined
    return this.#fragment()
  }

  /** What comes before and behind the fragment (RFC 9113, 6.2). */
  #openHeaders(payload: Buffer): Fault | undefined {
    const isPadded = (this.flags & FLAG.PADDED) !== 0
    const hasPriority = (this.flags & FLAG.PRIORITY) !== 0
    if (!isPadded && !hasPriority) return undefined
    const from = (isPadded ? 1 : 0) + (hasPriority ? 5 : 0)
    if (payload.length < from) return frameSize('HEADERS too short for what they announce')
    const to = payload.length - (isPadded ? (payload[0] ?? 0) : 0)
    if (to < from) return protocolError('more padding than frame')
    this.payload = payload.subarray(from, to)
    return hasPriority ? this.#priorityFault(payload, from - 5) : undefined
  }

  /** Nobody uses priorities (RFC 9113, 5.3.2); one that makes no sense is refused still, as RFC 7540, 5.3.1 has it. */
  #priorityFault(payload: Buffer, at: number): Fault | undefined {
    const dependsOn = payload.readUInt32BE(at) & 0x7fffffff
    return dependsOn === this.streamId ? protocolError('a stream that depends on itself') : undefined
  }

  #fragment(): Fault | undefined {
    const isWhole = (this.flags & FLAG.END_HEADERS) !== 0
    if (this.#fragments === null) {
      if (isWhole) return this.payload.length > this.#maxBlockBytes ? calm('a field section too large') : undefined
      this.#fragments = []
      this.#fragmentBytes = 0
      this.#blockStream = this.streamId
      this.#blockFlags = this.flags
    }
    this.#fragments.push(this.payload)
    this.#fragmentBytes += this.payload.length
    if (this.#fragmentBytes > this.#maxBlockBytes) return calm('a field section too large')
    if (this.#fragments.length > 1 + MAX_CONTINUATIONS) return calm('a field section in too many frames')
    if (!isWhole) return undefined
    this.payload = Buffer.concat(this.#fragments)
    this.type = FRAME.HEADERS
    this.flags = this.#blockFlags
    this.#fragments = null
    return undefined
  }

  #piece(): FrameStep {
    const there = this.#bytes.length - this.#at
    if (this.#rest > 0 && there === 0) return 'more'
    const taken = Math.min(this.#rest, there)
    this.data = taken === 0 ? EMPTY : this.#bytes.subarray(this.#at, this.#at + taken)
    this.paddingBytes = this.#length === 0 ? 0 : this.#length - this.#rest
    this.#at += taken
    this.#rest -= taken
    this.frameBytes = this.#length
    this.#length = 0
    this.isLastPiece = this.#rest === 0
    if (this.isLastPiece) this.#state = this.#padding === 0 ? 'head' : 'skip'
    return 'data'
  }

  #refuse(fault: Fault): FrameStep {
    this.fault = fault
    this.#bytes = EMPTY
    this.#at = 0
    this.#kept = null
    this.#fragments = null
    return 'refused'
  }
}

function frameSize(detail: string): Fault {
  return { code: ERROR.FRAME_SIZE_ERROR, detail }
}

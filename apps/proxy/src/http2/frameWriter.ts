// Frames as bytes. What is written in a turn of the event loop is kept here and leaves as one list of buffers: small frames
// side by side in a piece of memory that is used on until it is full, and larger data as it was given, without a copy.
import { ERROR, type Fault } from './fault.ts'
import { FLAG, FRAME, FRAME_HEAD_BYTES, MAX_FRAME_BYTES, PREFACE } from './frame.ts'

const SLAB_BYTES = 8_192
/** Data up to this is copied: to the socket, one buffer more costs about what copying two kilobytes does. */
const MAX_COPY_BYTES = 2_048
/** Of the sentence in GOAWAY, which helps whoever looks at the other side. */
const MAX_DETAIL_BYTES = 128

const EMPTY = Buffer.alloc(0)

export class FrameWriter {
  /** Octets that wait. */
  bytes = 0
  /** Acknowledgements, and resets for the peer's faults, since the last `take`: what it may have us say without bound. */
  waitingAnswers = 0
  #list: Buffer[] = []
  #slab: Buffer = EMPTY
  #from = 0
  #at = 0

  /** Everything that waits. The buffers are not touched again. */
  take(): Buffer[] {
    this.#seal()
    const list = this.#list
    this.#list = []
    this.bytes = 0
    this.waitingAnswers = 0
    return list
  }

  preface(): void {
    this.#room(PREFACE.length)
    this.bytes += PREFACE.length
    this.#text(PREFACE)
  }

  settings(entries: readonly (readonly [id: number, value: number])[]): void {
    this.#head(6 * entries.length, FRAME.SETTINGS, 0, 0)
    for (const [id, value] of entries) {
      this.#at = this.#slab.writeUInt16BE(id, this.#at)
      this.#number(value)
    }
  }

  settingsAck(): void {
    this.waitingAnswers++
    this.#head(0, FRAME.SETTINGS, FLAG.ACK, 0)
  }

  /** `opaque`: eight octets. */
  ping(opaque: Buffer, isAck: boolean): void {
    if (isAck) this.waitingAnswers++
    this.#head(8, FRAME.PING, isAck ? FLAG.ACK : 0, 0)
    this.#at += opaque.copy(this.#slab, this.#at, 0, 8)
  }

  /** `isAnswer`: for a fault of the peer. */
  rstStream(streamId: number, code: number, isAnswer: boolean): void {
    if (isAnswer) this.waitingAnswers++
    this.#head(4, FRAME.RST_STREAM, 0, streamId)
    this.#number(code)
  }

  windowUpdate(streamId: number, bytes: number): void {
    this.#head(4, FRAME.WINDOW_UPDATE, 0, streamId)
    this.#number(bytes)
  }

  goAway(lastStreamId: number, { code, detail }: Fault): void {
    const text = code === ERROR.NO_ERROR ? '' : detail.slice(0, MAX_DETAIL_BYTES)
    this.#head(8 + text.length, FRAME.GOAWAY, 0, 0)
    this.#number(lastStreamId)
    this.#number(code)
    this.#text(text)
  }

  /** `block`: latin1 text of a field section, in as many frames as it needs, with nothing between them. */
  headers(streamId: number, block: string, isEnd: boolean): void {
    const endStream = isEnd ? FLAG.END_STREAM : 0
    if (block.length <= MAX_FRAME_BYTES) {
      this.#head(block.length, FRAME.HEADERS, FLAG.END_HEADERS | endStream, streamId)
      this.#text(block)
      return
    }
    for (let at = 0; at < block.length; at += MAX_FRAME_BYTES) {
      const part = block.slice(at, at + MAX_FRAME_BYTES)
      const endHeaders = at + MAX_FRAME_BYTES >= block.length ? FLAG.END_HEADERS : 0
      if (at === 0) this.#head(part.length, FRAME.HEADERS, endHeaders | endStream, streamId)
      else this.#head(part.length, FRAME.CONTINUATION, endHeaders, streamId)
      this.#text(part)
    }
  }

  /** payload[from, to), no more than the peer takes in one frame. */
  data(streamId: number, payload: Buffer, from: number, to: number, isEnd: boolean): void {
    const length = to - from
    const isCopied = length <= MAX_COPY_BYTES
    this.#head(length, FRAME.DATA, isEnd ? FLAG.END_STREAM : 0, streamId, isCopied ? length : 0)
    if (isCopied) this.#at += payload.copy(this.#slab, this.#at, from, to)
    else {
      this.#seal()
      this.#list.push(from === 0 && to === payload.length ? payload : payload.subarray(from, to))
    }
  }

  #head(length: number, type: number, flags: number, streamId: number, room = length): void {
    this.#room(FRAME_HEAD_BYTES + room)
    this.bytes += FRAME_HEAD_BYTES + length
    const slab = this.#slab
    const at = this.#at
    slab[at] = length >> 16
    slab[at + 1] = length >> 8
    slab[at + 2] = length
    slab[at + 3] = type
    slab[at + 4] = flags
    this.#at = at + 5
    this.#number(streamId)
  }

  #number(value: number): void {
    this.#at = this.#slab.writeUInt32BE(value, this.#at)
  }

  #text(text: string): void {
    this.#at += this.#slab.write(text, this.#at, 'latin1')
  }

  #room(bytes: number): void {
    if (this.#slab.length - this.#at >= bytes) return
    this.#seal()
    this.#slab = Buffer.allocUnsafeSlow(Math.max(SLAB_BYTES, bytes))
    this.#from = this.#at = 0
  }

  #seal(): void {
    if (this.#from === this.#at) return
    this.#list.push(this.#slab.subarray(this.#from, this.#at))
    this.#from = this.#at
  }
}

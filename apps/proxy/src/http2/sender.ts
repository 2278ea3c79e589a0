// Bodies on their way out. Streams that have data and a window stand in line, and each sends one frame at its turn, so that
// a large answer never holds up a small one, and one whose window is used up leaves the line. The longer the line, the
// smaller the frames, down to what every peer takes: with larger ones everybody would wait longer for their turn.
import { Fifo } from './fifo.ts'
import { DROP_BYTES } from './floodGuard.ts'
import { SendWindow } from './flow.ts'
import { MAX_FRAME_BYTES } from './frame.ts'
import type { FrameWriter } from './frameWriter.ts'
import { DEFAULT_WINDOW_BYTES } from './settings.ts'
import type { Stream } from './stream.ts'

/** That all who stand in line send in one round, as far as frames can be that small: 8 whole ones of the mesh's. */
const ROUND_BYTES = 512 * 1024

export interface SenderEvents<Head> {
  /** A frame has left; `isDrop`: a small one, for want of a larger window. */
  frameSent(isDrop: boolean): void
  /** There is room again where `send` had said to stop. */
  drained(stream: Stream<Head>): void
  /** Our side of the stream has ended. */
  ended(stream: Stream<Head>): void
}

export class Sender<Head> {
  readonly window = new SendWindow(DEFAULT_WINDOW_BYTES)
  /** Of one frame of DATA, where few stand in line. */
  frameBytes = MAX_FRAME_BYTES
  /** Of all bodies that wait. */
  queuedBytes = 0
  readonly #writer: FrameWriter
  readonly #bufferBytes: number
  readonly #events: SenderEvents<Head>
  readonly #line = new Fifo<Stream<Head>>()

  constructor(writer: FrameWriter, bufferBytes: number, events: SenderEvents<Head>) {
    this.#writer = writer
    this.#bufferBytes = bufferBytes
    this.#events = events
  }

  /** Whether `write` would write something. */
  get canWrite(): boolean {
    return this.#line.size > 0 && this.window.left > 0
  }

  /** Whether more may come; where not, `drained` says when. */
  add(stream: Stream<Head>, bytes: Buffer): boolean {
    if (bytes.length > 0) {
      stream.queue.add(bytes)
      stream.queuedBytes += bytes.length
      this.queuedBytes += bytes.length
      this.enter(stream)
    }
    stream.isFull = stream.queuedBytes >= this.#bufferBytes
    return !stream.isFull
  }

  /** Ends our side, behind what waits. `trailers`: their block, or ''. */
  end(stream: Stream<Head>, trailers: string): void {
    stream.ending = trailers
    if (stream.queuedBytes > 0) return
    if (trailers === '') this.#writer.data(stream.id, EMPTY, 0, 0, true)
    this.#ended(stream)
  }

  /** Into the line, where there is something to send and a window for it. */
  enter(stream: Stream<Head>): void {
    if (stream.isReady || stream.queuedBytes === 0 || stream.sendWindow.left <= 0) return
    stream.isReady = true
    this.#line.push(stream)
  }

  /** Forgets what waits. */
  drop(stream: Stream<Head>): void {
    stream.queue.clear()
    this.queuedBytes -= stream.queuedBytes
    stream.queuedBytes = 0
    if (stream.isReady) this.#line.remove(stream)
    stream.isReady = false
  }

  /** Frames in turn, until the writer holds `maxBytes` or more. */
  write(maxBytes: number): void {
    while (this.window.left > 0 && this.#writer.bytes < maxBytes) {
      const stream = this.#line.shift()
      if (stream === undefined) return
      stream.isReady = false
      this.#frame(stream)
      this.enter(stream)
    }
  }

  #frame(stream: Stream<Head>): void {
    const { first } = stream.queue
    // The peer may have taken back the window while it stood in line.
    if (first === undefined || stream.sendWindow.left <= 0) return
    const fair = Math.max(MAX_FRAME_BYTES, Math.trunc(ROUND_BYTES / (this.#line.size + 1)))
    const allowed = Math.min(this.frameBytes, fair, this.window.left, stream.sendWindow.left)
    const from = stream.queue.sent
    const to = Math.min(first.length, from + allowed)
    const length = to - from
    stream.queuedBytes -= length
    this.queuedBytes -= length
    stream.sendWindow.left -= length
    this.window.left -= length
    stream.queue.take(length)
    const isLast = stream.queuedBytes === 0 && stream.ending !== null
    this.#writer.data(stream.id, first, from, to, isLast && stream.ending === '')
    this.#events.frameSent(to < first.length && length < DROP_BYTES)
    if (isLast) this.#ended(stream)
    else if (stream.isFull && stream.queuedBytes * 2 <= this.#bufferBytes) {
      stream.isFull = false
      this.#events.drained(stream)
    }
  }

  #ended(stream: Stream<Head>): void {
    if (stream.ending !== null && stream.ending !== '') this.#writer.headers(stream.id, stream.ending, true)
    stream.hasSentAll = true
    this.#events.ended(stream)
  }
}

const EMPTY = Buffer.alloc(0)

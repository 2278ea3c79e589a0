// What is said on a connection of HTTP/2, and what becomes of its streams: the half of `Connection` that needs no bytes of
// the peer. Heads and control frames are written at once, bodies in turn (see `Sender`), and all of it waits for `take`.
import { UnencodableError } from '../http1/encode.ts'
import { fieldBlock } from './encodeHead.ts'
import { ERROR, type Fault } from './fault.ts'
import { Fifo } from './fifo.ts'
import { FloodGuard } from './floodGuard.ts'
import { MAX_31_BITS, MAX_FRAME_BYTES } from './frame.ts'
import { FrameWriter } from './frameWriter.ts'
import { EMPTY_TABLE_TEXT } from './hpack/encode.ts'
import type { ConnectionLimits } from './limits.ts'
import { RecentIds } from './recentIds.ts'
import { Sender } from './sender.ts'
import { DEFAULT_WINDOW_BYTES, PeerSettings, SETTING } from './settings.ts'
import { Stream, type StreamFault } from './stream.ts'
import { StreamTable } from './streamTable.ts'

export type Step =
  /** Feed more bytes, or say `end`. */
  | 'more'
  /**
   * `stream` is new, or with a client has another head of its answer. Where `stream.hasReceivedAll`, the head is all of the
   * message, and is to be passed on so: gRPC's errors are answers of that kind.
   */
  | 'head'
  /** `stream` is new, and `stream.refusal` says with what status to answer. What comes of it still is thrown away. */
  | 'refused_head'
  /** `data` is the next piece of the body of `stream`, a view of what was fed. */
  | 'data'
  /** The message of `stream` is whole; `stream.trailers` are there. */
  | 'end'
  /** `stream` is over before its time, `stream.fault` says why. Without `stream.head` it was never given out. */
  | 'reset'
  /** `send` may go on with `stream`. */
  | 'drained'
  /** The peer has answered a `ping`. */
  | 'pong'
  /** The peer takes no new streams. */
  | 'goaway'
  /** The connection is over by `fault`: `take` what says so, then close. */
  | 'refused'
  /** The connection is over: the peer has ended it. */
  | 'closed'

const GRACE: Fault = { code: ERROR.NO_ERROR, detail: '' }
/** Opaque to the peer. */
export const OUR_PING = Buffer.from('heddle-1')
export const LAST_PING = Buffer.from('heddle-2')

export abstract class SpeakingSide<Head> {
  /** Why the connection ended, after 'refused'. */
  fault: Fault | undefined
  protected readonly limits: ConnectionLimits
  protected readonly writer = new FrameWriter()
  protected readonly sender: Sender<Head>
  protected readonly peer: PeerSettings
  protected readonly guard: FloodGuard
  protected readonly streams = new StreamTable<Stream<Head>>()
  protected readonly recentlyReset = new RecentIds()
  /** Steps that are to be given before more is read, and their streams. */
  protected readonly steps = new Fifo<Step>()
  protected readonly stepStreams = new Fifo<Stream<Head> | undefined>()
  /** The highest of the streams that the peer has opened. */
  protected lastPeerStream = 0
  /** What was said by GOAWAY. */
  protected goingAway: 'no' | 'announced' | 'yes' = 'no'
  /** Nothing more is read or said. */
  protected over: 'refused' | 'closed' | undefined
  protected nowMs = 0
  readonly #isServer: boolean
  #hasEncoded = false

  constructor(limits: ConnectionLimits, isServer: boolean) {
    if (limits.streamWindowBytes < DEFAULT_WINDOW_BYTES || limits.connectionWindowBytes < DEFAULT_WINDOW_BYTES)
      throw new Error('a window below 65,535 would refuse what a peer may send at first')
    this.limits = limits
    this.#isServer = isServer
    this.peer = new PeerSettings({ isFromServer: !isServer })
    this.guard = new FloodGuard(limits)
    this.sender = new Sender(this.writer, limits.sendBufferBytes, {
      frameSent: (isDrop) => this.#frameSent(isDrop),
      drained: (stream) => this.give('drained', stream),
      ended: (stream) => this.#sentAll(stream),
    })
    if (!isServer) this.writer.preface()
    const settings: [id: number, value: number][] = [
      isServer ? [SETTING.MAX_CONCURRENT_STREAMS, limits.maxStreams] : [SETTING.ENABLE_PUSH, 0],
      [SETTING.INITIAL_WINDOW_SIZE, limits.streamWindowBytes],
      [SETTING.MAX_HEADER_LIST_SIZE, limits.listBytes],
    ]
    if (limits.frameBytes > MAX_FRAME_BYTES) settings.push([SETTING.MAX_FRAME_SIZE, limits.frameBytes])
    this.writer.settings(settings)
    const more = limits.connectionWindowBytes - DEFAULT_WINDOW_BYTES
    if (more > 0) this.writer.windowUpdate(0, more)
  }

  get openStreams(): number {
    return this.streams.size
  }

  /** Of all bodies that wait to be sent. */
  get queuedBytes(): number {
    return this.sender.queuedBytes
  }

  /** `take` has something to give. */
  get hasOutput(): boolean {
    return this.writer.bytes > 0 || this.sender.canWrite
  }

  /** It was shut down and its last stream is over: close it. */
  get isDrained(): boolean {
    return this.goingAway === 'yes' && this.streams.size === 0
  }

  /** A piece of a body. Whether more may come; where not, 'drained' says when. Must not be changed afterwards. */
  send(stream: Stream<Head>, bytes: Buffer): boolean {
    if (stream.isClosed) return true
    if (!stream.hasSentHead || stream.ending !== null || stream.hasSentAll)
      throw new UnencodableError('there is no place for a body here')
    if (stream.owedBytes !== null) {
      if (bytes.length > stream.owedBytes) throw new UnencodableError('the body is longer than its Content-Length')
      stream.owedBytes -= bytes.length
    }
    return this.sender.add(stream, bytes)
  }

  /** Our message is whole. Throws where its head has promised more. */
  finish(stream: Stream<Head>, trailers: readonly string[] = []): void {
    if (stream.isClosed) return
    if (!stream.hasSentHead || stream.ending !== null || stream.hasSentAll)
      throw new UnencodableError('there is nothing to end here')
    if ((stream.owedBytes ?? 0) > 0) throw new UnencodableError('the body is shorter than its Content-Length')
    this.sender.end(stream, trailers.length === 0 ? '' : this.block(fieldBlock(trailers)))
  }

  /** So many octets of 'data' are out of the way. */
  consumed(stream: Stream<Head>, bytes: number): void {
    if (stream.isClosed || stream.hasReceivedAll) return
    const increment = stream.receiveWindow.consume(bytes)
    if (increment > 0) this.writer.windowUpdate(stream.id, increment)
  }

  /** Nobody wants the rest of what comes. Once our side has ended, the peer is told so (RFC 9113, 8.1). */
  discard(stream: Stream<Head>): void {
    stream.isDiscarding = true
    if (!stream.isClosed && stream.hasSentAll && !stream.hasReceivedAll) this.reset(stream, ERROR.NO_ERROR)
  }

  /** Ends a stream on both sides; no step of it follows. */
  reset(stream: Stream<Head>, code: number): void {
    if (stream.isClosed) return
    this.writer.rstStream(stream.id, code, false)
    this.recentlyReset.add(stream.id)
    stream.isAbandoned = true
    this.close(stream)
  }

  ping(): void {
    this.writer.ping(OUR_PING, false)
  }

  /**
   * No new streams. At first the peer is told so and may still open those that are on their way; when it has answered, or
   * when this is said again, none (RFC 9113, 6.8).
   */
  shutdown(): void {
    if (this.over !== undefined || this.goingAway === 'yes') return
    if (this.goingAway === 'no' && this.#isServer) {
      this.goingAway = 'announced'
      this.writer.goAway(MAX_31_BITS, GRACE)
      this.writer.ping(LAST_PING, false)
      return
    }
    this.goingAway = 'yes'
    this.writer.goAway(this.lastPeerStream, GRACE)
  }

  /**
   * What is to be written now, at most about `maxBytes` where that is up to us: bodies wait, all else does not. Not to be
   * asked while the socket has not taken the last: that is the back pressure.
   */
  take(maxBytes: number): Buffer[] {
    this.sender.write(maxBytes)
    return this.writer.take()
  }

  /** A block as it is sent: the first of all begins with what makes the peer's table empty. */
  protected block(text: string): string {
    if (this.#hasEncoded) return text
    this.#hasEncoded = true
    return EMPTY_TABLE_TEXT + text
  }

  protected newStream(id: number): Stream<Head> {
    const stream = new Stream<Head>(id, {
      receiveBytes: this.limits.streamWindowBytes,
      sendBytes: this.peer.windowBytes,
    })
    this.streams.add(stream)
    this.guard.streamOpened()
    return stream
  }

  protected sendHead(stream: Stream<Head>, block: string, owedBytes: number | null, isEnd: boolean): void {
    if ((owedBytes ?? 0) > 0 && isEnd) throw new UnencodableError('the body is shorter than its Content-Length')
    this.writer.headers(stream.id, this.block(block), isEnd)
    stream.hasSentHead = true
    stream.owedBytes = owedBytes
    if (!isEnd) return
    stream.hasSentAll = true
    this.#sentAll(stream)
  }

  /** The stream ends for the peer's fault, of which there may be too many. */
  protected streamFault(stream: Stream<Head>, fault: Fault): Fault | undefined {
    this.writer.rstStream(stream.id, fault.code, true)
    this.recentlyReset.add(stream.id)
    this.endStream(stream, { ...fault, by: 'us', isUnprocessed: false })
    return this.failed()
  }

  /** A stream that is not taken: its frames are passed over. */
  protected refuseStream(id: number): Fault | undefined {
    this.writer.rstStream(id, ERROR.REFUSED_STREAM, true)
    this.recentlyReset.add(id)
    return this.failed()
  }

  /** As `refuseStream`, where the peer was told before. */
  protected passOver(id: number): Fault | undefined {
    this.recentlyReset.add(id)
    return this.guard.idleFrame(this.nowMs)
  }

  /** The peer has not looked at it. */
  protected unprocessed(stream: Stream<Head>): void {
    const detail = 'the peer was going away'
    this.endStream(stream, { code: ERROR.REFUSED_STREAM, detail, by: 'peer', isUnprocessed: true })
  }

  #sentAll(stream: Stream<Head>): void {
    if (stream.hasReceivedAll) this.close(stream)
    else if (stream.isDiscarding) this.reset(stream, ERROR.NO_ERROR)
  }

  #frameSent(isDrop: boolean): void {
    if (!isDrop) {
      this.guard.dataSent()
      return
    }
    const flood = this.guard.idleFrame(this.nowMs)
    if (flood !== undefined) this.fail(flood)
  }

  /** Of a server's streams: a client may be sent nonsense by its servers, and asks no more of them. */
  protected failed(): Fault | undefined {
    return this.#isServer ? this.guard.streamFailed(this.nowMs) : undefined
  }

  /** Its user is told. */
  protected endStream(stream: Stream<Head>, fault: StreamFault): void {
    stream.fault = fault
    this.close(stream)
    this.give('reset', stream)
  }

  protected close(stream: Stream<Head>): void {
    stream.isClosed = true
    this.streams.delete(stream.id)
    this.sender.drop(stream)
  }

  protected endAll(fault: Fault): void {
    for (const stream of this.streams.all())
      this.endStream(stream, { ...fault, by: 'connection', isUnprocessed: false })
  }

  protected fail(fault: Fault): void {
    if (this.over !== undefined) return
    this.over = 'refused'
    this.fault = fault
    this.endAll(fault)
    this.writer.goAway(this.lastPeerStream, fault)
  }

  protected give(step: Step, stream: Stream<Head> | undefined): void {
    this.steps.push(step)
    this.stepStreams.push(stream)
  }
}

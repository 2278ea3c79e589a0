// A connection of HTTP/2 (RFC 9113) as a machine of bytes: it is fed what a socket gives, asked step by step what that
// means, told what to send, and gives what to write. It knows no socket, clock or randomness. (`ServerConnection` and
// `ClientConnection` are the two that are used.)
//
// How it is used, in each turn of the event loop: `feed` what came, `next` until 'more', `take` what is to be written, and
// `next` again where that made room. Everything that was said in a turn leaves as one list of buffers.
//
// Bodies are bounded by windows: what was given as 'data' is allowed anew when its user says `consumed`. The window of the
// connection is given back on receipt, so that a stream that nobody reads delays no other; what a connection may hold is
// therefore the number of its streams times their window.
//
// A fault of a message costs its stream, any other the connection; and what is allowed but only costs is counted.
import { UnencodableError } from '../http1/encode.ts'
import type { Refusal } from '../http1/refusal.ts'
import { fieldBlock } from './encodeHead.ts'
import { calm, ERROR, type Fault, flowError, protocolError } from './fault.ts'
import { trailersFlaw } from './fieldRules.ts'
import { FloodGuard } from './floodGuard.ts'
import { Refill } from './flow.ts'
import { FLAG, FRAME, MAX_31_BITS } from './frame.ts'
import { FrameReader } from './frameReader.ts'
import { FrameWriter } from './frameWriter.ts'
import { HpackDecoder } from './hpack/decoder.ts'
import { EMPTY_TABLE_TEXT } from './hpack/encode.ts'
import type { ConnectionLimits } from './limits.ts'
import { Sender } from './sender.ts'
import { DEFAULT_WINDOW_BYTES, PeerSettings, SETTING } from './settings.ts'
import { Stream, type StreamFault } from './stream.ts'

export type Step =
  /** Feed more bytes, or say `end`. */
  | 'more'
  /** `stream` is new, or with a client has another head of its answer. */
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

/** Streams that we reset lately: what the peer had sent before it knew is passed over. */
const MAX_REMEMBERED = 1_000
const EMPTY = Buffer.alloc(0)
const OUR_PING = Buffer.from('heddle-1')
const LAST_PING = Buffer.from('heddle-2')

export abstract class Connection<Head> {
  /** After a step of a stream. */
  data: Buffer = EMPTY
  /** Why the connection ended, after 'refused'. */
  fault: Fault | undefined
  protected readonly limits: ConnectionLimits
  protected readonly writer = new FrameWriter()
  protected readonly peer: PeerSettings
  protected readonly streams = new Map<number, Stream<Head>>()
  protected readonly guard: FloodGuard
  /** The highest of the streams that the peer has opened. */
  protected lastPeerStream = 0
  /** What was said by GOAWAY. */
  protected goingAway: 'no' | 'announced' | 'yes' = 'no'
  #stream: Stream<Head> | undefined
  readonly #isServer: boolean
  readonly #reader: FrameReader
  readonly #decoder: HpackDecoder
  readonly #sender: Sender<Head>
  /** Of the connection's window, which is therefore never used up. */
  readonly #refill: Refill
  readonly #remembered = new Set<number>()
  /** Steps that are to be given before more is read, and their streams. */
  readonly #steps: Step[] = []
  readonly #stepStreams: (Stream<Head> | undefined)[] = []
  #hasEncoded = false
  #isOver: 'refused' | 'closed' | undefined
  #nowMs = 0

  constructor(limits: ConnectionLimits, isServer: boolean) {
    if (limits.streamWindowBytes < DEFAULT_WINDOW_BYTES || limits.connectionWindowBytes < DEFAULT_WINDOW_BYTES)
      throw new Error('a window below 65,535 would refuse what a peer may send at first')
    this.limits = limits
    this.#isServer = isServer
    this.peer = new PeerSettings({ isFromServer: !isServer })
    this.guard = new FloodGuard(limits)
    this.#reader = new FrameReader({ maxBlockBytes: 2 * limits.listBytes, isServer })
    this.#decoder = new HpackDecoder(limits)
    this.#refill = new Refill(limits.connectionWindowBytes)
    this.#sender = new Sender(this.writer, limits.sendBufferBytes, {
      frameSent: (isDrop) => this.#frameSent(isDrop),
      drained: (stream) => this.#give('drained', stream),
      ended: (stream) => this.#sentAll(stream),
    })
    if (!isServer) this.writer.preface()
    this.writer.settings([
      isServer ? [SETTING.MAX_CONCURRENT_STREAMS, limits.maxStreams] : [SETTING.ENABLE_PUSH, 0],
      [SETTING.INITIAL_WINDOW_SIZE, limits.streamWindowBytes],
      [SETTING.MAX_HEADER_LIST_SIZE, limits.listBytes],
    ])
    const more = limits.connectionWindowBytes - DEFAULT_WINDOW_BYTES
    if (more > 0) this.writer.windowUpdate(0, more)
  }

  /** After a step of a stream. */
  get stream(): Stream<Head> {
    if (this.#stream === undefined) throw new Error('no step of a stream was made yet')
    return this.#stream
  }

  /** Nothing more is read or given. */
  protected get isOver(): boolean {
    return this.#isOver !== undefined
  }

  get openStreams(): number {
    return this.streams.size
  }

  /** `take` has something to give. */
  get hasOutput(): boolean {
    return this.writer.bytes > 0 || this.#sender.canWrite
  }

  /** It was shut down and its last stream is over: close it. */
  get isDrained(): boolean {
    return this.goingAway === 'yes' && this.streams.size === 0
  }

  /** `chunk` must not be changed afterwards. `nowMs`: by any clock that only goes on. */
  feed(chunk: Buffer, nowMs: number): void {
    this.#nowMs = nowMs
    if (this.#isOver === undefined) this.#reader.feed(chunk)
  }

  next(): Step {
    for (;;) {
      const step = this.#steps.shift()
      if (step !== undefined) {
        const stream = this.#stepStreams.shift()
        if (stream?.isAbandoned === true || (stream?.isClosed === true && step === 'drained')) continue
        if (stream !== undefined) this.#stream = stream
        return step
      }
      if (this.#isOver !== undefined) return this.#isOver
      const read = this.#reader.next()
      if (read === 'more') return 'more'
      const fault =
        read === 'refused'
          ? this.#reader.fault
          : read === 'data'
            ? this.#takeData()
            : (this.#takeFrame() ?? this.#crowd())
      if (fault !== undefined) this.#fail(fault)
    }
  }

  /**
   * What is to be written now, at most about `maxBytes` where that is up to us: bodies wait, all else does not. Not to be
   * asked while the socket has not taken the last: that is the back pressure.
   */
  take(maxBytes: number): Buffer[] {
    this.#sender.write(maxBytes)
    return this.writer.take()
  }

  /** The other side has ended the connection, or it is lost: every stream is reset, then 'closed'. */
  end(): void {
    if (this.#isOver !== undefined) return
    this.#isOver = 'closed'
    this.#endAll({ code: ERROR.CANCEL, detail: 'the connection ended' })
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
    return this.#sender.add(stream, bytes)
  }

  /** Our message is whole. Throws where its head has promised more. */
  finish(stream: Stream<Head>, trailers: readonly string[] = []): void {
    if (stream.isClosed) return
    if (!stream.hasSentHead || stream.ending !== null || stream.hasSentAll)
      throw new UnencodableError('there is nothing to end here')
    if ((stream.owedBytes ?? 0) > 0) throw new UnencodableError('the body is shorter than its Content-Length')
    this.#sender.end(stream, trailers.length === 0 ? '' : this.block(fieldBlock(trailers)))
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
    this.writer.rstStream(stream.id, code)
    this.#remember(stream.id)
    stream.isAbandoned = true
    this.#close(stream)
  }

  ping(): void {
    this.writer.ping(OUR_PING, false)
  }

  /**
   * No new streams. At first the peer is told so and may still open those that are on their way; when it has answered, or
   * when this is said again, none (RFC 9113, 6.8).
   */
  shutdown(): void {
    if (this.#isOver !== undefined || this.goingAway === 'yes') return
    if (this.goingAway === 'no' && this.#isServer) {
      this.goingAway = 'announced'
      this.writer.goAway(MAX_31_BITS, GRACE)
      this.writer.ping(LAST_PING, false)
      return
    }
    this.goingAway = 'yes'
    this.writer.goAway(this.lastPeerStream, GRACE)
  }

  /** Reads a field section of a stream that exists or is new. */
  protected abstract takeHead(
    id: number,
    fields: string[],
    isEnd: boolean,
    refusal: Refusal | undefined,
  ): Fault | undefined
  /** Whether the stream was never opened. */
  protected abstract isIdle(id: number): boolean
  /** Whether a body may come. */
  protected abstract isInBody(stream: Stream<Head>): boolean
  /** The peer goes away, and has not looked at streams of ours above `last`. */
  protected abstract peerGoesAway(last: number): Fault | undefined

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
    this.streams.set(id, stream)
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

  /** A message begins, or ends with its head. */
  protected headTaken(
    stream: Stream<Head>,
    head: Head,
    expectedBytes: number | null,
    isEnd: boolean,
  ): Fault | undefined {
    if (isEnd && (expectedBytes ?? 0) > 0)
      return this.streamFault(stream, protocolError('a body shorter than its Content-Length'))
    stream.head = head
    stream.expectedBytes = expectedBytes
    this.#give('head', stream)
    return isEnd ? this.#receivedAll(stream) : undefined
  }

  /** A request that is to be answered with its refusal. */
  protected headRefused(stream: Stream<Head>, refusal: Refusal, isEnd: boolean): Fault | undefined {
    stream.refusal = refusal
    stream.isDiscarding = true
    this.#give('refused_head', stream)
    return isEnd ? this.#receivedAll(stream) : undefined
  }

  protected trailersTaken(stream: Stream<Head>, fields: string[], isEnd: boolean): Fault | undefined {
    if (!isEnd) return this.streamFault(stream, protocolError('trailers that do not end the message'))
    const flaw = trailersFlaw(fields)
    if (flaw !== null) return this.streamFault(stream, protocolError(flaw))
    stream.trailers = fields
    return this.#receivedAll(stream)
  }

  /** The stream ends for the peer's fault, of which there may be too many. */
  protected streamFault(stream: Stream<Head>, fault: Fault): Fault | undefined {
    this.writer.rstStream(stream.id, fault.code)
    this.#remember(stream.id)
    this.#fault(stream, { ...fault, by: 'us', isUnprocessed: false })
    return this.#failed()
  }

  /** A stream that is not taken: its frames are passed over. */
  protected refuseStream(id: number): Fault | undefined {
    this.writer.rstStream(id, ERROR.REFUSED_STREAM)
    this.#remember(id)
    return this.#failed()
  }

  /** As `refuseStream`, where the peer was told before. */
  protected passOver(id: number): Fault | undefined {
    this.#remember(id)
    return this.guard.idleFrame(this.#nowMs)
  }

  /** The peer has not looked at it. */
  protected unprocessed(stream: Stream<Head>): void {
    const detail = 'the peer was going away'
    this.#fault(stream, { code: ERROR.REFUSED_STREAM, detail, by: 'peer', isUnprocessed: true })
  }

  #takeFrame(): Fault | undefined {
    const { type, flags, streamId, payload } = this.#reader
    switch (type) {
      case FRAME.HEADERS:
        return this.#takeHeaders(streamId, payload, (flags & FLAG.END_STREAM) !== 0)
      case FRAME.RST_STREAM:
        return this.#takeReset(streamId, payload.readUInt32BE(0))
      case FRAME.SETTINGS:
        return (flags & FLAG.ACK) === 0 ? this.#takeSettings(payload) : this.guard.idleFrame(this.#nowMs)
      case FRAME.PING:
        return (flags & FLAG.ACK) === 0 ? this.#takePing(payload) : this.#takePong(payload)
      case FRAME.GOAWAY:
        this.#give('goaway', undefined)
        return this.peerGoesAway(payload.readUInt32BE(0) & MAX_31_BITS) ?? this.guard.idleFrame(this.#nowMs)
      case FRAME.WINDOW_UPDATE:
        return this.#takeWindowUpdate(streamId, payload.readUInt32BE(0) & MAX_31_BITS)
      default:
        return this.guard.idleFrame(this.#nowMs)
    }
  }

  #takeHeaders(id: number, block: Buffer, isEnd: boolean): Fault | undefined {
    // Whoever it belongs to, it belongs to the table.
    const problem = this.#decoder.decode(block)
    if (problem !== undefined) return { code: ERROR.COMPRESSION_ERROR, detail: problem }
    const { fields, flaw, isTooLarge } = this.#decoder
    if (this.#remembered.has(id)) return this.guard.idleFrame(this.#nowMs)
    const stream = this.streams.get(id)
    if (stream?.hasReceivedAll === true) return this.streamFault(stream, closedFault('HEADERS'))
    const refusal: Refusal | undefined =
      flaw !== null
        ? { reason: 'malformed', status: 400, detail: flaw }
        : isTooLarge
          ? { reason: 'head_too_large', status: 431, detail: 'the head is too large' }
          : undefined
    return this.takeHead(id, fields, isEnd, refusal)
  }

  #takeData(): Fault | undefined {
    const { streamId, data, frameBytes, paddingBytes, isLastPiece, flags } = this.#reader
    const isEnd = isLastPiece && (flags & FLAG.END_STREAM) !== 0
    if (frameBytes > 0) {
      const increment = this.#refill.consume(frameBytes)
      if (increment > 0) this.writer.windowUpdate(0, increment)
    }
    if (data.length === 0 && !isEnd) {
      const flood = this.guard.idleFrame(this.#nowMs)
      if (flood !== undefined) return flood
    } else if (frameBytes > 0) this.guard.dataReceived()
    const stream = this.streams.get(streamId)
    if (stream === undefined) {
      if (this.#remembered.has(streamId)) return undefined
      return this.isIdle(streamId) ? protocolError('data of no stream') : closedFault('DATA')
    }
    if (stream.hasReceivedAll) return this.streamFault(stream, closedFault('DATA'))
    if (frameBytes > 0 && !stream.receiveWindow.take(frameBytes))
      return this.streamFault(stream, flowError('more data than the stream allows'))
    const unseen = paddingBytes + (stream.isDiscarding ? data.length : 0)
    if (unseen > 0) this.consumed(stream, unseen)
    if (stream.isDiscarding) return isEnd ? this.#receivedAll(stream) : undefined
    if (!this.isInBody(stream)) return this.streamFault(stream, protocolError('data before a head'))
    stream.receivedBytes += data.length
    if (stream.expectedBytes !== null && stream.receivedBytes > stream.expectedBytes)
      return this.streamFault(stream, protocolError('a body longer than its Content-Length'))
    if (data.length > 0) {
      // Nothing more is read before it is given.
      this.data = data
      this.#give('data', stream)
    }
    return isEnd ? this.#receivedAll(stream) : undefined
  }

  #takeReset(id: number, code: number): Fault | undefined {
    const stream = this.streams.get(id)
    if (stream === undefined) {
      if (this.isIdle(id)) return protocolError('RST_STREAM of no stream')
      return this.guard.idleFrame(this.#nowMs)
    }
    const detail = 'the peer has reset the stream'
    this.#fault(stream, { code, detail, by: 'peer', isUnprocessed: code === ERROR.REFUSED_STREAM })
    // Whoever has its whole answer may leave off asking.
    return stream.hasSentAll ? undefined : this.#failed()
  }

  #takeSettings(payload: Buffer): Fault | undefined {
    const before = this.peer.windowBytes
    const fault = this.peer.apply(payload) ?? this.guard.idleFrame(this.#nowMs)
    if (fault !== undefined) return fault
    this.writer.settingsAck()
    const more = this.peer.windowBytes - before
    if (more !== 0)
      for (const stream of this.streams.values()) {
        if (!stream.sendWindow.grow(more)) return flowError('a window beyond 2^31 - 1')
        this.#sender.enter(stream)
      }
    return undefined
  }

  #takePing(opaque: Buffer): Fault | undefined {
    this.writer.ping(opaque, true)
    return this.guard.idleFrame(this.#nowMs)
  }

  #takePong(opaque: Buffer): Fault | undefined {
    if (opaque.equals(OUR_PING)) this.#give('pong', undefined)
    else if (opaque.equals(LAST_PING) && this.goingAway === 'announced') this.shutdown()
    return this.guard.idleFrame(this.#nowMs)
  }

  #takeWindowUpdate(id: number, bytes: number): Fault | undefined {
    const flood = this.guard.windowUpdate()
    if (flood !== undefined) return flood
    if (id === 0) {
      if (bytes === 0) return protocolError('WINDOW_UPDATE of nothing')
      return this.#sender.window.grow(bytes) ? undefined : flowError('a window beyond 2^31 - 1')
    }
    const stream = this.streams.get(id)
    if (stream === undefined) return this.isIdle(id) ? protocolError('WINDOW_UPDATE of no stream') : undefined
    if (bytes === 0) return this.streamFault(stream, protocolError('WINDOW_UPDATE of nothing'))
    if (!stream.sendWindow.grow(bytes)) return this.streamFault(stream, flowError('a window beyond 2^31 - 1'))
    this.#sender.enter(stream)
    return undefined
  }

  /** Whoever does not read our answers to its frames gets no more of them. */
  #crowd(): Fault | undefined {
    return this.writer.controlFrames > this.limits.waitingControlFrames
      ? calm('too many frames that wait to be read')
      : undefined
  }

  #receivedAll(stream: Stream<Head>): Fault | undefined {
    if (stream.expectedBytes !== null && stream.receivedBytes !== stream.expectedBytes && !stream.isDiscarding)
      return this.streamFault(stream, protocolError('a body shorter than its Content-Length'))
    stream.hasReceivedAll = true
    if (!stream.isDiscarding) this.#give('end', stream)
    if (stream.hasSentAll) this.#close(stream)
    return undefined
  }

  #sentAll(stream: Stream<Head>): void {
    if (stream.hasReceivedAll) this.#close(stream)
    else if (stream.isDiscarding) this.reset(stream, ERROR.NO_ERROR)
  }

  #frameSent(isDrop: boolean): void {
    if (!isDrop) {
      this.guard.dataSent()
      return
    }
    const flood = this.guard.idleFrame(this.#nowMs)
    if (flood !== undefined) this.#fail(flood)
  }

  /** Of a server's streams: a client may be sent nonsense by its servers, and asks no more of them. */
  #failed(): Fault | undefined {
    return this.#isServer ? this.guard.streamFailed(this.#nowMs) : undefined
  }

  /** Its user is told. */
  #fault(stream: Stream<Head>, fault: StreamFault): void {
    stream.fault = fault
    this.#close(stream)
    this.#give('reset', stream)
  }

  #close(stream: Stream<Head>): void {
    stream.isClosed = true
    this.streams.delete(stream.id)
    this.#sender.drop(stream)
  }

  #endAll(fault: Fault): void {
    for (const stream of this.streams.values())
      this.#fault(stream, { ...fault, by: 'connection', isUnprocessed: false })
  }

  #fail(fault: Fault): void {
    if (this.#isOver !== undefined) return
    this.#isOver = 'refused'
    this.fault = fault
    this.#endAll(fault)
    this.writer.goAway(this.lastPeerStream, fault)
  }

  #give(step: Step, stream: Stream<Head> | undefined): void {
    this.#steps.push(step)
    this.#stepStreams.push(stream)
  }

  #remember(id: number): void {
    if (this.#remembered.size === MAX_REMEMBERED)
      for (const oldest of this.#remembered) {
        this.#remembered.delete(oldest)
        break
      }
    this.#remembered.add(id)
  }
}

const GRACE: Fault = { code: ERROR.NO_ERROR, detail: '' }

export function closedFault(what: string): Fault {
  return { code: ERROR.STREAM_CLOSED, detail: `${what} behind the end of its stream` }
}

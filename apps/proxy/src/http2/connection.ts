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
import type { Refusal } from '../http1/refusal.ts'
import { calm, ERROR, type Fault, flowError, protocolError } from './fault.ts'
import { trailersFlaw } from './fieldRules.ts'
import { Refill } from './flow.ts'
import { FLAG, FRAME, MAX_31_BITS } from './frame.ts'
import { FrameReader } from './frameReader.ts'
import { HpackDecoder } from './hpack/decoder.ts'
import type { ConnectionLimits } from './limits.ts'
import { LAST_PING, OUR_PING, SpeakingSide, type Step } from './speakingSide.ts'
import type { Stream } from './stream.ts'

const EMPTY = Buffer.alloc(0)

export abstract class Connection<Head> extends SpeakingSide<Head> {
  /** After 'data'. */
  data: Buffer = EMPTY
  /** The peer has answered our SETTINGS. */
  isSettled = false
  #stream: Stream<Head> | undefined
  readonly #reader: FrameReader
  readonly #decoder: HpackDecoder
  /** Of the connection's window, which is therefore never used up. */
  readonly #refill: Refill

  constructor(limits: ConnectionLimits, isServer: boolean) {
    super(limits, isServer)
    this.#reader = new FrameReader({ maxFrameBytes: limits.frameBytes, maxBlockBytes: 2 * limits.listBytes }, isServer)
    this.#decoder = new HpackDecoder(limits)
    this.#refill = new Refill(limits.connectionWindowBytes)
  }

  /** After a step of a stream. */
  get stream(): Stream<Head> {
    if (this.#stream === undefined) throw new Error('no step of a stream was made yet')
    return this.#stream
  }

  /** `chunk` must not be changed afterwards. `nowMs`: by any clock that only goes on. */
  feed(chunk: Buffer, nowMs: number): void {
    this.nowMs = nowMs
    if (this.over === undefined) this.#reader.feed(chunk)
  }

  next(): Step {
    for (;;) {
      const step = this.steps.shift()
      if (step !== undefined) {
        const stream = this.stepStreams.shift()
        if (stream?.isAbandoned === true || (stream?.isClosed === true && step === 'drained')) continue
        if (stream !== undefined) this.#stream = stream
        return step
      }
      if (this.over !== undefined) return this.over
      const read = this.#reader.next()
      if (read === 'more') return 'more'
      const fault =
        read === 'refused'
          ? this.#reader.fault
          : read === 'data'
            ? this.#takeData()
            : (this.#takeFrame() ?? this.#crowd())
      if (fault !== undefined) this.fail(fault)
    }
  }

  /** The other side has ended the connection, or it is lost: every stream is reset, then 'closed'. */
  end(): void {
    if (this.over !== undefined) return
    this.over = 'closed'
    this.endAll({ code: ERROR.CANCEL, detail: 'the connection ended' })
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
    this.give('head', stream)
    return isEnd ? this.#receivedAll(stream) : undefined
  }

  /** A request that is to be answered with its refusal. */
  protected headRefused(stream: Stream<Head>, refusal: Refusal, isEnd: boolean): Fault | undefined {
    stream.refusal = refusal
    stream.isDiscarding = true
    this.give('refused_head', stream)
    return isEnd ? this.#receivedAll(stream) : undefined
  }

  protected trailersTaken(stream: Stream<Head>, fields: string[], isEnd: boolean): Fault | undefined {
    if (!isEnd) return this.streamFault(stream, protocolError('trailers that do not end the message'))
    const flaw = trailersFlaw(fields)
    if (flaw !== null) return this.streamFault(stream, protocolError(flaw))
    stream.trailers = fields
    return this.#receivedAll(stream)
  }

  #takeFrame(): Fault | undefined {
    const { type, flags, streamId, payload } = this.#reader
    switch (type) {
      case FRAME.HEADERS:
        return this.#takeHeaders(streamId, payload, (flags & FLAG.END_STREAM) !== 0)
      case FRAME.RST_STREAM:
        return this.#takeReset(streamId, payload.readUInt32BE(0))
      case FRAME.SETTINGS:
        if ((flags & FLAG.ACK) === 0) return this.#takeSettings(payload)
        this.isSettled = true
        return this.guard.idleFrame(this.nowMs)
      case FRAME.PING:
        return (flags & FLAG.ACK) === 0 ? this.#takePing(payload) : this.#takePong(payload)
      case FRAME.GOAWAY:
        this.give('goaway', undefined)
        return this.peerGoesAway(payload.readUInt32BE(0) & MAX_31_BITS) ?? this.guard.idleFrame(this.nowMs)
      case FRAME.WINDOW_UPDATE:
        return this.#takeWindowUpdate(streamId, payload.readUInt32BE(0) & MAX_31_BITS)
      default:
        return this.guard.idleFrame(this.nowMs)
    }
  }

  #takeHeaders(id: number, block: Buffer, isEnd: boolean): Fault | undefined {
    // Whoever it belongs to, it belongs to the table.
    const problem = this.#decoder.decode(block)
    if (problem !== undefined) return { code: ERROR.COMPRESSION_ERROR, detail: problem }
    const { fields, flaw, isTooLarge } = this.#decoder
    if (this.recentlyReset.has(id)) return this.guard.idleFrame(this.nowMs)
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
      const flood = this.guard.idleFrame(this.nowMs)
      if (flood !== undefined) return flood
    } else if (frameBytes > 0) this.guard.dataReceived()
    const stream = this.streams.get(streamId)
    if (stream === undefined) {
      if (this.recentlyReset.has(streamId)) return undefined
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
      this.give('data', stream)
    }
    return isEnd ? this.#receivedAll(stream) : undefined
  }

  #takeReset(id: number, code: number): Fault | undefined {
    const stream = this.streams.get(id)
    if (stream === undefined) {
      if (this.isIdle(id)) return protocolError('RST_STREAM of no stream')
      return this.guard.idleFrame(this.nowMs)
    }
    const detail = 'the peer has reset the stream'
    this.endStream(stream, { code, detail, by: 'peer', isUnprocessed: code === ERROR.REFUSED_STREAM })
    // Whoever has its whole answer may leave off asking.
    return stream.hasSentAll ? undefined : this.failed()
  }

  #takeSettings(payload: Buffer): Fault | undefined {
    const before = this.peer.windowBytes
    const fault = this.peer.apply(payload) ?? this.guard.idleFrame(this.nowMs)
    if (fault !== undefined) return fault
    this.sender.frameBytes = Math.min(this.limits.frameBytes, this.peer.frameBytes)
    this.writer.settingsAck()
    const more = this.peer.windowBytes - before
    if (more !== 0)
      for (const stream of this.streams.all()) {
        if (!stream.sendWindow.grow(more)) return flowError('a window beyond 2^31 - 1')
        this.sender.enter(stream)
      }
    return undefined
  }

  #takePing(opaque: Buffer): Fault | undefined {
    this.writer.ping(opaque, true)
    return this.guard.idleFrame(this.nowMs)
  }

  #takePong(opaque: Buffer): Fault | undefined {
    if (opaque.equals(OUR_PING)) this.give('pong', undefined)
    else if (opaque.equals(LAST_PING) && this.goingAway === 'announced') this.shutdown()
    return this.guard.idleFrame(this.nowMs)
  }

  #takeWindowUpdate(id: number, bytes: number): Fault | undefined {
    const flood = this.guard.windowUpdate()
    if (flood !== undefined) return flood
    if (id === 0) {
      if (bytes === 0) return protocolError('WINDOW_UPDATE of nothing')
      return this.sender.window.grow(bytes) ? undefined : flowError('a window beyond 2^31 - 1')
    }
    const stream = this.streams.get(id)
    if (stream === undefined) return this.isIdle(id) ? protocolError('WINDOW_UPDATE of no stream') : undefined
    if (bytes === 0) return this.streamFault(stream, protocolError('WINDOW_UPDATE of nothing'))
    if (!stream.sendWindow.grow(bytes)) return this.streamFault(stream, flowError('a window beyond 2^31 - 1'))
    this.sender.enter(stream)
    return undefined
  }

  /** Whoever does not read our answers to its frames gets no more of them. */
  #crowd(): Fault | undefined {
    return this.writer.waitingAnswers > this.limits.waitingAnswers
      ? calm('too many frames that wait to be read')
      : undefined
  }

  #receivedAll(stream: Stream<Head>): Fault | undefined {
    if (stream.expectedBytes !== null && stream.receivedBytes !== stream.expectedBytes && !stream.isDiscarding)
      return this.streamFault(stream, protocolError('a body shorter than its Content-Length'))
    stream.hasReceivedAll = true
    if (!stream.isDiscarding) this.give('end', stream)
    if (stream.hasSentAll) this.close(stream)
    return undefined
  }
}

export function closedFault(what: string): Fault {
  return { code: ERROR.STREAM_CLOSED, detail: `${what} behind the end of its stream` }
}

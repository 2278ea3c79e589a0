// One connection of a caller, on a socket that is connected already: requests out of its bytes, one after the other, and
// each answered before the next one is read, so that answers come in order and a pipeline costs no memory. http1/ reads
// and writes, and here is what a socket adds to that.
import type { Socket } from 'node:net'
import type { Duplex } from 'node:stream'
import { hasBody, type RequestHead as ReadHead } from '../http1/requestHead.ts'
import { RequestReader } from '../http1/requestReader.ts'
import { readDirectly } from '../transport/readDirectly.ts'
import { type CallerChannel, CallerExchange } from './callerExchange.ts'
import type { Connection, ConnectionReader } from './connections.ts'
import type { Front } from './front.ts'
import { Http2Caller } from './http2Caller.ts'
import { httpDate } from './httpDate.ts'
import { judge, refusalOf } from './judge.ts'
import { linger } from './linger.ts'
import { type Doing, longestMs } from './patience.ts'
import { beginningOf } from './prefaceWatch.ts'
import { isRefusal, lastAnswer, type Refusal } from './refusal.ts'
import { type Piece, writePieces } from './writePieces.ts'

/** What is read ahead of what is wanted, before the caller is told to wait. */
const HELD_BYTES = 16 * 1024

const NOTHING = Buffer.alloc(0)

const LATE: Refusal = { code: 'malformed', detail: 'the head did not arrive in time' }

export class CallerConnection implements CallerChannel, ConnectionReader {
  readonly #connection: Connection
  readonly #socket: Socket
  readonly #front: Front
  readonly #stopReading: () => void
  readonly #reader: RequestReader
  /** `ended`: the last answer was given, and what still comes is dropped. `other`: it carries another protocol. */
  #state: 'open' | 'ended' | 'other' = 'open'
  /** The request under way: its answer or its body is not at its end. */
  #exchange: CallerExchange | undefined
  /** Exchanges that the list of connections counts as under way. */
  #counted = 0
  #unwritten = 0
  #isPulling = false
  #hasHeard = false
  /** What came, while it may be the beginning of HTTP/2; null where that is settled. */
  #beginning: Buffer | null
  /** Monotonic; since when it does what it does. */
  #sinceMs: number
  #onDrain: (() => void) | undefined

  constructor(connection: Connection, front: Front) {
    this.#connection = connection
    this.#socket = connection.socket
    this.#front = front
    this.#reader = new RequestReader(front.limits)
    this.#beginning = front.http2 === null ? null : NOTHING
    this.#sinceMs = front.clock.monotonic()
    connection.http = this
    this.#stopReading = readDirectly(this.#socket, this.#onData)
    this.#socket
      .on('end', this.#onEnd)
      .on('drain', this.#onDrained)
      .on('finish', this.#onFinished)
      .once('close', this.#onClosed)
      .resume()
  }

  /** To be called about once a second. */
  sweep(nowMs: number): void {
    const doing = this.#doing
    if (nowMs - this.#sinceMs <= longestMs(doing, this.#front.patience)) return
    if (doing === 'head') this.#turnAway(LATE, 'GET')
    else if (doing === 'body') this.abort()
    else if (doing === 'rest') this.#end()
    else this.#socket.destroy()
  }

  /** Its next answer is the last. */
  retire(): void {}

  get #doing(): Doing {
    if (this.#state === 'other') return 'served'
    if (this.#state === 'ended') return this.#socket.writableFinished ? 'ended' : 'writing'
    if (this.#exchange !== undefined)
      return this.#exchange.isDropped ? 'rest' : this.#exchange.isWhole ? 'served' : 'body'
    if (this.#unwritten > 0) return 'writing'
    if (!this.#reader.isIdle) return 'head'
    return this.#hasHeard ? 'idle' : 'silent'
  }

  // For the exchange.

  get isRetiring(): boolean {
    return this.#connection.isRetiring
  }

  get idleMs(): number {
    return this.#front.patience.idleMs
  }

  date(): string {
    return httpDate(this.#front.clock.now())
  }

  write(pieces: readonly Piece[]): boolean {
    const socket = this.#socket
    if (!socket.writable) return false
    const mayGoOn = writePieces(socket, pieces)
    // Nearly always the system has taken all of it at once. To be called back for that costs a turn of the queue of ticks,
    // and so that is asked for only of what is left.
    if (socket.writableLength > 0) {
      this.#unwritten++
      socket.write(NOTHING, this.#onWritten)
    }
    return mayGoOn
  }

  onDrain(listener: () => void): void {
    this.#onDrain = listener
  }

  answered(keepsAlive: boolean): void {
    this.#onDrain = undefined
    const exchange = this.#exchange
    if (exchange === undefined) return
    exchange.drop()
    if (!keepsAlive) this.#end()
    else if (exchange.isWhole) this.#next()
    else this.#sinceMs = this.#front.clock.monotonic()
    this.#settle()
    this.pull()
  }

  abort(): void {
    // A reset says "broken" even where the end of the body is the end of the connection.
    if (!('encrypted' in this.#socket) && !this.#socket.destroyed) this.#socket.resetAndDestroy()
    else this.#socket.destroy()
  }

  switchOver(): Duplex {
    this.#connection.isSwitched = true
    const early = this.#handOver()
    if (early.length > 0) this.#socket.unshift(early)
    return this.#socket
  }

  /** Takes out of the reader what is there, as far as somebody wants it. */
  pull(): void {
    if (this.#isPulling) return
    this.#isPulling = true
    try {
      while (this.#state === 'open' && !this.#isHeld && this.#step());
    } finally {
      this.#isPulling = false
    }
    if (this.#state === 'open' && !this.#isHeld && this.#socket.isPaused()) this.#socket.resume()
  }

  // Reading.

  /** Nothing is to be read now. */
  get #isHeld(): boolean {
    return this.#exchange === undefined ? this.#socket.writableNeedDrain : this.#exchange.isHeld
  }

  /** False: that was all for now. */
  #step(): boolean {
    switch (this.#reader.next()) {
      case 'head':
        this.#gotHead(this.#reader.head)
        return true
      case 'data':
        if (this.#exchange?.data(this.#reader.data) === false) this.#end()
        return true
      case 'end':
        this.#exchange?.ended(this.#reader.trailers)
        if (this.#exchange?.isDropped === true) this.#next()
        return true
      case 'refused':
        this.#gotNonsense()
        return false
      default:
        return false
    }
  }

  #gotHead(read: ReadHead): void {
    const { connections, clock, connect, handle } = this.#front
    const { origin } = this.#connection
    // Without a body the end is there already.
    if (!hasBody(read)) this.#reader.next()
    if ('code' in origin) {
      this.#turnAway(origin, read.method)
      return
    }
    if (read.method === 'CONNECT' && connect !== null) {
      connect(this.#connection, read.target, this.#handOver())
      return
    }
    const head = judge(read, origin, this.#front)
    if (isRefusal(head)) {
      this.#turnAway(head, read.method)
      return
    }
    this.#exchange = new CallerExchange({ channel: this, read, head, origin, receivedAtMs: clock.monotonic() })
    this.#counted++
    connections.began(this.#connection)
    handle(this.#exchange)
  }

  #gotNonsense(): void {
    const exchange = this.#exchange
    const refusal = this.#reader.refusal === undefined ? LATE : refusalOf(this.#reader.refusal)
    if (exchange === undefined) this.#turnAway(refusal, 'GET')
    else if (exchange.isDropped) this.#end()
    else if (exchange.hasAnswered) this.abort()
    else {
      // Whoever sends half a request and then nonsense is told so by us: for the path, which counts it, it is gone.
      this.#exchange = undefined
      exchange.gone()
      this.#refuse(refusal, 'GET')
    }
  }

  // Ending.

  /** What came is no request that is served here. */
  #turnAway(refusal: Refusal, method: string): void {
    const { origin } = this.#connection
    this.#refuse(refusal, method)
    if (!('code' in origin)) this.#front.refused(origin, refusal.code)
  }

  /** Answers and ends the connection: nobody knows what follows, or it is not for us. */
  #refuse(refusal: Refusal, method: string): void {
    this.write([lastAnswer(refusal, method, this.date())])
    this.#end()
  }

  #next(): void {
    this.#exchange = undefined
    this.#sinceMs = this.#front.clock.monotonic()
  }

  #end(): void {
    if (this.#state !== 'open') return
    this.#state = 'ended'
    this.#next()
    this.#stopReading()
    linger(this.#socket)
  }

  /** Whoever takes the socket reads it from here on; the bytes that were read and not understood. */
  #handOver(): Buffer {
    this.#state = 'other'
    this.#stopReading()
    this.#socket.off('end', this.#onEnd).off('drain', this.#onDrained).off('finish', this.#onFinished)
    this.#socket.pause()
    return this.#reader.takeRest()
  }

  /** Tells the list of connections of exchanges that are over and written. */
  #settle(): void {
    if (this.#unwritten > 0) return
    for (
      const kept = this.#exchange === undefined || this.#exchange.isDropped ? 0 : 1;
      this.#counted > kept;
      this.#counted--
    )
      this.#front.connections.ended(this.#connection)
  }

  readonly #onData = (chunk: Buffer): void => {
    this.#hasHeard = true
    if (this.#exchange === undefined && this.#reader.isIdle) this.#sinceMs = this.#front.clock.monotonic()
    const bytes = this.#beginning === null ? chunk : this.#begun(chunk)
    if (bytes === null) return
    this.#reader.feed(bytes)
    this.pull()
    if (this.#state === 'open' && this.#isHeld && this.#reader.pendingBytes > HELD_BYTES) this.#socket.pause()
  }

  /** All that came, where it is HTTP/1; null where that is not known, or HTTP/2 has begun. */
  #begun(chunk: Buffer): Buffer | null {
    const bytes = this.#beginning === null ? chunk : Buffer.concat([this.#beginning, chunk])
    const beginning = beginningOf(bytes)
    this.#beginning = beginning === 'more' ? bytes : null
    if (beginning === 'http1') return bytes
    const { http2 } = this.#front
    if (beginning === 'http2' && http2 !== null) {
      this.#handOver()
      this.#socket.unshift(bytes)
      new Http2Caller(this.#connection, this.#front, http2)
    }
    return null
  }

  /** The caller sends nothing any more. Whoever waits for an answer does not do that: it is gone. */
  readonly #onEnd = (): void => {
    if (this.#state !== 'open') return
    const exchange = this.#exchange
    if (exchange !== undefined && !exchange.isDropped) this.#socket.destroy()
    else if (exchange === undefined && !this.#isHeld && this.#reader.end() === 'refused') this.#gotNonsense()
    else this.#end()
  }

  readonly #onDrained = (): void => {
    this.#onDrain?.()
    this.pull()
  }

  readonly #onWritten = (): void => {
    this.#unwritten--
    this.#settle()
  }

  readonly #onFinished = (): void => {
    this.#sinceMs = this.#front.clock.monotonic()
  }

  readonly #onClosed = (): void => {
    const exchange = this.#exchange
    this.#exchange = undefined
    this.#unwritten = 0
    this.#settle()
    if (this.#state !== 'other') exchange?.gone()
  }
}

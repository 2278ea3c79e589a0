// An HTTP/2 connection on a socket, for both sides: what the socket gives is fed to the machine of bytes in http2/, the
// steps that it makes are given to an owner, and what was said leaves by the socket. No timers: its owner sweeps.
//
// What is said in a turn of the event loop leaves in one write, by a setImmediate: that runs when every socket that was
// ready has been read, so that requests (or answers) that came over many connections share a TLS record and a system call.
// Of 4,000 requests over 64 connections of HTTP/1.1, and their answers, a pair of proxies wrote 982 times to the socket
// between them; 7,998 times by a microtask, which is a turn for each of them.
//
// Chunks come one by one and not in one reused buffer (`onread`): views of them are kept, as bodies on their way, so that
// each would have to be copied; and those of a TLS socket are of just their size already.
//
// The socket is always read: whoever did not read while it cannot write would wait for a peer that does the same. What may
// come is bounded by windows, and what is to be said in return by the codec.
import type { Socket } from 'node:net'
import type { Clock } from '@heddle/shared/clock'
import type { Connection } from '../http2/connection.ts'
import type { Fault } from '../http2/fault.ts'
import type { Step } from '../http2/speakingSide.ts'
import { type Care, measureFor } from './care.ts'
import { readDirectly } from './readDirectly.ts'
import { writeBuffers } from './writeBuffers.ts'

export type OwnedStep = Exclude<Step, 'more' | 'refused' | 'closed'>

export interface TransportOwner {
  /** Of `connection.stream`, but for 'pong' and 'goaway'. What is said within it needs no `wake`. Must not throw. */
  step(step: OwnedStep): void
  /** What was said has left, or as much of it as the socket takes. */
  flushed?(): void
  /** Once, after the streams that were open have been reset. Nothing can be said any more; the socket closes by itself. */
  ended(why: Ending): void
}

/** Neither: the peer has closed it, or it was drained. */
export interface Ending {
  /** Why the peer was refused or given up. */
  readonly fault: Fault | undefined
  /** Of the socket. */
  readonly error: Error | undefined
}

export interface TransportParts<Head> {
  connection: Connection<Head>
  /** Connected, and read by nobody else. */
  socket: Socket
  owner: TransportOwner
  clock: Clock
  care: Care
}

/** Of bodies that wait to be sent, taken at once: what a socket takes without having to wait. */
const TAKEN_BYTES = 64 * 1024
/** When everything was said: what is read still of a peer that goes on, and for how long, so that it can read our last. */
const DROPPED_BYTES = 1024 * 1024
const ENDED_MS = 2_000

export class Http2Transport<Head> {
  /** How often something was written: what was said before the last time has left. */
  writes = 0
  readonly #connection: Connection<Head>
  readonly #socket: Socket
  readonly #owner: TransportOwner
  readonly #clock: Clock
  readonly #care: Care
  readonly #beganAtMs: number
  #heardAtMs: number
  #busyAtMs: number
  #pingedAtMs: number | null = null
  #blockedAtMs: number | null = null
  #leavingAtMs: number | null = null
  /** Since when everything was said. */
  #endedAtMs: number | null = null
  #isScheduled = false
  #droppedBytes = 0
  #fault: Fault | undefined
  #error: Error | undefined

  constructor({ connection, socket, owner, clock, care }: TransportParts<Head>) {
    this.#connection = connection
    this.#socket = socket
    this.#owner = owner
    this.#clock = clock
    this.#care = care
    this.#beganAtMs = this.#heardAtMs = this.#busyAtMs = clock.monotonic()
    readDirectly(socket, this.#onData)
    socket
      .on('drain', this.#onDrain)
      .on('error', this.#onError)
      .once('end', this.#onEnd)
      .once('close', this.#onClose)
      .resume()
    this.wake()
  }

  /** Something was said on the connection: it leaves at the end of this turn. */
  wake(): void {
    if (this.#isScheduled) return
    this.#isScheduled = true
    setImmediate(this.#flush)
  }

  /** Takes no new streams, lets those that are open end, and closes. */
  leave(): void {
    this.#leavingAtMs ??= this.#clock.monotonic()
    this.#connection.shutdown()
    this.wake()
  }

  /** Breaks everything off. */
  destroy(fault?: Fault): void {
    this.#fault ??= fault
    this.#socket.destroy()
  }

  /** To be called about once a second. */
  sweep(nowMs: number): void {
    if (this.#endedAtMs !== null) {
      if (nowMs - this.#endedAtMs > ENDED_MS) this.#socket.destroy()
      return
    }
    const { isSettled, openStreams } = this.#connection
    if (openStreams > 0) this.#busyAtMs = nowMs
    const measure = measureFor(
      {
        beganAtMs: this.#beganAtMs,
        isSettled,
        heardAtMs: this.#heardAtMs,
        pingedAtMs: this.#pingedAtMs,
        blockedAtMs: this.#blockedAtMs,
        busyAtMs: this.#busyAtMs,
        openStreams,
        leavingAtMs: this.#leavingAtMs,
      },
      this.#care,
      nowMs,
    )
    if (measure === 'leave') this.leave()
    else if (measure === 'ping') {
      this.#pingedAtMs = nowMs
      this.#connection.ping()
      this.wake()
    } else if (measure !== 'none') this.destroy(measure)
  }

  #steps(): void {
    for (;;) {
      const step = this.#connection.next()
      switch (step) {
        case 'more':
          return
        case 'refused':
        case 'closed':
          this.#end()
          return
        case 'head':
          this.#busyAtMs = this.#heardAtMs
          this.#owner.step(step)
          break
        default:
          this.#owner.step(step)
      }
    }
  }

  /** Says the last of it. */
  #end(): void {
    if (this.#endedAtMs !== null) return
    this.#endedAtMs = this.#clock.monotonic()
    if (this.#socket.writable) {
      this.#write(this.#connection.take(0))
      this.#socket.end()
    }
    this.#owner.ended({ fault: this.#fault ?? this.#connection.fault, error: this.#error })
  }

  #write(buffers: readonly Buffer[]): boolean {
    this.writes++
    return writeBuffers(this.#socket, buffers)
  }

  readonly #flush = (): void => {
    this.#isScheduled = false
    if (this.#socket.destroyed) return
    const connection = this.#connection
    while (this.#endedAtMs === null && this.#blockedAtMs === null && connection.hasOutput) {
      if (!this.#write(connection.take(TAKEN_BYTES))) this.#blockedAtMs = this.#clock.monotonic()
      this.#steps()
    }
    if (this.#endedAtMs !== null) return
    this.#owner.flushed?.()
    if (connection.isDrained && !connection.hasOutput) this.#end()
  }

  readonly #onData = (chunk: Buffer): void => {
    if (this.#endedAtMs !== null) {
      this.#droppedBytes += chunk.length
      if (this.#droppedBytes > DROPPED_BYTES) this.#socket.destroy()
      return
    }
    this.#heardAtMs = this.#clock.monotonic()
    this.#pingedAtMs = null
    this.#connection.feed(chunk, this.#heardAtMs)
    this.#steps()
    if (this.#connection.hasOutput || this.#connection.isDrained) this.wake()
  }

  readonly #onDrain = (): void => {
    this.#blockedAtMs = null
    this.#flush()
  }

  readonly #onError = (error: Error): void => {
    this.#error ??= error
  }

  readonly #onEnd = (): void => {
    this.#connection.end()
    this.#steps()
  }

  readonly #onClose = (): void => {
    this.#connection.end()
    this.#steps()
  }
}

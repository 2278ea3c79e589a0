// The HTTP/2 connections to one place: nearly always one, which carries all requests. Another is opened where the first
// one's streams are all in use or it takes no new ones, and while it is, requests wait. What a connection is (TLS or not, to
// whom) is the dialler's business.
import type { Clock } from '@heddle/shared/clock'
import type { PeerIdentity } from '../interfaces.ts'
import type { HeaderList } from '../listen/exchange.ts'
import type { BufferBudget } from '../transport/bufferBudget.ts'
import { classifyError, DialError, overloaded } from './classifyError.ts'
import { Http2Connection, type Http2Options } from './http2Connection.ts'
import { type Carrier, Http2Request } from './http2Request.ts'
import { type Dialled, retireAt } from './pool.ts'
import type { Failure, OutgoingRequest, Sending, Upstream } from './upstream.ts'

export interface Http2PoolLimits {
  /** Of those that take requests. */
  connections: number
  /** Requests that wait for a connection; more are refused at once. */
  waiting: number
  /** How long a request waits where no further connection may be opened. To a second or so. */
  patienceMs: number
}

/** Each is worth a thousand requests at a time between two proxies. */
const LIMITS: Http2PoolLimits = { connections: 4, waiting: 1_024, patienceMs: 1_000 }

interface Kept extends Dialled {
  readonly connection: Http2Connection
  readonly retireAtMs: number
}

interface Waiter {
  readonly request: Http2Request
  /** Monotonic. */
  readonly sinceMs: number
}

/** A connection, and what its two ends have agreed to speak. */
export interface Negotiated extends Dialled {
  protocol: 'h2' | 'http/1.1'
}

export interface Http2PoolParts {
  dial: () => Promise<Negotiated>
  options: Http2Options
  budget: BufferBudget
  clock: Clock
  limits?: Http2PoolLimits
  /** Takes a connection whose other end chose HTTP/1.1; what it gives gets the requests that waited. */
  other?: (dialled: Dialled) => Upstream
}

export class Http2Pool implements Upstream, Carrier {
  readonly #parts: Http2PoolParts
  readonly #limits: Http2PoolLimits
  readonly #clock: Clock
  readonly #all = new Set<Kept>()
  /** The one that took the last request. */
  #current: Kept | undefined
  #waiting: Waiter[] = []
  #isDialling = false
  #isRetired = false

  constructor(parts: Http2PoolParts) {
    this.#parts = parts
    this.#limits = parts.limits ?? LIMITS
    this.#clock = parts.clock
  }

  /** A connection takes requests, or is being opened. */
  get isInUse(): boolean {
    return this.#isDialling || this.#taking.length > 0
  }

  get isEmpty(): boolean {
    return this.#all.size === 0 && !this.#isDialling && this.#waiting.length === 0
  }

  send(outgoing: OutgoingRequest, inform: (status: number, headers: HeaderList) => void): Sending {
    const request = new Http2Request(outgoing, inform, this.#parts.budget, this)
    if (this.#parts.budget.isSpent) request.failed(overloaded('too much of answers waits to be taken', false))
    else {
      const kept = this.#waiting.length === 0 ? this.#withRoom() : undefined
      if (kept === undefined) this.#wait(request)
      else kept.connection.send(request)
    }
    return request
  }

  /** Takes no further request; connections end when their last one does. */
  retire(): void {
    this.#isRetired = true
    if (this.#waiting.length === 0) for (const { connection } of this.#all) connection.retire()
  }

  /** To be called about once a second. */
  sweep(): void {
    const now = this.#clock.now()
    const monotonic = this.#clock.monotonic()
    for (const { connection, retireAtMs, endAtMs } of this.#all) {
      if (now >= endAtMs) connection.destroy()
      else {
        if (now >= retireAtMs && !connection.isLeaving) connection.retire()
        connection.sweep(monotonic)
      }
    }
    this.#serve()
    if (this.#isDialling) return
    const { patienceMs } = this.#limits
    while (monotonic - (this.#waiting[0]?.sinceMs ?? monotonic) > patienceMs)
      this.#waiting.shift()?.request.failed(overloaded(`no connection had room within ${patienceMs} ms`, false))
  }

  destroyWhere(matches: (peer: PeerIdentity) => boolean): void {
    for (const { peer, connection } of this.#all) if (peer !== null && matches(peer)) connection.destroy()
  }

  destroy(): void {
    this.#isRetired = true
    for (const { connection } of this.#all) connection.destroy()
    this.#failAll(this.#notSent(new Error('the proxy is shutting down')))
  }

  // For a request that waits.

  leave(request: Http2Request): Failure {
    this.#waiting = this.#waiting.filter((waiter) => waiter.request !== request)
    return this.#notSent(new Error('the request was broken off'))
  }

  consumed(): void {}

  #withRoom(): Kept | undefined {
    const current = this.#current
    if (current !== undefined && this.#takes(current)) return current
    for (const kept of this.#all)
      if (this.#takes(kept)) {
        this.#current = kept
        return kept
      }
    return undefined
  }

  #takes({ connection, retireAtMs }: Kept): boolean {
    return connection.hasRoom && this.#clock.now() < retireAtMs
  }

  #wait(request: Http2Request): void {
    if (this.#waiting.length >= this.#limits.waiting) {
      request.failed(overloaded('too many requests wait for a connection', false))
      return
    }
    this.#waiting.push({ request, sinceMs: this.#clock.monotonic() })
    this.#openMore()
  }

  /** Gives those that wait what room there is. */
  #serve(): void {
    while (this.#waiting.length > 0) {
      const kept = this.#withRoom()
      if (kept === undefined) {
        this.#openMore()
        return
      }
      const request = this.#waiting.shift()?.request
      if (request !== undefined) kept.connection.send(request)
    }
    if (this.#isRetired) for (const { connection } of this.#all) if (!connection.isLeaving) connection.retire()
  }

  /** Those that take requests, even if they have no room just now. */
  get #taking(): Http2Connection[] {
    const now = this.#clock.now()
    return [...this.#all]
      .filter(({ connection, retireAtMs }) => !connection.isLeaving && now < retireAtMs)
      .map(({ connection }) => connection)
  }

  #openMore(): void {
    const taking = this.#taking
    if (this.#isDialling || taking.length >= this.#limits.connections) return
    // It may have more room than it is known to have yet.
    if (taking.some(({ isSettled }) => !isSettled)) return
    this.#isDialling = true
    this.#parts.dial().then(
      (dialled) => {
        this.#isDialling = false
        this.#add(dialled)
      },
      (error: unknown) => {
        this.#isDialling = false
        // Where there is another, it will have room.
        if (this.#taking.length > 0) return
        this.#failAll(this.#notSent(error instanceof Error ? error : new Error(String(error))))
      },
    )
  }

  #add(dialled: Negotiated): void {
    const left = Math.max(0, dialled.endAtMs - this.#clock.now())
    if (left === 0) {
      // TLS 1.3 lets a client with an expired certificate finish its handshake; dialling again would not help.
      dialled.socket.destroy()
      this.#failAll(this.#notSent(new DialError('HEDDLE_TLS', 'a certificate of the connection has expired')))
      return
    }
    const { other, options } = this.#parts
    if (dialled.protocol !== 'h2' && other !== undefined) {
      const upstream = other(dialled)
      for (const { request } of this.#waiting.splice(0))
        request.handOver(upstream.send(request.outgoing, request.inform))
      return
    }
    const kept: Kept = {
      ...dialled,
      retireAtMs: retireAt(dialled.endAtMs, left),
      connection: new Http2Connection(dialled.socket, options, this.#clock, {
        onRoom: () => {
          if (this.#waiting.length > 0) this.#serve()
        },
        onEnded: () => this.#serve(),
      }),
    }
    this.#all.add(kept)
    this.#current = kept
    dialled.socket.once('close', () => {
      this.#all.delete(kept)
      if (this.#current === kept) this.#current = undefined
    })
    this.#serve()
  }

  #failAll(failure: Failure): void {
    for (const { request } of this.#waiting.splice(0)) request.failed(failure)
  }

  #notSent(error: Error): Failure {
    const progress = { isConnected: false, isReused: false, hasSentBytes: false, hasAnswerBytes: false }
    const known = error instanceof DialError ? error : new DialError('HEDDLE_CONNECT', error.message, { cause: error })
    return classifyError(known, progress, this.#parts.options.to)
  }
}

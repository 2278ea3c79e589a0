// The connections to one place: idle ones are used again, last in first out, and a request takes whichever is free or
// ready first. What a connection is (TLS or not, to whom) is the dialler's business.
import type { Socket } from 'node:net'
import type { Clock } from '@heddle/shared/clock'
import type { PeerIdentity } from '../interfaces.ts'
import type { HeaderList } from '../listen/exchange.ts'
import { classifyError, DialError, overloaded } from './classifyError.ts'
import { type ConnectionOptions, HttpConnection } from './httpConnection.ts'
import { type Failure, type Outcome, type OutgoingRequest, type Sending, sendingOf, type Upstream } from './upstream.ts'

export interface PoolLimits {
  /** Switched ones (WebSockets) are not counted: they would end in hours. */
  connections: number
  /** Requests that wait for one of them; more are refused at once. */
  waiting: number
  /** How long a request waits where no further connection may be opened. */
  patienceMs: number
}

/** As Envoy's defaults for connections and pending requests, but for each place. */
const LIMITS: PoolLimits = { connections: 1_024, waiting: 1_024, patienceMs: 1_000 }
/** A connection takes no new request this long before a certificate of its two ends … */
const RETIRE_BEFORE_MS = 60_000
/** … or in the last part of what was left when it was made. A server retires later, so that the client closes first. */
const RETIRE_PART = 0.2

/** `leftMs`: from now to `endAtMs`. */
export function retireAt(endAtMs: number, leftMs: number): number {
  return endAtMs - Math.min(RETIRE_BEFORE_MS, leftMs * RETIRE_PART)
}

export interface Dialled {
  socket: Socket
  peer: PeerIdentity | null
  /** Epoch milliseconds at which the connection must be gone. */
  endAtMs: number
}

interface Pooled extends Dialled {
  connection: HttpConnection
  retireAtMs: number
  isBusy: boolean
  isSwitched: boolean
  /** Its request is over. */
  readonly onFree: () => void
}

type Inform = (status: number, headers: HeaderList) => void

interface Waiter {
  patience: NodeJS.Timeout | undefined
  take(connection: Pooled): void
  fail(failure: Failure): void
}

export class Pool implements Upstream {
  readonly #dial: () => Promise<Dialled>
  readonly #options: ConnectionOptions
  readonly #clock: Clock
  readonly #limits: PoolLimits
  readonly #all = new Set<Pooled>()
  readonly #idle: Pooled[] = []
  readonly #waiting: Waiter[] = []
  #dialling = 0
  #switched = 0
  #isRetired = false
  /** Monotonic. */
  lastUsedMs: number

  constructor(dial: () => Promise<Dialled>, options: ConnectionOptions, clock: Clock, limits: PoolLimits = LIMITS) {
    this.#dial = dial
    this.#options = options
    this.#clock = clock
    this.#limits = limits
    this.lastUsedMs = clock.monotonic()
  }

  get isEmpty(): boolean {
    return this.#all.size === 0 && this.#dialling === 0 && this.#waiting.length === 0
  }

  send(request: OutgoingRequest, inform: Inform): Sending {
    this.lastUsedMs = this.#clock.monotonic()
    const free = this.#takeIdle()
    return free === undefined ? this.#sendLater(request, inform) : this.#sendOn(free, request, inform)
  }

  /** A connection that somebody else has opened. */
  adopt(dialled: Dialled): void {
    this.#add(dialled)
  }

  /** Takes no further request; connections end when their request does. */
  retire(): void {
    this.#isRetired = true
    for (const pooled of this.#idle.splice(0)) pooled.connection.destroy()
  }

  /** To be called about once a second. */
  sweep(): void {
    const now = this.#clock.now()
    for (const pooled of this.#all) {
      const isSpent = now >= pooled.retireAtMs || !pooled.connection.isUsable
      if (now >= pooled.endAtMs || (!pooled.isBusy && isSpent)) pooled.connection.destroy()
    }
  }

  destroyWhere(matches: (peer: PeerIdentity) => boolean): void {
    for (const pooled of this.#all) if (pooled.peer !== null && matches(pooled.peer)) pooled.connection.destroy()
  }

  destroy(): void {
    this.#isRetired = true
    for (const pooled of this.#all) pooled.connection.destroy()
    for (const waiter of this.#waiting.splice(0)) waiter.fail(this.#notSent(new Error('the proxy is shutting down')))
  }

  #takeIdle(): Pooled | undefined {
    for (;;) {
      const pooled = this.#idle.pop()
      if (pooled === undefined) return undefined
      if (pooled.connection.isUsable && this.#clock.now() < pooled.retireAtMs) return pooled
      pooled.connection.destroy()
    }
  }

  #sendOn(pooled: Pooled, request: OutgoingRequest, inform: Inform): Sending {
    pooled.isBusy = true
    const sending = pooled.connection.send(request, inform, pooled.onFree)
    if (request.upgrade !== null)
      sending.outcome.then(({ kind }) => {
        if (kind === 'switched') this.#noteSwitch(pooled)
      })
    return sending
  }

  #sendLater(request: OutgoingRequest, inform: Inform): Sending {
    const { promise, resolve } = Promise.withResolvers<Outcome>()
    let sending: Sending | undefined
    const waiter: Waiter = {
      patience: undefined,
      take: (pooled) => {
        clearTimeout(waiter.patience)
        sending = this.#sendOn(pooled, request, inform)
        sending.outcome.then(resolve)
      },
      fail: (failure) => {
        clearTimeout(waiter.patience)
        request.body?.abort()
        resolve(failure)
      },
    }
    this.#wait(waiter)
    return sendingOf(promise, () => {
      if (sending !== undefined) sending.abort()
      else if (this.#leave(waiter)) waiter.fail(this.#notSent(new Error('the request was broken off')))
    })
  }

  #wait(waiter: Waiter): void {
    if (this.#waiting.length >= this.#limits.waiting) {
      waiter.fail(overloaded('too many requests wait for a connection', false))
      return
    }
    this.#waiting.push(waiter)
    if (!this.#isFull) {
      this.#openMore()
      return
    }
    waiter.patience = setTimeout(() => {
      if (this.#leave(waiter))
        waiter.fail(overloaded(`no connection was free within ${this.#limits.patienceMs} ms`, false))
    }, this.#limits.patienceMs)
  }

  get #isFull(): boolean {
    return this.#all.size - this.#switched + this.#dialling >= this.#limits.connections
  }

  /** One for each request that waits, as far as there may be more. */
  #openMore(): void {
    while (this.#dialling < this.#waiting.length && !this.#isFull) this.#open()
  }

  #noteSwitch(pooled: Pooled): void {
    if (pooled.isSwitched || !this.#all.has(pooled)) return
    pooled.isSwitched = true
    this.#switched++
    this.#openMore()
  }

  #leave(waiter: Waiter): boolean {
    const at = this.#waiting.indexOf(waiter)
    if (at === -1) return false
    this.#waiting.splice(at, 1)
    return true
  }

  #open(): void {
    this.#dialling++
    this.#dial().then(
      (dialled) => {
        this.#dialling--
        this.#add(dialled)
      },
      (error: unknown) => {
        this.#dialling--
        this.#waiting.shift()?.fail(this.#notSent(error instanceof Error ? error : new Error(String(error))))
        // Whoever still waits for a connection that nobody opens would wait for ever.
        this.#openMore()
      },
    )
  }

  #add(dialled: Dialled): void {
    const left = Math.max(0, dialled.endAtMs - this.#clock.now())
    if (left === 0) {
      // TLS 1.3 lets a client with an expired certificate finish its handshake; dialling again would not help.
      dialled.socket.destroy()
      const error = new DialError('HEDDLE_TLS', 'a certificate of the connection has expired')
      this.#waiting.shift()?.fail(this.#notSent(error))
      return
    }
    const pooled: Pooled = {
      ...dialled,
      retireAtMs: retireAt(dialled.endAtMs, left),
      isBusy: false,
      isSwitched: false,
      onFree: () => this.#free(pooled),
      connection: new HttpConnection(dialled.socket, this.#options, this.#clock, () => this.#remove(pooled)),
    }
    this.#all.add(pooled)
    this.#offer(pooled)
  }

  #remove(pooled: Pooled): void {
    if (!this.#all.delete(pooled)) return
    const at = this.#idle.indexOf(pooled)
    if (at !== -1) this.#idle.splice(at, 1)
    if (pooled.isSwitched) this.#switched--
    this.#openMore()
  }

  #free(pooled: Pooled): void {
    pooled.isBusy = false
    this.#offer(pooled)
  }

  #offer(pooled: Pooled): void {
    if (!pooled.connection.isUsable || this.#clock.now() >= pooled.retireAtMs) {
      pooled.connection.destroy()
      this.#remove(pooled)
      return
    }
    const waiter = this.#waiting.shift()
    if (waiter !== undefined) waiter.take(pooled)
    else if (this.#isRetired) pooled.connection.destroy()
    else {
      pooled.connection.rest()
      this.#idle.push(pooled)
    }
  }

  #notSent(error: Error): Failure {
    const progress = { isConnected: false, isReused: false, hasSentBytes: false, hasAnswerBytes: false }
    const known = error instanceof DialError ? error : new DialError('HEDDLE_CONNECT', error.message, { cause: error })
    return classifyError(known, progress, this.#options.to)
  }
}

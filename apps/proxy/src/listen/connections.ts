// The live connections of one listener: which have a request in flight, which are about to end and why.
import type { Socket } from 'node:net'
import type { Clock } from '@heddle/shared/clock'
import type { Origin } from './exchange.ts'
import type { Refusal } from './refusal.ts'

/** A peer's connection takes no new request this long before the peer's certificate ends … */
const RETIRE_BEFORE_MS = 30_000
/** … or in the last part of what was left when it was made, for leaves that live for seconds. */
const RETIRE_PART = 0.1

export interface Connection {
  readonly socket: Socket
  /** Who is at the other end, or why nothing is served to them. */
  readonly origin: Origin | Refusal
  /** Requests and switched protocols in flight. */
  active: number
  /** The next answer says `Connection: close`. */
  isRetiring: boolean
  /** It carries another protocol now (a WebSocket), which only the app can end in its own words. */
  isSwitched: boolean
  /** When the connection stops to be used, and when it must be gone; epoch milliseconds. */
  readonly retireAtMs: number
  readonly endAtMs: number
  /** Who reads requests from it; null before and after. */
  http: ConnectionReader | null
}

export interface ConnectionReader {
  /** Ends what takes too long; `nowMs` is monotonic. */
  sweep(nowMs: number): void
  /** `isRetiring` was set. */
  retire(): void
}

export class Connections {
  readonly #live = new Set<Connection>()
  readonly #clock: Clock
  /** In their handshake: the other side may send a request before we know of the connection. */
  #opening = 0
  #isDraining = false
  #isDrained = false
  #isClosed = false
  #onIdle: (() => void) | undefined

  constructor(clock: Clock) {
    this.#clock = clock
  }

  get size(): number {
    return this.#live.size
  }

  /** Nothing is served any more. */
  get isDrained(): boolean {
    return this.#isDrained
  }

  get active(): number {
    let active = 0
    for (const connection of this.#live) active += connection.active
    return active
  }

  /** A handshake began; `opened` must follow, whatever comes of it. */
  opens(): void {
    this.#opening++
  }

  opened(): void {
    this.#opening--
    this.#noteIdle()
  }

  add(socket: Socket, origin: Origin | Refusal): Connection {
    const now = this.#clock.now()
    const endAtMs = 'kind' in origin && origin.kind === 'peer' ? origin.peer.notAfter : Number.POSITIVE_INFINITY
    const connection: Connection = {
      socket,
      origin,
      active: 0,
      isRetiring: this.#isDraining,
      isSwitched: false,
      retireAtMs: endAtMs - Math.min(RETIRE_BEFORE_MS, Math.max(0, endAtMs - now) * RETIRE_PART),
      endAtMs,
      http: null,
    }
    this.#live.add(connection)
    if (this.#isClosed) socket.destroy()
    socket.once('close', () => {
      this.#live.delete(connection)
      this.#noteIdle()
    })
    return connection
  }

  began(connection: Connection): void {
    connection.active++
  }

  ended(connection: Connection): void {
    connection.active--
    this.#noteIdle()
  }

  /** For connections that carry many requests at a time. */
  carries(connection: Connection, active: number): void {
    if (connection.active === active) return
    connection.active = active
    if (active === 0) this.#noteIdle()
  }

  /** Ends what has outlived its peer's certificate, and what takes too long; to be called about once a second. */
  sweep(): void {
    const now = this.#clock.now()
    const monotonic = this.#clock.monotonic()
    for (const connection of this.#live) {
      if (now >= connection.endAtMs) {
        connection.socket.destroy()
        continue
      }
      if (now >= connection.retireAtMs) retire(connection)
      connection.http?.sweep(monotonic)
    }
  }

  /** Every connection ends with its current answer; an idle one when the other side takes no notice of us any more. */
  retireAll(): void {
    for (const connection of this.#live) retire(connection)
  }

  /** As `retireAll`; those that are left after `withinMs` are broken off. */
  replaceAll(withinMs: number): void {
    const old = new Set(this.#live)
    this.retireAll()
    setTimeout(() => this.destroyWhere((connection) => old.has(connection)), withinMs).unref()
  }

  /** Resolves when the other sides have closed what carries requests, at the latest after `timeoutMs`. */
  left(timeoutMs: number): Promise<void> {
    return this.#until(() => this.#requests.length === 0, timeoutMs)
  }

  /** Ends every connection, and those that are only in their handshake as soon as it is over. */
  close(): void {
    this.#isClosed = true
    this.destroyWhere(() => true)
  }

  destroyWhere(matches: (connection: Connection) => boolean): void {
    for (const connection of this.#live) if (matches(connection)) connection.socket.destroy()
  }

  /**
   * Resolves when no request is in flight and the other sides have had `graceMs` to close what is idle (they close
   * first, so that no request meets a closing connection), at the latest after `deadlineMs`; requests that are in flight
   * then are broken off. Idle connections that are left stay, and what comes on them is refused: whoever was not told of
   * our end learns it from an answer, after which a request can go elsewhere, and not from a reset, after which it may
   * not. Switched connections are not waited for and stay too: the app says goodbye on them when it hears of the end.
   */
  async drain(deadlineMs: number, graceMs: number): Promise<void> {
    this.#isDraining = true
    this.retireAll()
    const isQuiet = (): boolean => this.#opening === 0 && this.#requests.every(({ active }) => active === 0)
    await this.#until(isQuiet, deadlineMs)
    await this.#until(() => this.#opening === 0 && this.#requests.length === 0, Math.min(graceMs, deadlineMs))
    await this.#until(isQuiet, deadlineMs)
    this.#isDrained = true
    this.destroyWhere(({ active, isSwitched }) => active > 0 && !isSwitched)
  }

  /** The connections that carry requests. */
  get #requests(): Connection[] {
    return [...this.#live].filter(({ isSwitched }) => !isSwitched)
  }

  #until(isReached: () => boolean, timeoutMs: number): Promise<void> {
    if (isReached()) return Promise.resolve()
    return new Promise((resolve) => {
      const done = (): void => {
        clearTimeout(timer)
        this.#onIdle = undefined
        resolve()
      }
      const timer = setTimeout(done, timeoutMs)
      this.#onIdle = () => {
        if (isReached()) done()
      }
    })
  }

  #noteIdle(): void {
    this.#onIdle?.()
  }
}

function retire(connection: Connection): void {
  if (connection.isRetiring) return
  connection.isRetiring = true
  connection.http?.retire()
}

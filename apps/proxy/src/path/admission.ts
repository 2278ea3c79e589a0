// The doors to both paths: a bound on what is in flight through each, so that strangers starve neither the mesh nor our
// own application, and the list of calls that the clock looks after.
import type { Clock } from '@heddle/shared/clock'
import type { Telemetry } from '../interfaces.ts'
import type { Exchange, Origin } from '../listen/exchange.ts'
import { Call, type InFlight } from './call.ts'

/** Through each door. As linkerd2-proxy's queue; 100 there failed half of a load test. */
const MAX_IN_FLIGHT = 10_000
/** How much of the mesh's door one calling service can take, so that the others still get in. */
const SHARE_OF_ONE_CALLER = 0.5
/** A stream in which nothing moves for this long is ended (Envoy's default). */
const STREAM_IDLE_MS = 300_000
/** A stranger who is not done with a request has to send something within this (nginx's client_body_timeout). */
const PUBLIC_BODY_IDLE_MS = 60_000

export interface AdmissionLimits {
  /** Requests in flight through each door: of our application, of the mesh, of strangers. */
  maxInFlight?: number | undefined
  streamIdleMs?: number | undefined
  /** Of a stranger's request whose body has not come to its end. */
  publicBodyIdleMs?: number | undefined
}

export interface AdmissionParts extends AdmissionLimits {
  telemetry: Telemetry
  clock: Clock
}

export class Admission implements InFlight {
  readonly #parts: AdmissionParts
  readonly #maxInFlight: number
  readonly #maxOfOneCaller: number
  readonly #streamIdleMs: number
  readonly #publicBodyIdleMs: number
  /**
   * A call stands where its `place` says. No Set: at the rate of calls V8 makes a new table for it every few dozen of them,
   * and once one has grown old, all that follow survive with their calls until the next full collection.
   */
  readonly #calls: Call[] = []
  readonly #through: Record<Origin['kind'], number> = { app: 0, peer: 0, public: 0 }
  /** Calls in flight of each peer service that has some. */
  readonly #ofPeer = new Map<string, number>()

  constructor(parts: AdmissionParts) {
    this.#parts = parts
    this.#maxInFlight = parts.maxInFlight ?? MAX_IN_FLIGHT
    this.#maxOfOneCaller = Math.ceil(this.#maxInFlight * SHARE_OF_ONE_CALLER)
    this.#streamIdleMs = parts.streamIdleMs ?? STREAM_IDLE_MS
    this.#publicBodyIdleMs = Math.min(parts.publicBodyIdleMs ?? PUBLIC_BODY_IDLE_MS, this.#streamIdleMs)
  }

  get inFlight(): number {
    return this.#calls.length
  }

  /** undefined: refused and recorded. */
  open(exchange: Exchange, side: 'outbound' | 'inbound', source: string): Call | undefined {
    const call = new Call(exchange, side, source, this.#parts)
    const door = exchange.origin.kind
    if (this.#through[door] >= this.#maxInFlight) {
      call.refuse('overloaded')
      return undefined
    }
    if (door === 'peer' && (this.#ofPeer.get(source) ?? 0) >= this.#maxOfOneCaller) {
      call.refuse('overloaded', `${source} has its share of calls in flight`)
      return undefined
    }
    this.#count(door, source, 1)
    call.enters(this, this.#calls.push(call) - 1)
    return call
  }

  /** To be called about once a second. */
  sweep(): void {
    const now = this.#parts.clock.monotonic()
    for (const call of [...this.#calls]) {
      const idleMs = isStrangersBody(call.exchange) ? this.#publicBodyIdleMs : this.#streamIdleMs
      if (now - call.lastMovedMs > idleMs) call.timeOut(`nothing moved for ${idleMs / 1_000} s`)
    }
  }

  /** The last one takes its place. */
  left(call: Call): void {
    this.#count(call.exchange.origin.kind, call.source, -1)
    const last = this.#calls.pop()
    if (last === undefined || last === call) return
    this.#calls[call.place] = last
    last.place = call.place
  }

  #count(door: Origin['kind'], source: string, change: 1 | -1): void {
    this.#through[door] += change
    if (door !== 'peer') return
    const left = (this.#ofPeer.get(source) ?? 0) + change
    if (left === 0) this.#ofPeer.delete(source)
    else this.#ofPeer.set(source, left)
  }
}

/** The request has not come to its end: what nothing moves in may be held open for that alone. */
function isStrangersBody({ origin, body }: Exchange): boolean {
  return origin.kind === 'public' && body !== null && !body.isWhole
}

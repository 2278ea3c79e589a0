// The door to both paths: a bound on what is in flight, and the list of calls that the clock looks after.
import type { Clock } from '@heddle/shared/clock'
import type { Telemetry } from '../interfaces.ts'
import type { Exchange } from '../listen/exchange.ts'
import { Call } from './call.ts'

/** As linkerd2-proxy's queue; 100 there failed half of a load test. */
const MAX_IN_FLIGHT = 10_000
/** A stream in which nothing moves for this long is ended (Envoy's default). */
const STREAM_IDLE_MS = 300_000

export interface AdmissionParts {
  telemetry: Telemetry
  clock: Clock
  maxInFlight?: number
  streamIdleMs?: number
}

export class Admission {
  readonly #parts: AdmissionParts
  readonly #maxInFlight: number
  readonly #streamIdleMs: number
  readonly #calls = new Set<Call>()

  constructor(parts: AdmissionParts) {
    this.#parts = parts
    this.#maxInFlight = parts.maxInFlight ?? MAX_IN_FLIGHT
    this.#streamIdleMs = parts.streamIdleMs ?? STREAM_IDLE_MS
  }

  get inFlight(): number {
    return this.#calls.size
  }

  /** undefined: refused and recorded. */
  open(exchange: Exchange, side: 'outbound' | 'inbound', source: string): Call | undefined {
    const call = new Call(exchange, side, source, this.#parts)
    if (this.#calls.size >= this.#maxInFlight) {
      call.refuse('overloaded')
      return undefined
    }
    this.#calls.add(call)
    call.onOver(() => this.#calls.delete(call))
    return call
  }

  /** To be called about once a second. */
  sweep(): void {
    const oldest = this.#parts.clock.monotonic() - this.#streamIdleMs
    for (const call of this.#calls)
      if (call.lastMovedMs < oldest) call.timeOut(`nothing moved for ${this.#streamIdleMs / 1_000} s`)
  }
}

// One opaque TCP connection on its way through this proxy: what is known of it, what it carries, and the one record that
// telemetry gets when it is over. What it carried so far is told meanwhile: it may last for days.
import type { Clock } from '@heddle/shared/clock'
import { MESH_ERRORS, type MeshErrorCode } from '@heddle/shared/errors'
import type { RetrySkipped } from '@heddle/shared/wire/metrics'
import type { FinishedRequest, Telemetry } from '../interfaces.ts'
import { OPAQUE_PATTERN } from '../telemetry/callPatterns.ts'
import { beginRecord, outcomeOf } from './record.ts'

export interface OpaqueCallParts {
  telemetry: Telemetry
  clock: Clock
}

export interface OpaqueCallFacts {
  side: 'outbound' | 'inbound'
  source: string
  destination: string
  version: string
  /** The name that was called. */
  name: string
}

export class OpaqueCall {
  readonly #parts: OpaqueCallParts
  readonly #record: FinishedRequest
  readonly #told = { bytesIn: 0, bytesOut: 0 }
  readonly #startedMs: number
  #isAccepted = false
  #isOver = false

  constructor({ name, ...labels }: OpaqueCallFacts, parts: OpaqueCallParts) {
    this.#parts = parts
    this.#startedMs = parts.clock.monotonic()
    const unknown = { requestId: '-', traceId: '-' }
    this.#record = beginRecord({ ...labels, ...OPAQUE_PATTERN, authority: name, ...unknown })
    this.#record.toldBefore = this.#told
  }

  get retriesMade(): number {
    return this.#record.retriesMade
  }

  describe(fields: Partial<Pick<FinishedRequest, 'destination' | 'version' | 'upstream'>>): void {
    Object.assign(this.#record, fields)
  }

  retried(): void {
    this.#record.retriesMade++
  }

  skippedRetry(reason: RetrySkipped | null): void {
    this.#record.retrySkipped = reason
  }

  /** The application has it: from here on its bytes are passed on. */
  accepted(): void {
    this.#isAccepted = true
    this.#record.outcome = 'ok'
    this.#record.recovered = this.#record.retriesMade > 0
    this.#record.latencyMs = this.#parts.clock.monotonic() - this.#startedMs
    this.#parts.telemetry.connectionsOpen(this.#record, 1)
  }

  moved(bytesIn: number, bytesOut: number): void {
    this.#record.bytesIn += bytesIn
    this.#record.bytesOut += bytesOut
  }

  /** Tells what it carried since the last time. */
  tell(): void {
    const bytesIn = this.#record.bytesIn - this.#told.bytesIn
    const bytesOut = this.#record.bytesOut - this.#told.bytesOut
    if (bytesIn === 0 && bytesOut === 0) return
    this.#told.bytesIn += bytesIn
    this.#told.bytesOut += bytesOut
    this.#parts.telemetry.moved(this.#record, bytesIn, bytesOut)
  }

  /** It was never taken: why, for the log; who called hears a reset, or the code where a proxy did. */
  refused(code: MeshErrorCode, detail: string): void {
    this.#failed(code)
    const { side, source, destination, authority } = this.#record
    const { advice } = MESH_ERRORS[code]
    this.#parts.telemetry.event('tcp_refused', { side, source, destination, name: authority, code, detail, advice })
    this.ended()
  }

  /** It was taken, and broke off by another's doing than the caller's. */
  broke(code: MeshErrorCode): void {
    this.#failed(code)
    this.ended()
  }

  /** Over; cancelled where the caller went away before it was taken. */
  ended(): void {
    if (this.#isOver) return
    this.#isOver = true
    const { telemetry, clock } = this.#parts
    if (this.#isAccepted) telemetry.connectionsOpen(this.#record, -1)
    else this.#record.latencyMs = clock.monotonic() - this.#startedMs
    telemetry.finished(this.#record)
  }

  #failed(code: MeshErrorCode): void {
    this.#record.outcome = outcomeOf(code)
    this.#record.meshError = code
    this.#record.recovered = false
  }
}

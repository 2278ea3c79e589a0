// What is counted of requests that have ended: fixed slots, so that counting one is a few additions on numbers and
// merging is adding slot by slot.
import { MESH_ERROR_CODES, type MeshErrorCode } from '@heddle/shared/errors'
import { Histogram } from '@heddle/shared/histogram'
import { type Outcomes, RETRY_SKIPPED, type RetrySkipped } from '@heddle/shared/wire/metrics'
import type { FinishedRequest, OutcomeClass } from '../interfaces.ts'
import type { Counts } from './counted.ts'

const COUNTED = [
  'requests',
  'ok',
  'clientError',
  'serverError',
  'denied',
  'limited',
  'cancelled',
  'recovered',
  'retriesMade',
  'bytesIn',
  'bytesOut',
] as const
type Counted = (typeof COUNTED)[number]

const SLOT = Object.fromEntries(COUNTED.map((name, at) => [name, at])) as Record<Counted, number>
const FIRST_MESH_ERROR = COUNTED.length
const FIRST_SKIPPED = FIRST_MESH_ERROR + MESH_ERROR_CODES.length
const SLOTS = FIRST_SKIPPED + RETRY_SKIPPED.length

const meshErrorSlot = new Map<MeshErrorCode, number>(MESH_ERROR_CODES.map((code, at) => [code, FIRST_MESH_ERROR + at]))
const skippedSlot = new Map<RetrySkipped, number>(RETRY_SKIPPED.map((reason, at) => [reason, FIRST_SKIPPED + at]))
const outcomeSlot = new Map<OutcomeClass, number>([
  ['ok', SLOT.ok],
  ['clientError', SLOT.clientError],
  ['serverError', SLOT.serverError],
  ['denied', SLOT.denied],
  ['limited', SLOT.limited],
  ['cancelled', SLOT.cancelled],
])

export class Tally {
  readonly #counts = new Float64Array(SLOTS)
  readonly #latency = new Histogram()
  #latencySumMs = 0

  record(request: FinishedRequest): void {
    const { outcome, meshError, retrySkipped, latencyMs } = request
    this.#add(SLOT.requests, 1)
    const slot = outcome === 'meshError' ? meshErrorSlot.get(meshError ?? 'protocol_error') : outcomeSlot.get(outcome)
    if (slot !== undefined) this.#add(slot, 1)
    if (request.recovered) this.#add(SLOT.recovered, 1)
    if (request.retriesMade > 0) this.#add(SLOT.retriesMade, request.retriesMade)
    if (retrySkipped !== null) this.#add(skippedSlot.get(retrySkipped) ?? FIRST_SKIPPED, 1)
    const told = request.toldBefore
    this.moved(request.bytesIn - (told?.bytesIn ?? 0), request.bytesOut - (told?.bytesOut ?? 0))
    if (outcome === 'cancelled') return
    this.#latency.record(latencyMs)
    this.#latencySumMs += latencyMs
  }

  /** Bytes of what has not ended yet, or of what has. */
  moved(bytesIn: number, bytesOut: number): void {
    this.#add(SLOT.bytesIn, bytesIn)
    this.#add(SLOT.bytesOut, bytesOut)
  }

  get isEmpty(): boolean {
    return this.requests === 0 && this.of('bytesIn') === 0 && this.of('bytesOut') === 0
  }

  get requests(): number {
    return this.#counts[SLOT.requests] ?? 0
  }

  get latencySumMs(): number {
    return this.#latencySumMs
  }

  of(name: Counted): number {
    return this.#counts[SLOT[name]] ?? 0
  }

  /** Mesh errors by code, those that occurred. */
  meshErrors(): [MeshErrorCode, number][] {
    return MESH_ERROR_CODES.flatMap((code, at) => {
      const n = this.#counts[FIRST_MESH_ERROR + at] ?? 0
      return n > 0 ? [[code, n]] : []
    })
  }

  /** Retries not made by reason, those that occurred. */
  retriesSkipped(): [RetrySkipped, number][] {
    return RETRY_SKIPPED.flatMap((reason, at) => {
      const n = this.#counts[FIRST_SKIPPED + at] ?? 0
      return n > 0 ? [[reason, n]] : []
    })
  }

  latency(): ReturnType<Histogram['toSparse']> {
    return this.#latency.toSparse()
  }

  add(other: Tally): this {
    for (let at = 0; at < SLOTS; at++) this.#add(at, other.#counts[at] ?? 0)
    this.#latency.add(other.#latency.toSparse())
    this.#latencySumMs += other.#latencySumMs
    return this
  }

  /** As another process of this proxy takes it. */
  toCounts(): Counts {
    return { slots: [...this.#counts], latency: this.#latency.toSparse(), latencySumMs: this.#latencySumMs }
  }

  addCounts({ slots, latency, latencySumMs }: Counts): void {
    for (let at = 0; at < SLOTS; at++) this.#add(at, slots[at] ?? 0)
    this.#latency.add(latency)
    this.#latencySumMs += latencySumMs
  }

  reset(): void {
    this.#counts.fill(0)
    this.#latency.reset()
    this.#latencySumMs = 0
  }

  /** As it goes over the wire. */
  toOutcomes(): Outcomes {
    return {
      requests: this.of('requests'),
      ok: this.of('ok'),
      clientError: this.of('clientError'),
      serverError: this.of('serverError'),
      meshErrors: Object.fromEntries(this.meshErrors()),
      denied: this.of('denied'),
      limited: this.of('limited'),
      cancelled: this.of('cancelled'),
      recovered: this.of('recovered'),
      retriesMade: this.of('retriesMade'),
      retriesSkipped: Object.fromEntries(this.retriesSkipped()),
      bytesIn: this.of('bytesIn'),
      bytesOut: this.of('bytesOut'),
      latency: this.latency(),
    }
  }

  #add(slot: number, n: number): void {
    this.#counts[slot] = (this.#counts[slot] ?? 0) + n
  }
}

// Metric reports on their way: each is made once, never changed, and sent again until the control plane says that it
// was committed. (boot id, sequence) make a report count once however often it arrives.
import type { MetricsPayload } from '@heddle/shared/wire/metrics'

/** Reports refused or unanswered for longer are dropped, the oldest first, and counted. */
export const KEPT_MS = 15 * 60_000
/** 15 minutes of reports of a busy proxy; beyond it memory matters more than history. */
const KEPT_BYTES = 16 * 1024 * 1024
/** Reports on the wire without an answer. They arrive in order, so that a resend cannot overtake. */
const IN_FLIGHT = 16
/** With one of them without an answer for this long, everything unanswered is sent again. */
const ANSWER_TIMEOUT_MS = 15_000

interface Report {
  sequence: number
  /** The payload's JSON, made once. */
  text: string
  /** End of the interval that it covers, monotonic milliseconds. */
  endedAt: number
  /** When it was sent last, monotonic milliseconds. */
  sentAt: number
}

export type ReportContents = Omit<MetricsPayload, 'bootId' | 'sequence' | 'droppedReports'>

export class Reports {
  readonly #bootId: string
  readonly #waiting: Report[] = []
  #bytes = 0
  #nextSequence = 1
  /** How many of `#waiting`, from the first, are on the wire. */
  #inFlight = 0
  #droppedSinceLast = 0
  #dropped = 0
  #settled: { promise: Promise<void>; resolve: () => void } | undefined

  /** `bootId`: random, new with each start of the process. */
  constructor(bootId: string) {
    this.#bootId = bootId
  }

  get waiting(): number {
    return this.#waiting.length
  }

  /** Reports lost since the start. */
  get dropped(): number {
    return this.#dropped
  }

  add(contents: ReportContents, now: number): void {
    this.#dropOld(now)
    const payload: MetricsPayload = {
      bootId: this.#bootId,
      sequence: this.#nextSequence++,
      ...contents,
      droppedReports: this.#droppedSinceLast,
    }
    this.#droppedSinceLast = 0
    const text = JSON.stringify(payload)
    this.#waiting.push({ sequence: payload.sequence, text, endedAt: now, sentAt: now })
    this.#bytes += text.length
  }

  /** Messages to send now, complete; `age` is computed for this send. */
  take(now: number): string[] {
    this.#dropOld(now)
    // They go out in order, so that the first has waited longest.
    const waitedSince = this.#inFlight > 0 ? (this.#waiting[0]?.sentAt ?? now) : now
    if (now - waitedSince > ANSWER_TIMEOUT_MS) this.#inFlight = 0
    const reports = this.#waiting.slice(this.#inFlight, IN_FLIGHT)
    this.#inFlight += reports.length
    return reports.map((report) => {
      report.sentAt = now
      return `{"type":"metrics","ageMs":${Math.max(0, now - report.endedAt)},"payload":${report.text}}`
    })
  }

  /** The link was lost: what is unanswered goes out again, as the same reports. */
  lost(): void {
    this.#inFlight = 0
  }

  /** The control plane has committed a report. One that is not waited for any more is ignored. */
  acknowledged(bootId: string, sequence: number): void {
    if (bootId !== this.#bootId) return
    const at = this.#waiting.findIndex((report) => report.sequence === sequence)
    if (at >= 0) this.#remove(at)
  }

  /** Resolves when nothing waits any more. */
  settled(): Promise<void> {
    if (this.#waiting.length === 0) return Promise.resolve()
    this.#settled ??= Promise.withResolvers<void>()
    return this.#settled.promise
  }

  #dropOld(now: number): void {
    for (let oldest = this.#waiting[0]; oldest !== undefined; oldest = this.#waiting[0]) {
      if (now - oldest.endedAt <= KEPT_MS && this.#bytes <= KEPT_BYTES) break
      this.#remove(0)
      this.#dropped++
      this.#droppedSinceLast++
    }
  }

  #remove(at: number): void {
    const [removed] = this.#waiting.splice(at, 1)
    this.#bytes -= removed?.text.length ?? 0
    if (at < this.#inFlight) this.#inFlight--
    if (this.#waiting.length > 0) return
    this.#settled?.resolve()
    this.#settled = undefined
  }
}

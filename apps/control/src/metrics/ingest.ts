// The way of a delta: attributed, bounded, queued, committed together with others in one transaction, acknowledged, and
// only then shown live. Nothing is acknowledged that is not committed, so a proxy's resend repairs every failure here;
// the database's cursor makes a resend count once.
import {
  type CommittedDelta,
  commitDeltas,
  type Database,
  isAboutTheData,
  isConnectionFailure,
  type MetricsDelta,
  UncertainDeltasError,
} from '@heddle/db'
import type { Clock } from '@heddle/shared/clock'
import type { MetricsPayload } from '@heddle/shared/wire/metrics'
import { errorText, type Log } from '../log.ts'
import { attribute, type MeshNames } from './attribute.ts'
import type { LiveWindow } from './liveWindow.ts'
import type { SeriesCap } from './seriesCap.ts'

/** Deltas that arrive within this time are committed together. */
const GATHER_MS = 250
const RETRY_MS = 1_000
const MAX_DELTAS_PER_COMMIT = 500
/** Rows waiting for the database; beyond it proxies keep their reports, as they do while no control plane is there. */
const MAX_QUEUED_ROWS = 200_000
/** A report older than proxies keep them was delayed on its way: its age is taken for what a proxy can mean. */
const MAX_AGE_MS = 60 * 60_000

interface Queued {
  delta: MetricsDelta
  rows: number
  acknowledge: () => void
  /** A commit of it whose answer was lost: if it is found to be repeated, that commit was the one. */
  isUncertain: boolean
}

/** A proxy's report that was not taken. Its later ones must wait for it, since the cursor only goes up. */
interface Deferred {
  bootId: string
  sequence: number
  /** Highest sequence refused since. */
  newest: number
}

export interface IngestCounters {
  committed: number
  repeated: number
  forgedRows: number
  /** Not taken because the queue was full or an earlier one of the same proxy was not taken. */
  deferred: number
  /** Refused by the database for what they are; lost. */
  rejected: number
}

export interface IngestOptions {
  db: Database
  controlId: string
  clock: Clock
  log: Log
  live: LiveWindow
  series: SeriesCap
  mesh: MeshNames
  /** The database could not be reached. */
  onFailed: () => void
}

export class MetricsIngest {
  readonly counters: IngestCounters = { committed: 0, repeated: 0, forgedRows: 0, deferred: 0, rejected: 0 }
  readonly #options: IngestOptions
  #queue: Queued[] = []
  #queuedRows = 0
  readonly #deferred = new Map<string, Deferred>()
  #timer: NodeJS.Timeout | undefined
  #committing: Promise<void> | null = null
  #isClosed = false

  readonly #maxQueuedRows: number

  constructor(options: IngestOptions, maxQueuedRows = MAX_QUEUED_ROWS) {
    this.#options = options
    this.#maxQueuedRows = maxQueuedRows
  }

  get queuedRows(): number {
    return this.#queuedRows
  }

  /** `from`: the sender's certificate. `acknowledge` is called once the delta is committed (or had been before). */
  submit(
    from: { instance: string; service: string },
    ageMs: number,
    payload: MetricsPayload,
    acknowledge: () => void,
  ): void {
    const { clock, series, mesh } = this.#options
    const waiting = this.#queue.find(
      ({ delta }) =>
        delta.instance === from.instance &&
        delta.payload.bootId === payload.bootId &&
        delta.payload.sequence === payload.sequence,
    )
    if (waiting !== undefined) {
      waiting.acknowledge = acknowledge
      return
    }
    const rows = payload.routes.length + payload.edges.length + payload.rules.length + payload.patterns.length
    if (!this.#mayTake(from.instance, payload, rows)) {
      this.counters.deferred++
      return
    }
    const attributed = attribute(payload, from.service, mesh)
    this.counters.forgedRows += attributed.forged
    this.#queue.push({
      delta: {
        instance: from.instance,
        service: from.service,
        receivedAt: clock.now(),
        ageMs: Math.min(ageMs, MAX_AGE_MS),
        payload: series.fold(attributed.payload, clock.monotonic()),
      },
      rows,
      acknowledge,
      isUncertain: false,
    })
    this.#queuedRows += rows
    this.#schedule(GATHER_MS)
  }

  /** A proxy came back: it begins with the oldest report that it still has. */
  reconnected(instance: string): void {
    this.#deferred.delete(instance)
  }

  /** Commits what is queued; for an orderly end. */
  async close(): Promise<void> {
    this.#isClosed = true
    clearTimeout(this.#timer)
    await this.#committing
    if (this.#queue.length > 0) await this.#commit()
  }

  #mayTake(instance: string, { bootId, sequence }: MetricsPayload, rows: number): boolean {
    const deferred = this.#deferred.get(instance)
    if (deferred?.bootId === bootId && sequence > deferred.sequence && sequence > deferred.newest) {
      deferred.newest = sequence
      return false
    }
    // Proxies send in order, and what is unanswered again from the oldest on: one that begins anew behind the deferred
    // report has dropped it.
    if (this.#queuedRows > 0 && this.#queuedRows + rows > this.#maxQueuedRows) {
      this.#deferred.set(instance, { bootId, sequence, newest: sequence })
      return false
    }
    this.#deferred.delete(instance)
    return true
  }

  #schedule(delayMs: number): void {
    if (this.#isClosed || this.#committing !== null || this.#timer !== undefined) return
    this.#timer = setTimeout(() => {
      this.#timer = undefined
      this.#committing = this.#commit().then((nextMs) => {
        this.#committing = null
        if (this.#queue.length > 0) this.#schedule(nextMs)
      })
    }, delayMs)
  }

  /** Answers after how many milliseconds the next batch is due. */
  async #commit(): Promise<number> {
    try {
      await this.#commitBatch(this.#queue.slice(0, MAX_DELTAS_PER_COMMIT))
      return GATHER_MS
    } catch (error) {
      this.#options.log('warn', 'metrics could not be written; they are tried again', { reason: errorText(error) })
      if (isConnectionFailure(error)) this.#options.onFailed()
      return RETRY_MS
    }
  }

  async #commitBatch(batch: readonly Queued[]): Promise<void> {
    const { db, controlId } = this.#options
    try {
      this.#committed(
        batch,
        await commitDeltas(
          db,
          controlId,
          batch.map(({ delta }) => delta),
        ),
      )
    } catch (error) {
      if (error instanceof UncertainDeltasError) noteUncertain(batch, error.deltas)
      if (!isAboutTheData(error)) throw error
      if (batch.length === 1) return this.#reject(batch, error)
      // Halves, in their order: a bad report among 500 is found by nine more attempts, not by 500.
      const middle = Math.ceil(batch.length / 2)
      await this.#commitBatch(batch.slice(0, middle))
      await this.#commitBatch(batch.slice(middle))
    }
  }

  #committed(batch: readonly Queued[], committed: readonly CommittedDelta[]): void {
    const { live, clock } = this.#options
    this.#forget(batch)
    const uncertain = new Set(batch.filter(({ isUncertain }) => isUncertain).map(({ delta }) => delta))
    for (const { delta, isNew, at } of committed) {
      const counts = isNew || uncertain.has(delta)
      this.counters[counts ? 'committed' : 'repeated']++
      if (counts) live.add(at, delta.payload, clock.now())
    }
    for (const { acknowledge } of batch) acknowledge()
  }

  #reject(batch: readonly Queued[], error: unknown): void {
    this.#forget(batch)
    this.counters.rejected += batch.length
    for (const { delta, acknowledge } of batch) {
      this.#options.log('error', 'a report of metrics cannot be stored and is lost', {
        instance: delta.instance,
        sequence: delta.payload.sequence,
        reason: errorText(error),
      })
      acknowledge()
    }
  }

  #forget(batch: readonly Queued[]): void {
    const done = new Set(batch)
    this.#queue = this.#queue.filter((queued) => !done.has(queued))
    for (const { rows } of batch) this.#queuedRows -= rows
  }
}

function noteUncertain(batch: readonly Queued[], deltas: readonly MetricsDelta[]): void {
  const wereNew = new Set(deltas)
  for (const queued of batch) if (wereNew.has(queued.delta)) queued.isUncertain = true
}

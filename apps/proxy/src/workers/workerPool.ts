// The workers of a proxy, as its primary keeps them: they are told everything that the data path follows, what they count
// is added up here, and one that ends by itself or hangs is started again. To the rest of the primary they are one data path.
import { setTimeout as sleep } from 'node:timers/promises'
import { EXIT, StartError } from '../lifecycle/startError.ts'
import { within } from '../lifecycle/starting.ts'
import type { DataPath, DataPathSettings } from '../path/dataPath.ts'
import { NO_GAUGES } from '../telemetry/counted.ts'
import { ownUsage, type Usage } from '../telemetry/usage.ts'
import type { DataPlane, DataPlaneParts, WorkerFacts } from './dataPlane.ts'
import type { forkWorker } from './fork.ts'
import type { Start, Started, ToWorker } from './messages.ts'
import { afterEnd } from './restartPolicy.ts'
import { LOOK_MS } from './silence.ts'
import { latestEjections, sumOfUsage } from './together.ts'
import { type WorkerEvents, WorkerHandle } from './workerHandle.ts'

/** A worker that is busy for longer is shown in /metrics as it was a second before. */
const COUNT_MS = 1_000
/** What a drain may take beyond what it was given; then the worker does not answer, and nothing is waited for. */
const SLACK_MS = 5_000
/** From the order to end to the end by force. */
const CLOSE_MS = 10_000
const EXIT_MS = 2_000
/** As `resolve` of a request path has it: the worker waits by itself. */
const RESOLVE_MS = 1_000

interface Slot {
  /** From 1. */
  readonly number: number
  handle: WorkerHandle
  startedAt: number
  endsInARow: number
}

export class WorkerPool implements DataPlane {
  readonly #parts: DataPlaneParts
  readonly #fork: typeof forkWorker
  readonly #events: WorkerEvents
  readonly #slots: Slot[]
  readonly #ending = new AbortController()
  readonly #failed = Promise.withResolvers<StartError>()
  readonly #subscriptions: Disposable[]
  /** What workers serve, or are about to. */
  #settings: DataPathSettings | undefined
  #drainMs: number | undefined
  readonly #watching: NodeJS.Timeout
  #ends = 0
  #hangs = 0
  #endedCpuSeconds = 0

  constructor(parts: DataPlaneParts, fork: typeof forkWorker) {
    const { store, identity, recorder, log } = parts
    this.#parts = parts
    this.#fork = fork
    this.#events = {
      counted: (counted, before) => recorder.merge(counted, before),
      subscribe: (names) => {
        // Asked once however many workers do, and again by each hello until it is answered.
        for (const name of names) void store.resolve(name.replace(/^destination\//, ''), RESOLVE_MS)
      },
      behind: (worker) => {
        const held = store.stored()
        if (held !== null) void worker.tell({ type: 'config', message: { type: 'snapshot', ...held } })
      },
      lines: (text) => log.lines(text),
      linesDropped: (n) => log.missed(n),
      notUnderstood: (reason) => log.error('a message of a worker was not understood', { reason }),
    }
    this.#subscriptions = [
      store.onApplied((message) => this.#tell({ type: 'config', message })),
      identity.onChange((material) => void this.#tell({ type: 'identity', material: plain(material) })),
      identity.onRevoked(() => void this.#tell({ type: 'revoked', revoked: identity.revoked() })),
    ]
    this.#slots = Array.from({ length: parts.workers }, (_, at) => this.#newSlot(at + 1))
    for (const slot of this.#slots) void this.#keep(slot)
    this.#watching = setInterval(() => this.#watch(), LOOK_MS)
  }

  get failed(): Promise<StartError> {
    return this.#failed.promise
  }

  get workers(): WorkerFacts {
    return {
      running: () => this.#slots.filter(({ handle }) => handle.isStarted).length,
      ended: () => this.#ends,
      hung: () => this.#hangs,
      usage: () => this.#usage(),
    }
  }

  async count(): Promise<void> {
    await within(COUNT_MS, this.#tell({ type: 'count' }))
  }

  create(settings: DataPathSettings): DataPath {
    const { inFlightNow } = this.#parts.recorder
    const serving = () => this.#slots.map(({ handle }) => handle).filter(({ isStarted }) => isStarted)
    return {
      listen: () => this.#listen(settings),
      drain: (deadlineMs) => this.#drain(deadlineMs),
      close: () => this.#close(),
      get inFlight() {
        return inFlightNow.outbound + inFlightNow.inbound
      },
      ejections: () => latestEjections(serving().map(({ ejections }) => ejections)),
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#ending.abort()
    clearInterval(this.#watching)
    for (const subscription of this.#subscriptions) subscription[Symbol.dispose]()
    for (const { handle } of this.#slots) handle.disconnect()
    const ended = Promise.all(this.#slots.map(({ handle }) => handle.ended))
    if (await within(EXIT_MS, ended)) return
    for (const { handle } of this.#slots) handle.kill()
    await ended
  }

  // To the workers.

  /** The first alone: a port that was taken meanwhile is its own to tell, and then the others need not begin. */
  async #listen(settings: DataPathSettings): ReturnType<DataPath['listen']> {
    this.#settings = settings
    const [first, ...others] = this.#slots
    if (first === undefined) throw new Error('a pool has workers')
    try {
      const bound = boundOf(await this.#start(first, settings))
      for (const started of await Promise.all(others.map((slot) => this.#start(slot, settings)))) boundOf(started)
      return bound
    } catch (error) {
      await this.#close()
      throw error
    }
  }

  async #drain(deadlineMs: number): Promise<void> {
    this.#drainMs = deadlineMs
    const drained = this.#tell({ type: 'drain', deadlineMs })
    if (!(await within(2 * deadlineMs + SLACK_MS, drained))) this.#parts.log.error('a worker did not drain in time')
  }

  async #close(): Promise<void> {
    this.#settings = undefined
    const closed = this.#tell({ type: 'close' })
    if (!(await within(CLOSE_MS, closed))) this.#parts.log.error('a worker did not close in time')
  }

  async #start(slot: Slot, settings: DataPathSettings): Promise<Started | undefined> {
    const { identity, store, workers } = this.#parts
    const message: Start = {
      type: 'start',
      worker: slot.number,
      settings: {
        ...settings,
        upstreams: [...(settings.upstreams ?? [])],
        controls: [...(settings.controls ?? [])],
        share: 1 / workers,
      },
      config: store.stored(),
      material: plain(identity.current()),
      revoked: identity.revoked(),
    }
    const started = await slot.handle.start(message)
    if (started?.type === 'listening')
      this.#parts.log.info('a worker serves', { worker: slot.number, pid: slot.handle.pid })
    return started
  }

  // Their lives.

  #newSlot(number: number): Slot {
    const { clock } = this.#parts
    return { number, handle: this.#newHandle(), startedAt: clock.monotonic(), endsInARow: 0 }
  }

  #newHandle(): WorkerHandle {
    return new WorkerHandle(this.#fork, this.#events)
  }

  #watch(): void {
    for (const { number, handle } of this.#slots) {
      if (!handle.hangs()) continue
      this.#hangs++
      this.#parts.log.error('a worker hangs and is killed', { worker: number, pid: handle.pid })
      handle.kill()
    }
  }

  async #keep(slot: Slot): Promise<void> {
    const { clock, random, log, recorder } = this.#parts
    for (;;) {
      const how = await slot.handle.ended
      recorder.replaceGauges(slot.handle.gauges, NO_GAUGES)
      this.#endedCpuSeconds += slot.handle.usage?.cpuSeconds ?? 0
      if (this.#ending.signal.aborted) return
      this.#ends++
      const { inARow, delayMs } = afterEnd(slot.endsInARow, clock.monotonic() - slot.startedAt, random())
      slot.endsInARow = inARow
      log.error('a worker ended; what was on its connections is lost', {
        worker: slot.number,
        pid: slot.handle.pid,
        how,
        restartsInMs: delayMs === null ? null : Math.round(delayMs),
      })
      if (delayMs === null) {
        this.#failed.resolve(
          new StartError(
            EXIT.failure,
            `worker ${slot.number} ended ${inARow} times in a row (${how}); the log says why`,
          ),
        )
        return
      }
      await sleep(delayMs, undefined, { signal: this.#ending.signal }).catch(() => {})
      if (this.#ending.signal.aborted) return
      await this.#revive(slot)
    }
  }

  async #revive(slot: Slot): Promise<void> {
    slot.startedAt = this.#parts.clock.monotonic()
    slot.handle = this.#newHandle()
    if (this.#settings === undefined) return
    const started = await this.#start(slot, this.#settings)
    if (started?.type === 'failed') {
      this.#parts.log.error('a worker cannot serve', { worker: slot.number, reason: started.message })
      slot.handle.kill()
    } else if (started !== undefined && this.#drainMs !== undefined)
      await slot.handle.tell({ type: 'drain', deadlineMs: this.#drainMs })
  }

  #usage(): Usage {
    const own = ownUsage()
    const usages = this.#slots.flatMap(({ handle }) => (handle.isStarted ? (handle.usage ?? []) : []))
    return sumOfUsage({ ...own, cpuSeconds: own.cpuSeconds + this.#endedCpuSeconds }, usages)
  }

  /** Resolves when all that serve have done that. */
  async #tell(question: Exclude<ToWorker, Start>): Promise<void> {
    await Promise.all(this.#slots.map(({ handle }) => handle.tell(question)))
  }
}

/** @throws Error as the system's would be, where it did not start. */
function boundOf(started: Started | undefined): Awaited<ReturnType<DataPath['listen']>> {
  if (started === undefined) throw new Error('a worker ended before it was ready; the log says why')
  if (started.type === 'listening') return started.bound
  throw Object.assign(new Error(started.message), { code: started.code ?? undefined, port: started.port ?? undefined })
}

function plain<T extends { roots: readonly string[] }>(material: T): T & { roots: string[] } {
  return { ...material, roots: [...material.roots] }
}

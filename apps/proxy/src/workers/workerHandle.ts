// One worker as the primary sees it, from the start of its process to its end: what it was asked and has not answered, and
// what it said last.
import type { Ejection } from '../control/ejectionReport.ts'
import { type Counted, type Gauges, NO_GAUGES } from '../telemetry/counted.ts'
import type { Usage } from '../telemetry/usage.ts'
import type { WorkerProcess } from './fork.ts'
import { fromWorkerSchema, type Start, type Started, type ToWorker } from './messages.ts'
import { Silence } from './silence.ts'

/** What it says without being asked. */
export interface WorkerEvents {
  /** `before`: its gauges until now. */
  counted(counted: Counted, before: Gauges): void
  subscribe(names: readonly string[]): void
  /** It needs all of the config. */
  behind(worker: WorkerHandle): void
  lines(text: string): void
  linesDropped(n: number): void
  notUnderstood(reason: string): void
}

type Question = Exclude<ToWorker, Start>

export class WorkerHandle {
  readonly #process: WorkerProcess
  readonly #events: WorkerEvents
  #starting = Promise.withResolvers<Started | undefined>()
  /** What was asked of each kind and not answered, in order. */
  readonly #asked = new Map<Question['type'], (() => void)[]>()
  #gauges = NO_GAUGES
  #usage: Usage | undefined
  #ejections: readonly Ejection[] = []
  readonly #silence = new Silence()
  #isStarted = false
  #isStarting = false
  #hasEnded = false

  constructor(fork: (onMessage: (value: unknown) => void) => WorkerProcess, events: WorkerEvents) {
    this.#events = events
    this.#process = fork((value) => this.#received(value))
    void this.#process.ended.then(() => {
      this.#hasEnded = true
      this.#starting.resolve(undefined)
      for (const answers of this.#asked.values()) for (const answered of answers) answered()
    })
  }

  get pid(): number {
    return this.#process.pid
  }

  /** How, in words. */
  get ended(): Promise<string> {
    return this.#process.ended
  }

  /** It serves. */
  get isStarted(): boolean {
    return this.#isStarted && !this.#hasEnded
  }

  get gauges(): Gauges {
    return this.#gauges
  }

  /** As it told last; undefined where it has not. */
  get usage(): Usage | undefined {
    return this.#usage
  }

  get ejections(): readonly Ejection[] {
    return this.#ejections
  }

  /** Once more where it failed before. undefined: it ended. */
  async start(message: Start): Promise<Started | undefined> {
    this.#starting = Promise.withResolvers()
    if (this.#hasEnded) return undefined
    // From here on it must hear of what changes.
    this.#isStarted = true
    this.#isStarting = true
    this.#process.send(message)
    const started = await this.#starting.promise
    this.#isStarting = false
    this.#isStarted = started?.type === 'listening'
    return started
  }

  /** Resolves when it has done that, or has ended, or is not started: then it learns it when it starts. */
  async tell(question: Question): Promise<void> {
    if (!this.isStarted) return
    await new Promise<void>((resolve) => {
      const answers = this.#asked.get(question.type) ?? []
      answers.push(resolve)
      this.#asked.set(question.type, answers)
      this.#process.send(question)
    })
    if (question.type === 'close') this.#isStarted = false
  }

  /** To be asked each second: it has said nothing for too long. One that is not started has nothing to say. */
  hangs(): boolean {
    return this.isStarted && this.#silence.look(this.#isStarting)
  }

  kill(): void {
    this.#silence.broken()
    this.#process.kill()
  }

  disconnect(): void {
    this.#process.disconnect()
  }

  #received(value: unknown): void {
    this.#silence.broken()
    const parsed = fromWorkerSchema.safeParse(value)
    if (!parsed.success) {
      const issue = parsed.error.issues[0]
      this.#events.notUnderstood(`${issue?.path.join('.') ?? ''}: ${issue?.message ?? 'not valid'}`)
      return
    }
    const message = parsed.data
    switch (message.type) {
      case 'listening':
      case 'failed':
        this.#starting.resolve(message)
        return
      case 'counted':
        this.#events.counted(message.counted, this.#gauges)
        this.#gauges = message.counted.gauges
        this.#usage = message.usage
        if (message.linesDropped > 0) this.#events.linesDropped(message.linesDropped)
        return
      case 'done':
        this.#asked.get(message.what)?.shift()?.()
        return
      case 'subscribe':
        this.#events.subscribe(message.names)
        return
      case 'behind':
        this.#events.behind(this)
        return
      case 'ejections':
        this.#ejections = message.endpoints
        return
      case 'log':
        this.#events.lines(message.lines)
        return
    }
  }
}

// Tells a database that is slow from one that does not answer at all (frozen, cut off without a word), so that reads
// end in seconds and can be answered from memory. What refuses at once needs none of this. Writes do not come here:
// of one that was given up nobody could say whether it happened.
import { setTimeout as sleep } from 'node:timers/promises'
import { DatabaseSilent, isDatabaseAway } from './databaseErrors.ts'

/** A read may take longer, as long as the database answers something else meanwhile. */
const PATIENCE_MS = 2_000
const ASK_AGAIN_MS = 1_000

export interface DatabasePulseOptions {
  /** A round trip on a connection of its own, which no slow query can hold up. */
  ping: () => Promise<void>
  /** How long a read and a ping may be without an answer, in milliseconds; for tests. */
  patienceMs?: number | undefined
}

export class DatabasePulse implements AsyncDisposable {
  readonly #ping: () => Promise<void>
  readonly #patienceMs: number
  readonly #end = new AbortController()
  #asking: Promise<boolean> | null = null
  /** While it was found silent: the questions whether it is back. */
  #watching: Promise<void> | null = null

  constructor({ ping, patienceMs = PATIENCE_MS }: DatabasePulseOptions) {
    this.#ping = ping
    this.#patienceMs = patienceMs
  }

  /** It was found away, by whoever read it last, and is not back yet. */
  get isSilent(): boolean {
    return this.#watching !== null
  }

  /** Whether the database answers now; false after the patience. */
  async beats(): Promise<boolean> {
    if (this.#watching !== null) return false
    this.#asking ??= this.#ping()
      .then(
        () => true,
        () => false,
      )
      .finally(() => {
        this.#asking = null
      })
    const answer = await this.#patiently(this.#asking)
    if (answer === null) this.#watch()
    return answer?.value ?? false
  }

  /** What `work` answers. @throws DatabaseSilent where the database answers nothing; at once while that is known. */
  async read<T>(work: () => Promise<T>): Promise<T> {
    if (this.#watching !== null) throw new DatabaseSilent()
    const result = work()
    // What refuses at once is away, too: whoever reads next need not find out by itself.
    result.catch((error: unknown) => {
      if (isDatabaseAway(error)) this.#watch()
    })
    for (;;) {
      const answer = await this.#patiently(result)
      if (answer !== null) return answer.value
      if (!(await this.beats())) throw new DatabaseSilent()
    }
  }

  /** For what a page can do without: `fallback` while the database is away. */
  async readOr<T>(work: () => Promise<T>, fallback: T): Promise<T> {
    try {
      return await this.read(work)
    } catch (error) {
      if (!isDatabaseAway(error)) throw error
      return fallback
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#end.abort()
    await this.#watching
  }

  /** null: no answer within the patience. */
  async #patiently<T>(work: Promise<T>): Promise<{ value: T } | null> {
    let timer: NodeJS.Timeout | undefined
    const late = new Promise<null>((resolve) => {
      // Where it was this process that was busy, the answer may lie unread: that is read before the immediate runs.
      timer = setTimeout(() => setImmediate(() => resolve(null)), this.#patienceMs)
    })
    try {
      return await Promise.race([work.then((value) => ({ value })), late])
    } finally {
      clearTimeout(timer)
    }
  }

  #watch(): void {
    const { signal } = this.#end
    if (this.#watching !== null || signal.aborted) return
    this.#watching = this.#untilBack(signal).finally(() => {
      this.#watching = null
    })
  }

  async #untilBack(signal: AbortSignal): Promise<void> {
    const ended = new Promise<boolean>((resolve) => signal.addEventListener('abort', () => resolve(true)))
    while (!signal.aborted) {
      const isBack = this.#ping().then(
        () => true,
        () => false,
      )
      if (await Promise.race([isBack, ended])) return
      await sleep(ASK_AGAIN_MS, undefined, { signal, ref: false }).catch(() => {})
    }
  }
}
